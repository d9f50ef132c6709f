"""Sales orders of the window as quotations, purchase and work orders open at its end."""

import datetime

from odoo.fields import Command

from .trade import Window


class Calendar:
    """Moves the days of the data so that the window's end is the day of the (first) load."""

    def __init__(self, window: Window, today):
        self.shift = today - window.end
        self.today = today

    def day(self, day):
        return day + self.shift

    def time(self, day, hour=9):
        return datetime.datetime.combine(self.day(day), datetime.time(hour))


def load_purchases(session, purchases, offers, calendar):
    """Purchase orders with their open lines, confirmed."""
    units = {(offer.product, offer.vendor): offer.key for offer in offers}

    def values(purchase):
        def read():
            return {
                "name": f"PO{purchase.id}",
                "partner_id": session.id(f"vendor_{purchase.vendor}"),
                "company_id": session.company.id,
                "currency_id": session.company.currency_id.id,
                "picking_type_id": session.warehouse.in_type_id.id,
                "user_id": False,
                "date_order": calendar.time(purchase.day),
                "order_line": [
                    Command.create(_purchase_line(session, purchase, line, units, calendar))
                    for line in purchase.lines
                ],
            }

        return read

    session.load(
        "Purchase orders (open)",
        "purchase.order",
        [(f"purchase_{p.id}", values(p)) for p in purchases if session.has(f"vendor_{p.vendor}")],
        chunk=40,
        after=lambda orders, _keys: orders.button_confirm(),
    )


def _purchase_line(session, purchase, line, units, calendar):
    product, quantity, price, due = line
    record = session.get("product.product", f"product_{product}")
    unit = record.uom_id
    key = units.get((product, purchase.vendor))
    if key and session.has(key):
        unit = session.get("product.supplierinfo", key).product_uom_id
    return {
        "product_id": record.id,
        "product_qty": quantity,
        "product_uom_id": unit.id,
        "price_unit": price,
        "date_planned": calendar.time(due),
        "tax_ids": [Command.clear()],
    }


def load_works(session, works, calendar):
    """Work orders as confirmed manufacturing orders (nothing of them is produced yet)."""
    types = session.warehouse.manu_type_id.id

    def values(work):
        def read():
            bom = session.get("mrp.bom", f"bom_{work.product}")
            return {
                "name": f"WO{work.id}",
                "product_id": session.id(f"product_{work.product}"),
                "product_qty": work.quantity,
                "product_uom_id": bom.product_uom_id.id,
                "bom_id": bom.id,
                "picking_type_id": types,
                "company_id": session.company.id,
                "date_start": calendar.time(work.start),
                "date_finished": calendar.time(max(work.end, work.start), 17),
                "date_deadline": calendar.time(work.due, 17),
            }

        return read

    session.load(
        "Work orders (open)",
        "mrp.production",
        [(f"work_{work.id}", values(work)) for work in works],
        chunk=100,
        after=lambda orders, _keys: orders.action_confirm(),
    )


def load_taxes(session, orders):
    """One sales tax a rate that occurs (percent, one decimal)."""
    rates = sorted({order.tax_rate for order in orders if order.tax_rate})
    session.load(
        "Sales taxes",
        "account.tax",
        [
            (
                f"tax_{rate:g}",
                {
                    "name": f"Sales tax {rate:g}%",
                    "amount": rate,
                    "amount_type": "percent",
                    "type_tax_use": "sale",
                    "price_include_override": "tax_excluded",
                    "company_id": session.company.id,
                    "country_id": session.company.account_fiscal_country_id.id,
                },
            )
            for rate in rates
        ],
    )


def load_orders(session, orders, stores, calendar):
    """The window's orders as quotations that nobody has confirmed yet."""
    load_taxes(session, orders)
    session.load(
        "Sales orders (quotations)",
        "sale.order",
        [
            (f"order_{o.id}", _order(session, o, stores[o.store], calendar))
            for o in orders
            if o.lines
        ],
        chunk=40,
    )


def wanted_day(order, calendar):
    """The day the customer asks for, with the order's own lead from today if it has passed."""
    return max(calendar.day(order.due), calendar.today + (order.due - order.day))


def _address(session, store, address):
    return session.id(f"address_{store.id}_{address}") or session.id(f"store_{store.id}")


def _order(session, order, stores, calendar):
    store = stores

    def read():
        tax = session.id(f"tax_{order.tax_rate:g}")
        wanted = datetime.datetime.combine(wanted_day(order, calendar), datetime.time(12))
        lines = [
            {
                "product_id": session.id(f"product_{product}"),
                "product_uom_qty": quantity,
                "price_unit": price,
                "discount": discount,
                "tax_ids": [Command.set([tax] if tax else [])],
            }
            for product, quantity, price, discount in order.lines
        ]
        if order.freight:
            lines.append(
                {
                    "product_id": session.id("product_freight"),
                    "product_uom_qty": 1.0,
                    "price_unit": order.freight,
                    "tax_ids": [Command.clear()],
                }
            )
        return {
            "name": f"SO{order.id}",
            "client_order_ref": order.reference,
            "partner_id": session.id(f"store_{store.id}"),
            "partner_invoice_id": _address(session, store, order.bill_to),
            "partner_shipping_id": _address(session, store, order.ship_to),
            "user_id": session.id(f"salesperson_{order.salesperson}"),
            "team_id": session.id(f"territory_{order.territory}"),
            "company_id": session.company.id,
            "date_order": calendar.time(order.day),
            "validity_date": calendar.today + datetime.timedelta(days=30),
            "commitment_date": wanted,
            "order_line": [Command.create(line) for line in lines],
        }

    return read
