"""The exposure once more, from its definition alone: slow, in plain Python, without shared SQL.

Nobody decides by it. The nightly self-check and the property test hold the one query
(``figures_sql``) against it. Whoever changes the definition changes both.
"""

from datetime import UTC
from zoneinfo import ZoneInfo

PARTS = (
    "receivable",
    "delivered_not_invoiced",
    "open_orders",
    "bills",
    "draft_invoices",
    "exposure",
)
TOLERANCE = 0.01


def exposure_parts(account):
    """The parts of one account's exposure in the currency of its limit, by name.

    :param account: ``credit.account`` record; read as superuser, whoever asks
    """
    account = account.sudo().with_context(active_test=False)
    company = account.company_id
    contacts = account.env["res.partner"].search(
        [("commercial_partner_id", "=", account.partner_id.id)]
    )
    remaining, delivered = 0.0, 0.0
    for order in account.env["sale.order"].search(
        [
            ("partner_invoice_id", "in", contacts.ids),
            ("company_id", "=", company.id),
            ("state", "=", "sale"),
        ]
    ):
        order_remaining, order_delivered = _order(order)
        remaining += order_remaining
        delivered += order_delivered
    currency = account.currency_id
    rate = company.currency_id._get_conversion_rate(
        company.currency_id, currency, company, company._credit_today()
    )
    amounts = {
        "receivable": _receivable(account, contacts) * rate,
        "delivered_not_invoiced": (delivered + _without_order(account)) * rate,
        "open_orders": remaining * rate,
        "bills": _bills(account, contacts) * rate,
        "draft_invoices": _drafts(account) * rate,
    }
    parts = {name: currency.round(amount) for name, amount in amounts.items()}
    if not company.credit_count_drafts:
        del amounts["draft_invoices"]
    # The sum is rounded once; the largest part takes what the others lose by rounding.
    parts["exposure"] = currency.round(sum(amounts.values()))
    biggest = max(amounts, key=lambda name: abs(amounts[name]))
    others = sum(parts[name] for name in amounts if name != biggest)
    parts[biggest] = currency.round(parts["exposure"] - others)
    return parts


def differences(account, figures):
    """``{part: (figure, reference)}`` of the parts that differ by more than a cent.

    :param figures: :class:`tools.figures.Figures` of the account
    """
    expected = exposure_parts(account)
    return {
        name: (getattr(figures, name), expected[name])
        for name in PARTS
        if abs(getattr(figures, name) - expected[name]) > TOLERANCE + 1e-6  # floats of the sum
    }


def _receivable(account, contacts):
    """Posted, unmatched items of every receivable account, credits of the customer deducted.

    What is matched with an entry that was reset to draft is open: a draft settles nothing.
    """
    items = account.env["account.move.line"].search(
        [
            ("partner_id", "in", contacts.ids),
            ("company_id", "=", account.company_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
        ]
    )
    amount = sum(items.mapped("amount_residual"))
    for item in items:
        for match in item.matched_debit_ids:
            if match.debit_move_id.parent_state == "draft":
                amount -= match.amount
        for match in item.matched_credit_ids:
            if match.credit_move_id.parent_state == "draft":
                amount += match.amount
    return amount


def _order(order):
    """What of a confirmed order is still to come, and what is shipped and not billed."""
    lines = order.order_line.filtered(
        lambda line: not line.display_type and not _is_down_payment(line)
    )
    remaining, delivered = 0.0, 0.0
    for line in lines:
        price, billed = _unit_price(line), _billed(line)
        if not order.remainder_closed:
            delivered += price * max(0.0, line.qty_delivered - billed)
        if not order.remainder_closed and not _nothing_will_come(line):
            sent = max(line.qty_delivered, billed)
            remaining += price * max(0.0, line.product_uom_qty - sent)
    total = sum(lines.mapped("price_total"))
    if total and abs(order.amount_total - total) < 1:  # tax that is rounded for the whole order
        remaining *= order.amount_total / total
        delivered *= order.amount_total / total
    paid_ahead = _down_payments(order)
    from_remaining = min(paid_ahead, remaining)
    from_delivered = min(paid_ahead - from_remaining, delivered)
    rate = order.currency_rate or 1.0
    return (remaining - from_remaining) / rate, (delivered - from_delivered) / rate


def _is_down_payment(line):
    return line.is_downpayment and not line.product_uom_qty and not line.qty_delivered


def _unit_price(line):
    """Price of a unit with its taxes; of a line that sells nothing (yet) from its price."""
    if line.product_uom_qty:
        return line.price_total / line.product_uom_qty
    price = line.price_unit * (1 - (line.discount or 0.0) / 100)
    percent = sum(
        tax.amount for tax in line.tax_ids if tax.amount_type == "percent" and not tax.price_include
    )
    return price * (1 + percent / 100)


def _billed(line):
    """Quantity on posted invoices less that on posted credit notes, in the line's unit."""
    quantity = 0.0
    for item in line.invoice_lines.filtered(lambda item: item.parent_state == "posted"):
        counted = item.quantity
        if item.product_uom_id:
            counted = item.product_uom_id._compute_quantity(
                counted, line.product_uom_id, round=False, raise_if_failure=False
            )
        quantity += -counted if item.move_id.move_type == "out_refund" else counted
    return quantity


def _nothing_will_come(line):
    """Billed by delivery, had deliveries, and each of them is done or cancelled."""
    moves = line.move_ids.filtered(lambda move: move.location_id.usage != "customer")
    return (
        line.product_id.invoice_policy == "delivery"
        and bool(moves)
        and all(
            move.state == "cancel" or (move.state == "done" and not _went_elsewhere(move))
            for move in moves
        )
    )


def _went_elsewhere(move):
    """Handed over at a place that isn't the customer's: it was never billed."""
    places = ("transit", "supplier", "inventory", "production")
    return not move.scrap_id and move.location_dest_id.usage in places


def _down_payments(order):
    """Posted down payments less what was credited or deducted of them, the order's currency."""
    amount = 0.0
    for line in order.order_line.filtered(
        lambda line: not line.display_type and _is_down_payment(line)
    ):
        for item in line.invoice_lines.filtered(lambda item: item.parent_state == "posted"):
            value = item.price_total
            if item.currency_id != order.currency_id:
                value *= (order.currency_rate or 1.0) / (item.move_id.invoice_currency_rate or 1.0)
            amount += -value if item.move_id.move_type == "out_refund" else value
    return max(0.0, amount)


def _without_order(account):
    """Goods that left without an order, at the price of then, less those billed since."""
    moves = account.env["stock.move"].search(
        [
            ("credit_account_id", "=", account.id),
            ("state", "=", "done"),
            ("sale_line_id", "=", False),
        ]
    )
    return sum(
        _loose(account, product, some) for product, some in moves.grouped("product_id").items()
    )


def _came_back(move):
    """From the customer, or returned from another place that the goods had been given to."""
    return move.location_id.usage == "customer" or (
        move.origin_returned_move_id
        and move.location_id.usage != "internal"
        and move.location_dest_id.usage == "internal"
    )


def _loose(account, product, moves):
    quantity, value = 0.0, 0.0
    for move in moves:
        moved = move.product_uom._compute_quantity(move.quantity, product.uom_id, round=False)
        moved = -moved if _came_back(move) else moved
        quantity += moved
        value += moved * move.credit_price
    if quantity <= 0:
        return 0.0
    zone = ZoneInfo(account.company_id.partner_id.tz or "UTC")
    since = min(moves.mapped("date")).replace(tzinfo=UTC).astimezone(zone).date()
    billed = _billed_without_order(account, product, since)
    return value / quantity * max(0.0, quantity - billed)


def _billed_without_order(account, product, since):
    items = account.env["account.move.line"].search(
        [
            ("move_id.commercial_partner_id", "=", account.partner_id.id),
            ("company_id", "=", account.company_id.id),
            ("parent_state", "=", "posted"),
            ("move_id.move_type", "in", ("out_invoice", "out_refund")),
            ("move_id.invoice_date", ">=", since),
            ("display_type", "=", "product"),
            ("product_id", "=", product.id),
            ("sale_line_ids", "=", False),
        ]
    )
    billed = 0.0
    for item in items:
        counted = item.quantity
        if item.product_uom_id:
            counted = item.product_uom_id._compute_quantity(counted, product.uom_id, round=False)
        billed += -counted if item.move_id.move_type == "out_refund" else counted
    return billed


def _bills(account, contacts):
    """Bills of exchange that have not matured, those handed on to vendors too."""
    bills = account.env["credit.bill"].search(
        [
            ("partner_id", "in", contacts.ids),
            ("company_id", "=", account.company_id.id),
            ("state", "in", ("received", "endorsed", "discounted")),
        ]
    )
    return sum(bills.mapped("booked_amount"))


def _drafts(account):
    """Draft invoices' lines that come from no order, at the rates of the invoices."""
    items = account.env["account.move.line"].search(
        [
            ("move_id.commercial_partner_id", "=", account.partner_id.id),
            ("company_id", "=", account.company_id.id),
            ("parent_state", "=", "draft"),
            ("move_id.move_type", "=", "out_invoice"),
            ("display_type", "=", "product"),
            ("sale_line_ids", "=", False),
        ]
    )
    return sum(item.price_total / (item.move_id.invoice_currency_rate or 1.0) for item in items)
