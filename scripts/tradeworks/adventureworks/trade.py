"""Customers, salespeople and the documents of the chosen window."""

import datetime
import math
from collections import defaultdict
from dataclasses import dataclass, field

from ..console import ProblemError

MAIN_OFFICE = 3
SMALL_LIMIT = 5000.0
#: The documents end here, so that no mail of a trial can reach a real domain.
MAIL_DOMAIN = "adventure-works.example"
REJECTED = 3


@dataclass
class Window:
    start: datetime.date
    end: datetime.date

    def __contains__(self, day):
        return self.start <= day <= self.end

    def __str__(self):
        return f"{self.start} to {self.end}"


@dataclass
class Store:
    id: int
    name: str
    salesperson: int | None
    account: str = ""
    address: object = None
    other_addresses: list = field(default_factory=list)
    contacts: list = field(default_factory=list)
    limit: float = SMALL_LIMIT


@dataclass
class Contact:
    id: int
    name: str
    role: str
    email: str
    phone: str


@dataclass
class Order:
    id: int
    store: int
    day: datetime.date
    due: datetime.date
    reference: str
    salesperson: int | None
    territory: int | None
    bill_to: int
    ship_to: int
    tax_rate: float
    freight: float
    total: float
    lines: list = field(default_factory=list)


@dataclass
class Purchase:
    id: int
    vendor: int
    day: datetime.date
    lines: list = field(default_factory=list)


@dataclass
class Work:
    id: int
    product: int
    quantity: float
    start: datetime.date
    end: datetime.date
    due: datetime.date


def choose_window(source, first=None, last=None):
    """The window asked for, else the last quarter that the orders cover to its last day."""
    days = [row.day("order_date") for row in source.rows("ResellerSalesOrderHeader")]
    if not days:
        raise ProblemError(
            "ResellerSalesOrderHeader.csv has no orders", "The file has a header line only."
        )
    window = Window(first, last) if first else _last_quarter(min(days), max(days))
    if window.start > window.end:
        raise ProblemError(
            f"The window {window} ends before it starts", todo="Exchange --from and --to."
        )
    if not any(day in window for day in days):
        raise ProblemError(
            f"There are no orders from {window}",
            f"The data has orders from {min(days)} to {max(days)}.",
            "Choose --from and --to inside these dates, or leave both out.",
        )
    return window


def _last_quarter(first, last):
    following = last + datetime.timedelta(days=1)
    month = (following.month - 1) // 3 * 3 + 1
    end = datetime.date(following.year, month, 1) - datetime.timedelta(days=1)
    start = datetime.date(end.year, end.month - 2, 1)
    # Less than a quarter of data: all of it is the window.
    return Window(start, end) if end >= first else Window(first, last)


def read_stores(source, window, skips):
    """The stores by id, with addresses, contacts and the credit limit of the stated rule."""
    stores = {
        row.whole("BusinessEntityID"): Store(
            row.whole("BusinessEntityID"),
            row.text("Name"),
            row.whole("SalesPersonID", required=False),
        )
        for row in source.rows("Store")
    }
    for row in source.rows("Customer"):
        store = stores.get(row.whole("StoreID", required=False))
        if store and row.whole("PersonID", required=False) is None:
            store.account = row.text("AccountNumber")
    private = sum(1 for row in source.rows("Customer") if not row.text("StoreID"))
    skips.add("customers", "private persons: their orders aren't in the data", private)
    _read_addresses(source, stores)
    _read_contacts(source, stores, skips)
    _set_limits(source, stores, window)
    return stores


def addresses(source):
    """Address id → its row."""
    return {row.whole("AddressID"): row for row in source.rows("Address")}


def _read_addresses(source, stores):
    known = addresses(source)
    for row in source.rows("BusinessEntityAddress"):
        store = stores.get(row.whole("BusinessEntityID"))
        address = known.get(row.whole("AddressID"))
        if not store or not address:
            continue
        if row.whole("AddressTypeID") == MAIN_OFFICE and store.address is None:
            store.address = address
        else:
            store.other_addresses.append(address)


def mail(address):
    """The address with the reserved domain instead of the fictitious company's real-looking one."""
    name, at, _domain = address.partition("@")
    return f"{name}@{MAIL_DOMAIN}" if at else ""


def _read_contacts(source, stores, skips):
    names = {
        row.whole("person_id"): " ".join(
            filter(None, map(row.text, ("first_name", "middle_name", "last_name")))
        )
        for row in source.rows("CustomerPersonName")
        if row.text("person_id")
    }
    roles = {row.whole("ContactTypeID"): row.text("Name") for row in source.rows("ContactType")}
    emails = {
        row.whole("BusinessEntityID"): mail(row.text("EmailAddress"))
        for row in source.rows("EmailAddress")
    }
    phones = {
        row.whole("BusinessEntityID"): row.text("PhoneNumber") for row in source.rows("PersonPhone")
    }
    for row in source.rows("BusinessEntityContact"):
        store, person = stores.get(row.whole("BusinessEntityID")), row.whole("PersonID")
        if store is None or person not in names:
            whose = "a store" if store else "a vendor"
            skips.add("contacts", f"no name in the data (contact of {whose})")
            continue
        role = roles.get(row.whole("ContactTypeID"), "")
        store.contacts.append(
            Contact(person, names[person], role, emails.get(person, ""), phones.get(person, ""))
        )


def _store_of_customer(source):
    return {
        row.whole("CustomerID"): row.whole("StoreID", required=False)
        for row in source.rows("Customer")
    }


def _set_limits(source, stores, window):
    """1.5 average orders (tax incl.) of the year before the window, rounded up to 1,000."""
    year_before = window.start - datetime.timedelta(days=365)
    store_of, totals = _store_of_customer(source), defaultdict(list)
    for row in source.rows("ResellerSalesOrderHeader"):
        if year_before <= row.day("order_date") < window.start:
            store = store_of.get(row.whole("customer_id"))
            totals[store].append(row.number("order_total_due"))
    for key, amounts in totals.items():
        if key in stores:
            average = sum(amounts) / len(amounts)
            stores[key].limit = math.ceil(1.5 * average / 1000) * 1000.0


def read_orders(source, window, stores, products, skips):
    """Orders of the window by id; tax rate in percent with one decimal, freight as an amount."""
    orders, store_of = {}, _store_of_customer(source)
    for row in source.rows("ResellerSalesOrderHeader"):
        if row.day("order_date") not in window:
            continue
        store = store_of.get(row.whole("customer_id"))
        if store not in stores:
            skips.add("sales orders", "the customer isn't a store of Store.csv")
            continue
        net = row.number("order_sub_total")
        orders[row.whole("sales_order_id")] = Order(
            id=row.whole("sales_order_id"),
            store=store,
            day=row.day("order_date"),
            due=row.day("due_date"),
            reference=row.text("purchase_order_number"),
            salesperson=row.whole("sales_person_id", required=False),
            territory=row.whole("territory_id", required=False),
            bill_to=row.whole("bill_to_address_id"),
            ship_to=row.whole("ship_to_address_id"),
            tax_rate=round(row.number("order_tax_amount") / net * 100, 1) if net else 0.0,
            freight=row.number("order_freight_amount"),
            total=row.number("order_total_due"),
        )
    for row in source.rows("ResellerSalesOrderDetail"):
        order = orders.get(row.whole("sales_order_id"))
        if order is None:
            continue
        if row.whole("product_id") not in products:
            skips.add("sales order lines", "the product isn't in Product.csv")
            continue
        order.lines.append(
            (
                row.whole("product_id"),
                row.number("order_qty"),
                row.number("unit_price"),
                row.number("unit_price_discount") * 100,
            )
        )
    return orders


def read_purchases(source, window, vendors, products, skips):
    """Orders placed up to the window's end whose lines are due after it."""
    purchases = {}
    for row in source.rows("PurchaseOrderHeader"):
        if row.day("OrderDate") > window.end:
            skips.add("purchase orders", "ordered after the window")
        elif row.whole("Status") == REJECTED:
            skips.add("purchase orders", "rejected (Status 3)")
        elif row.whole("VendorID") not in vendors:
            skips.add("purchase orders", "the vendor isn't in Vendor.csv")
        else:
            key = row.whole("PurchaseOrderID")
            purchases[key] = Purchase(key, row.whole("VendorID"), row.day("OrderDate"))
    for row in source.rows("PurchaseOrderDetail"):
        purchase = purchases.get(row.whole("PurchaseOrderID"))
        due, product = row.day("DueDate"), row.whole("ProductID")
        if purchase and due > window.end and product in products:
            purchase.lines.append((product, row.number("OrderQty"), row.number("UnitPrice"), due))
    opened = {key: purchase for key, purchase in purchases.items() if purchase.lines}
    received = len(purchases) - len(opened)
    skips.add("purchase orders", "received by the window's end", received)
    return opened


def read_works(source, window, boms, skips):
    """Work orders started up to the window's end and finished after it."""
    works = []
    for row in source.rows("WorkOrder"):
        end = row.day("end_date", required=False)
        if row.day("start_date") > window.end:
            skips.add("work orders", "started after the window")
        elif end and end <= window.end:
            skips.add("work orders", "finished by the window's end")
        elif row.whole("product_id") not in boms:
            skips.add("work orders", "the product has no current BOM")
        else:
            works.append(
                Work(
                    row.whole("work_order_id"),
                    row.whole("product_id"),
                    row.number("order_qty"),
                    row.day("start_date"),
                    end or row.day("due_date"),
                    row.day("due_date"),
                )
            )
    return works
