from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import float_round

#: Written when the order is confirmed, by the system alone.
PROMISED = {"date_promised_first", "supply_price_listed", "supply_lead_listed"}


class PurchaseOrderLine(models.Model):
    """What the vendor promised when the order was confirmed; ``date_planned`` is the latest."""

    _inherit = "purchase.order.line"

    date_promised_first = fields.Date(
        "First Promised",
        readonly=True,
        copy=False,
        help="The expected arrival when the order was confirmed. It moves only when we ourselves"
        " ask the vendor to come later.",
    )
    supply_price_listed = fields.Float(
        "List Price",
        readonly=True,
        copy=False,
        digits="Product Price",
        help="The vendor's price list when the order was confirmed, net of discount, for one unit"
        " of the line, in the order's currency.",
    )
    supply_lead_listed = fields.Integer("Listed Lead Time", readonly=True, copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        """A line that comes to a confirmed order is promised at once."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.order_id.state == "purchase")._keep_promise()
        return lines

    def _has_field_access(self, field, operation):
        """Nobody makes a vendor better than he was."""
        if operation == "write" and field.name in PROMISED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _keep_promise(self):
        """Remember day, list price and lead time as they are at confirmation, where a company
        plans. Lines that were promised the same are written together."""
        same = defaultdict(self.sudo().browse)
        for line in self.sudo():
            if line.company_id.supply_planning and line.product_id and line.date_planned:
                same[tuple(line._prepare_promise().items())] |= line
        for values, lines in same.items():
            lines.write(dict(values))

    def _prepare_promise(self):
        tz = self.company_id.partner_id.tz or "UTC"
        local = fields.Datetime.context_timestamp(self.with_context(tz=tz), self.date_planned)
        return {"date_promised_first": local.date(), **self._prepare_listed()}

    def _prepare_listed(self):
        """Price and lead time of the price list that this line is bought by."""
        order = self.order_id
        price = self.product_id.with_company(order.company_id)._select_seller(
            partner_id=order.partner_id,
            quantity=self.product_qty,
            date=order.date_order and order.date_order.date(),
            uom_id=self.product_uom_id,
        )
        if not price:
            return {"supply_price_listed": False, "supply_lead_listed": False}
        amount = price.currency_id._convert(
            price.price * (1 - price.discount / 100),
            order.currency_id,
            order.company_id,
            order.date_order or fields.Date.today(),
            round=False,
        )
        unit = price.product_uom_id or self.product_id.uom_id
        return {
            "supply_price_listed": float_round(
                unit._compute_price(amount, self.product_uom_id), precision_digits=6
            ),
            "supply_lead_listed": price.delay,
        }
