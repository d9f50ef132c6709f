"""Products and how they are had: bills of materials, operations, vendors' offers, stock."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

#: A unit of the files → the unit of Odoo; OZ is liquid where vendors sell by the gallon.
UNITS = {
    "EA": "uom.product_uom_unit",
    "IN": "uom.product_uom_inch",
    "OZ": "uom.product_uom_oz",
    "FLOZ": "uom.product_uom_floz",
}
#: A vendor's unit, for a product kept in the unit named first.
VENDOR_UNITS = {("EA", "DZ"): "uom.product_uom_dozen", ("FLOZ", "GAL"): "uom.product_uom_gal"}
KILOGRAMS = {"LB": 0.45359237, "G": 0.001, "KG": 1.0}


@dataclass
class Product:
    id: int
    name: str
    number: str
    make: bool
    finished: bool
    cost: float
    price: float
    weight: float
    days: int
    category: int | None
    safety: float
    sold_until: object
    unit: str = "EA"


@dataclass
class Offer:
    """What a vendor asks. `unit` is an external id, or the quantity of a pack in own units."""

    key: str
    product: int
    vendor: int
    delay: int
    price: float
    minimum: float
    unit: object
    sequence: int


@dataclass
class Operation:
    sequence: int
    place: int
    minutes: float


@dataclass
class Catalogue:
    products: dict = field(default_factory=dict)
    categories: dict = field(default_factory=dict)
    subcategories: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    boms: dict = field(default_factory=dict)
    operations: dict = field(default_factory=dict)
    vendors: dict = field(default_factory=dict)
    offers: list = field(default_factory=list)
    stock: list = field(default_factory=list)

    def levels(self):
        """How many levels of assemblies stand above each other at most."""
        known = {}

        def depth(product):
            if product not in known:
                known[product] = 0  # a circle would end here; Odoo refuses it when it's written
                below = [depth(part) for part, _quantity in self.boms.get(product, ())]
                known[product] = 1 + max(below) if below else 0
            return known[product]

        return max((depth(product) for product in self.boms), default=0)


def read(source, skips):
    """The catalogue; rows that can't become anything are counted in `skips`."""
    found = Catalogue()
    found.products = {product.id: product for product in map(_product, source.rows("Product"))}
    found.categories = {
        row.whole("ProductCategoryID"): row.text("Name") for row in source.rows("ProductCategory")
    }
    found.subcategories = {
        row.whole("ProductSubcategoryID"): (row.whole("ProductCategoryID"), row.text("Name"))
        for row in source.rows("ProductSubcategory")
    }
    found.places = {
        row.whole("LocationID"): (
            row.text("Name"),
            row.number("CostRate"),
            row.number("Availability"),
        )
        for row in source.rows("Location")
    }
    found.vendors = {row.whole("BusinessEntityID"): row for row in source.rows("Vendor")}
    _read_boms(source, found, skips)
    _read_operations(source, found, skips)
    _read_offers(source, found, skips)
    _read_stock(source, found, skips)
    for product in found.products.values():
        if product.make and product.id not in found.boms:
            skips.add("bills of materials", f"made in-house, no current revision: {product.name}")
    return found


def _product(row):
    weight = row.number("Weight", required=False) or 0.0
    return Product(
        id=row.whole("ProductID"),
        name=row.text("Name"),
        number=row.text("ProductNumber"),
        make=row.flag("MakeFlag"),
        finished=row.flag("FinishedGoodsFlag"),
        cost=row.number("StandardCost"),
        price=row.number("ListPrice"),
        weight=weight * KILOGRAMS.get(row.text("WeightUnitMeasureCode"), 0.0),
        days=row.whole("DaysToManufacture"),
        category=row.whole("ProductSubcategoryID", required=False),
        safety=row.number("SafetyStockLevel"),
        sold_until=row.day("SellEndDate", required=False),
    )


def _read_boms(source, found, skips):
    rows = []
    for row in source.rows("BillOfMaterials"):
        assembly = row.whole("ProductAssemblyID", required=False)
        ended = row.day("EndDate", required=False)
        if ended:
            skips.add("BOM rows", "ended revision (EndDate)")
        if assembly is None:
            also = ", ended too (counted above)" if ended else ""
            skips.add("BOM rows", "no parent assembly (ProductAssemblyID)" + also)
        if ended or assembly is None:
            continue
        component = row.whole("ComponentID")
        if assembly not in found.products or component not in found.products:
            skips.add("BOM rows", "a product that isn't in Product.csv")
            continue
        rows.append(
            (assembly, component, row.number("PerAssemblyQty"), row.text("UnitMeasureCode"))
        )
    _set_units(source, found, rows)
    for assembly, component, quantity, code in rows:
        own = found.products[component].unit
        if code != own and (code, own) != ("OZ", "FLOZ"):
            skips.add("BOM rows", f"unit {code}, the component is kept in {own}")
            continue
        found.boms.setdefault(assembly, []).append((component, quantity))


def _set_units(source, found, rows):
    """A component used by length or weight is kept in that unit, everything else by the piece."""
    by_gallon = {
        row.whole("ProductID")
        for row in source.rows("ProductVendor")
        if row.text("UnitMeasureCode") == "GAL"
    }
    for _assembly, component, _quantity, code in rows:
        if code in UNITS and code != "EA":
            liquid = code == "OZ" and component in by_gallon
            found.products[component].unit = "FLOZ" if liquid else code


def _read_operations(source, found, skips):
    """Minutes a piece at each place = hours booked there / pieces of those work orders."""
    pieces = {
        row.whole("work_order_id"): row.number("order_qty") for row in source.rows("WorkOrder")
    }
    hours, made = Counter(), Counter()
    for row in source.rows("WorkOrderRouting"):
        order = row.whole("work_order_id")
        step = (row.whole("product_id"), row.whole("operation_sequence"), row.whole("location_id"))
        if order not in pieces or step[0] not in found.boms or step[2] not in found.places:
            skips.add("routing rows", "work order, current BOM or location isn't there")
            continue
        hours[step] += row.number("actual_resource_hrs", required=False) or 0.0
        made[step] += pieces[order]
    steps = defaultdict(list)
    for step, total in sorted(hours.items()):
        product, sequence, place = step
        minutes = total * 60 / made[step] if made[step] else 0.0
        steps[product].append(Operation(sequence, place, minutes))
    found.operations = dict(steps)


def _read_offers(source, found, skips):
    packs = _pack_sizes(found)
    for row in source.rows("ProductVendor"):
        product, vendor = row.whole("ProductID"), row.whole("BusinessEntityID")
        if product not in found.products or vendor not in found.vendors:
            skips.add("vendor prices", "the product or the vendor isn't in its file")
            continue
        if not found.vendors[vendor].flag("ActiveFlag"):
            skips.add("vendor prices", "the vendor is inactive (ActiveFlag)")
            continue
        preferred = found.vendors[vendor].flag("PreferredVendorStatus")
        found.offers.append(
            Offer(
                key=f"offer_{product}_{vendor}",
                product=product,
                vendor=vendor,
                delay=row.whole("AverageLeadTime"),
                price=row.number("StandardPrice"),
                minimum=row.number("MinOrderQty"),
                unit=_vendor_unit(found.products[product], row, packs, skips),
                sequence=1 if preferred else 2,
            )
        )


def _pack_sizes(found):
    """Per component kept by length or weight: what one assembly takes (the content of a pack)."""
    sizes = defaultdict(set)
    for parts in found.boms.values():
        for component, quantity in parts:
            sizes[component].add(quantity)
    return {component: max(quantities) for component, quantities in sizes.items()}


def _vendor_unit(product, row, packs, skips):
    code = row.text("UnitMeasureCode")
    if code == product.unit:
        return UNITS[code]
    if (product.unit, code) in VENDOR_UNITS:
        return VENDOR_UNITS[product.unit, code]
    if product.unit == "EA":
        skips.add("pack sizes", f"vendor unit {code} has no content in the data: taken as 1 piece")
        return UNITS["EA"]
    skips.add("pack sizes", f"vendor unit {code} of a {product.unit} part: one assembly's need")
    return packs[product.id]


def _read_stock(source, found, skips):
    for row in source.rows("ProductInventory"):
        product, place = row.whole("ProductID"), row.whole("LocationID")
        if product not in found.products or place not in found.places:
            skips.add("stock rows", "the product or the location isn't in its file")
        elif row.number("Quantity") <= 0:
            skips.add("stock rows", "quantity is 0")
        else:
            found.stock.append((product, place, row.number("Quantity")))
