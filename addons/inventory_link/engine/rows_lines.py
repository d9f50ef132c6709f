"""From a netted plan to the rows of plan lines."""

from datetime import date

from .texts import FALSE, NULL, TRUE, Quantities, Texts, document, number

LINE_COLUMNS = {
    "product_id": "int4",
    "warehouse_id": "int4",
    "company_id": "int4",
    "action": "varchar",
    "quantity": "numeric",
    "product_uom_id": "int4",
    "vendor_id": "int4",
    "supplierinfo_id": "int4",
    "requisition_id": "int4",
    "price_unit": "numeric",
    "currency_id": "int4",
    "amount_company": "numeric",
    "order_date": "date",
    "due_date": "date",
    "wanted_date": "date",
    "claim_date": "date",
    "feasible_date": "date",
    "late_days": "int4",
    "lead_days": "int4",
    "driver_data": "jsonb",
    "free_quantity": "numeric",
    "loss_quantity": "numeric",
    "tentative": "bool",
    "state": "varchar",
    "natural_key": "varchar",
    "signature": "varchar",
    "sale_order_id": "int4",
    "edited": "bool",
}
#: What a line that is kept is read with.
KEPT_COLUMNS = (
    "product_id",
    "warehouse_id",
    "action",
    "quantity",
    "vendor_id",
    "requisition_id",
    "edited",
    "order_date",
    "due_date",
    "wanted_date",
    "claim_date",
    "feasible_date",
    "late_days",
    "lead_days",
    "driver_data",
    "free_quantity",
    "tentative",
    "state",
    "natural_key",
    "sale_order_id",
)
#: What a run may change on such a line.
KEPT_VALUES = {
    "order_date": "date",
    "feasible_date": "date",
    "late_days": "int4",
    "driver_data": "jsonb",
    "free_quantity": "numeric",
    "state": "varchar",
    "natural_key": "varchar",
}
#: A stored line by position, as :func:`reads_plan.plan_lines` gives it.
ID, PRODUCT, WAREHOUSE, ACTION, STATE, _EDITED, KEY = range(7)
DUE, TEXT = 9, 11
#: A change of these is told as a new decision.
TOLD = tuple(
    list(LINE_COLUMNS).index(name) for name in ("action", "quantity", "vendor_id", "due_date")
)


class LineWriter:
    """Renders orders of the plan as the text of their rows."""

    def __init__(self, scope, extra):
        self.scope = scope
        self.with_bill = "bom_id" in extra
        self.quantity = Quantities(scope.scale)
        self.day = Texts()

    def text(self, item, order):
        """The row of one order, in the order of the columns."""
        wid, pid = item.key
        warehouse = self.scope.warehouses[wid]
        today, day, quantity = warehouse.today, self.day, self.quantity
        offer = order.offer
        start = max(today, order.begin(max(order.date, order.feasible)))
        late = max(0, order.feasible - order.date)
        amount = offer.price * offer.rate * order.size / self.scope.scale if offer else 0.0
        vendor = (
            (
                f"{offer.vendor}\t{offer.row}\t"
                f"{offer.agreement.requisition if offer.agreement else NULL}\t"
                f"{number(offer.price)}\t{offer.currency}\t{number(amount, 2)}"
            )
            if offer
            else f"{NULL}\t{NULL}\t{NULL}\t0\t{warehouse.currency}\t0"
        )
        claim = day[order.claim] if order.claim > order.date else NULL
        driver = document(reason(order.driver)) if late or not order.feasible else NULL
        text = (
            f"{pid}\t{wid}\t{warehouse.company}\t{order.action}\t{quantity[order.size]}\t"
            f"{self.scope.products[pid]['uom']}\t{vendor}\t"
            f"{day[start]}\t{day[order.date]}\t{day[order.date]}\t{claim}\t"
            f"{day[order.feasible]}\t{late}\t"
            f"{order.lead}\t{driver}\t{quantity[order.left]}\t{quantity[order.size - order.qty]}\t"
            f"{TRUE if order.tentative else FALSE}\t"
            f"{'rejected' if order.rejected else 'proposed'}\t"
            f"{order.key}\t{order.signature}\t{order.order or NULL}\tfalse"
        )
        if self.with_bill:
            text += f"\t{order.recipe.bom if order.recipe else NULL}"
        return text


def reason(driver):
    """A reason as it is stored: code, product, argument, and the products that wait for it."""
    return [list(part) if isinstance(part, tuple) else part for part in driver]


def day_or_none(ordinal):
    """A day ordinal as a date, 0 as no date."""
    return date.fromordinal(ordinal) if ordinal else None


def kept_values(scope, supply, row):
    """What a run may change on a line that it works around: dates it can keep, surplus.

    An approved line that nothing needs any more is cancelled; one that a person changed, or that
    is inside the frozen time, stays.
    """
    late = max(0, supply.feasible - supply.date)
    gone = supply.is_gone
    told = late or not supply.feasible
    today = scope.warehouses[row["warehouse_id"]].today
    start = max(today, supply.begin(max(supply.date, supply.feasible)))
    return {
        "order_date": day_or_none(start),
        "feasible_date": day_or_none(supply.feasible),
        "late_days": late,
        "driver_data": reason(supply.driver) if told else None,
        "free_quantity": scope.quantity(supply.left),
        "state": "cancelled" if gone else row["state"],
        "natural_key": None if gone else row["natural_key"],
    }
