"""The planner's week: some lines released, some approved, one rejected, the rest waiting."""

RELEASE_BUY = 8
RELEASE_MAKE = 6
APPROVE = 5


def work_on_plan(demo):
    """Answer part of the plan and let its first documents run."""
    if demo.ref("plan_answered"):
        return
    lines = _open_lines(demo)
    buy = lines.filtered(lambda line: line.action == "buy" and line.vendor_id)[:RELEASE_BUY]
    make = lines.filtered(lambda line: line.action == "make")
    deep = make.sorted(lambda line: (line.order_date, line.id))[:RELEASE_MAKE]
    released = demo.acting(buy | deep, "planner")
    released.action_approve()
    released.action_release()
    demo.remember([("plan_answered", released[:1])])
    _run_purchases(demo, released.sudo().purchase_line_id.order_id)
    _run_productions(demo, released.sudo().production_id)
    waiting = _open_lines(demo)
    demo.acting(waiting[:APPROVE], "planner").action_approve()
    rejected = _open_lines(demo).filtered(lambda line: line.action == "buy")[-1:]
    if rejected:
        demo.acting(rejected, "planner").action_reject("改用库存替代料，暂不采购")
    _change_orders(demo)


def _open_lines(demo):
    return (
        demo.env["supply.plan.line"]
        .search([("company_id", "=", demo.company.id), ("state", "=", "proposed")])
        .filtered(lambda line: not line.tentative)
        .sorted(lambda line: (line.order_date, line.id))
    )


def _run_purchases(demo, orders):
    """Send the first orders out, receive one in full and one in part."""
    orders = orders.sorted("id")
    orders[: max(len(orders) - 2, 1)].button_confirm()
    receipts = orders.picking_ids.filtered(lambda picking: picking.state == "assigned")
    for receipt, share in zip(receipts[:2], (1.0, 0.5), strict=False):
        for move in receipt.move_ids:
            move.quantity = round(move.product_uom_qty * share)
        receipt.move_ids.picked = True
        receipt.with_context(skip_backorder=True).button_validate()


def _run_productions(demo, productions):
    """One production order finished, one started."""
    productions = productions.sorted("id")
    drafts = productions.filtered(lambda production: production.state == "draft")
    drafts.action_confirm()
    productions.action_assign()
    ready = productions.filtered(lambda production: production.reservation_state == "assigned")
    for production in ready[:1]:
        production.qty_producing = production.product_qty
        production._set_qty_producing()
        production.move_raw_ids.picked = True
        production.with_context(skip_backorder=True).button_mark_done()
    for production in ready[1:2]:
        production.workorder_ids[:1].button_start()


def _change_orders(demo):
    """Customers change their minds: the plan answers with messages."""
    for key, code, factor in (("order_P10", "TR-6204", 0.6), ("order_P05", "TR-SPA", 0.5)):
        order = demo.ref(key)
        line = order.order_line.filtered(lambda rec, c=code: rec.product_id.default_code == c)
        own = line.with_user(order.user_id).with_context(allowed_company_ids=demo.company.ids)
        own.product_uom_qty = round(line.product_uom_qty * factor)
