"""How punctual the company was in the past year, and a quotation whose goods are reserved."""

from datetime import timedelta

from .orders import PAST_DELIVERED, _phase

#: Why deliveries were late, in turn; and by how many days.
CAUSES = ("vendor", "material", "vendor", "capacity", "customer", "credit")
LATE = (2, 5, 1, 8, 3, 12)
LATE_EVERY = 4


def make_punctuality(demo):
    """Each delivery of the past against its promise: three of four on the day."""
    if demo.ref("punctuality"):
        return
    orders = (
        demo.env["sale.order"]
        .search([("company_id", "=", demo.company.id), ("state", "=", "sale")], order="id")
        .filtered(lambda order: order.get_external_id()[order.id].startswith("__demo__.order_"))
    )
    values = []
    for order in orders:
        if _phase(demo, order) not in PAST_DELIVERED:
            continue
        for line in order.order_line.filtered(lambda line: line.qty_delivered > 0):
            values.append(_delivery(line, len(values)))
    rows = demo.env["supply.delivery"].create(values)
    demo.remember([("punctuality", rows[:1])])


def _delivery(line, number):
    moves = line.move_ids.filtered(lambda move: move.state == "done")
    done = max(moves.picking_id.mapped("date_done"))
    turn = number // LATE_EVERY % len(CAUSES)
    late = LATE[turn] if number % LATE_EVERY == 1 else 0
    day = done.date()
    promised = day - timedelta(days=late)
    return {
        "sale_line_id": line.id,
        "sale_order_id": line.order_id.id,
        "partner_id": line.order_id.partner_id.id,
        "product_id": line.product_id.id,
        "company_id": line.company_id.id,
        "salesperson_id": line.order_id.user_id.id,
        "quantity": line.product_uom_id._compute_quantity(
            line.qty_delivered, line.product_id.uom_id
        ),
        "promised_date": promised,
        "wanted_date": promised,
        "done_date": day,
        "days_late": late,
        "on_time": not late,
        "cause": CAUSES[turn] if late else False,
        "found_cause": CAUSES[turn] if late else False,
    }


def reserve_goods(demo):
    """A salesperson keeps goods for a customer who is about to decide."""
    order = demo.ref("order_Q08")
    if order.state == "sent" and not any(order.order_line.mapped("reserved_quantity")):
        own = order.with_user(order.user_id).with_context(allowed_company_ids=demo.company.ids)
        own.action_reserve_promises()


def look_at_risk(demo):
    """What a scheduled action does every hour: the delivery risk and the load of work centres."""
    demo.env.flush_all()
    demo.env["sale.order"].search(
        [("company_id", "=", demo.company.id), ("state", "=", "sale")]
    )._update_delivery_risk()
