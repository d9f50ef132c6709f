"""Orders past and present; each goes through the methods that people use."""

from .history import pay_invoices

# Phases whose goods have left the warehouse by today.
PAST_DELIVERED = ("history", "uninvoiced")
LOCKED = ("locked",)


def _rows(demo, *phases):
    return [
        row
        for row in demo.table("order")
        if row["phase"] in phases and not demo.ref(f"order_{row['key']}")
    ]


def _make(demo, rows):
    """Quotations of the rows, made on their days."""
    customers = {row["code"]: row for row in demo.table("customer")}
    new = demo.make(
        "sale.order",
        [
            (
                f"order_{row['key']}",
                {
                    "partner_id": demo.ref(f"customer_{row['customer']}").id,
                    "user_id": demo.user(customers[row["customer"]]["user"]).id,
                    "team_id": demo.ref(
                        "team_export"
                        if customers[row["customer"]]["user"] == "sales2"
                        else "team_domestic"
                    ).id,
                    "company_id": demo.company.id,
                    "date_order": demo.moment(row["days"]),
                    "commitment_date": demo.moment_due(row["due"]) if row["due"] != "0" else False,
                    "validity_date": demo.day(-20 if row["phase"] == "expired" else 30),
                    "order_line": demo.commands(
                        {"product_id": product.id, "product_uom_qty": quantity}
                        for product, quantity in demo.lines(row["lines"])
                    ),
                },
            )
            for row in rows
        ],
    )
    for order, row in zip(new, rows, strict=True):
        demo.backdate(order, row["days"], "create_date")
    return new


def _set_order_dates(demo, orders, rows):
    """Confirming sets the order date to now; put it back."""
    for order, row in zip(orders, rows, strict=True):
        if order.state == "sale":
            order.date_order = demo.moment(row["days"])


def _confirm(demo, orders, by=None):
    """Confirm as the salesperson of each order."""
    for user in orders.user_id:
        own = orders.filtered(lambda order, u=user: order.user_id == u)
        own = own.with_user(user).with_context(allowed_company_ids=demo.company.ids)
        own.action_confirm()


def make_past_orders(demo):
    """Orders from before the switches: delivered, invoiced and mostly paid; some still to ship."""
    rows = _rows(demo, *PAST_DELIVERED, *LOCKED)
    if not rows:
        return
    orders = _make(demo, rows)
    _confirm(demo, orders)
    _set_order_dates(demo, orders, rows)
    delivered = orders.filtered(lambda order: _phase(demo, order) in PAST_DELIVERED)
    _deliver(delivered)
    for order in delivered:
        shipped = (order.date_order.date() - demo.today).days + 9
        order.picking_ids.date_done = demo.moment(min(shipped, -1))
    _invoice(demo, delivered.filtered(lambda order: _phase(demo, order) == "history"))


def _invoice(demo, orders):
    """Invoice each order on its day; the older invoices are paid around their due dates."""
    invoices = orders._create_invoices(grouped=True)
    for invoice in invoices:
        day = min(invoice.line_ids.sale_line_ids.order_id.date_order.date(), demo.day(-2))
        invoice.write({"invoice_date": day, "date": day})
    invoices.action_post()
    old = invoices.filtered(lambda invoice: invoice.invoice_date < demo.day(-40))
    pay_invoices(demo, old)


def _phase(demo, order):
    if not hasattr(demo, "phases"):
        demo.phases = {f"order_{row['key']}": row["phase"] for row in demo.table("order")}
    return demo.phases[demo.key(order)]


def _deliver(orders):
    pickings = orders.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))
    pickings.action_assign()
    for move in pickings.move_ids:
        move.quantity = move.product_uom_qty
    pickings.move_ids.picked = True
    pickings.with_context(skip_backorder=True).button_validate()


def make_quotations(demo):
    """Quotations: drafts, sent ones, expired and cancelled ones."""
    rows = _rows(demo, "draft", "sent", "expired", "cancelled")
    orders = _make(demo, rows)
    for order, row in zip(orders, rows, strict=True):
        if row["phase"] in ("sent", "expired"):
            order.action_quotation_sent()
        elif row["phase"] == "cancelled":
            order._action_cancel()


def make_confirmed(demo):
    """Orders confirmed today and these days: from stock, and into the plan."""
    rows = _rows(demo, "ready", "confirm")
    if not rows:
        return
    orders = _make(demo, rows)
    _confirm(demo, orders)
    _set_order_dates(demo, orders, rows)
    ready = orders.filtered(lambda order: _phase(demo, order) == "ready")
    ready.picking_ids.action_assign()


def make_holds(demo):
    """Orders that credit stops; one of them a controller has released."""
    rows = _rows(demo, "hold", "released")
    orders = _make(demo, rows)
    _confirm(demo, orders)
    released = orders.filtered(lambda order: _phase(demo, order) == "released")
    for hold in released.credit_hold_ids.filtered(lambda hold: hold.state == "open"):
        demo.acting(hold, "creditmanager").action_release("客户已付 40%，余款本周到账，同意放行")
