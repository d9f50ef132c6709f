from odoo import api, models

from ..tools.guarded import without

AMOUNT_FIELDS = {
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "product_id",
    "order_id",
}

# Odoo computes them and still lets a caller write them; exposure is counted with them.
TOTALS = {
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_reduce_taxexcl",
    "price_reduce_taxinc",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(TOTALS & vals.keys() for vals in vals_list):
            orders = self.env["sale.order"].browse(
                {vals["order_id"] for vals in vals_list if vals.get("order_id")}
            )
            controlled = set(orders.filtered(lambda order: order._is_credit_controlled()).ids)
            vals_list = [
                without(vals, TOTALS) if vals.get("order_id") in controlled else vals
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines._credit_lines_changed({})
        lines._credit_refresh_holds()
        return lines

    def write(self, vals):
        """A confirmed order that grows may lock deliveries, one that shrinks may free orders."""
        vals = self._credit_writable(vals)
        before = self._credit_totals() if AMOUNT_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if AMOUNT_FIELDS & vals.keys():
            # also without a line before: one may have come into a confirmed order
            self._credit_lines_changed(before)
            self._credit_refresh_holds()
        return result

    def _credit_writable(self, vals):
        """``vals`` without what only the system may set where credit is controlled.

        What moves have delivered is counted by the moves, and totals by prices and taxes.
        """
        kept = TOTALS | {"qty_delivered"}
        if self.env.su or not kept & vals.keys():
            return vals
        lines = self.sudo()
        if not any(order._is_credit_controlled() for order in lines.order_id):
            return vals
        if "stock_move" in lines.mapped("qty_delivered_method"):
            return without(vals, kept)
        return without(vals, TOTALS)

    def _credit_unit_value(self):
        """Price of one unit, tax included, in the company's currency, not rounded."""
        self.ensure_one()
        line, rate = self.sudo(), self.sudo().order_id.currency_rate or 1.0
        if line.product_uom_qty:
            return line.price_total / line.product_uom_qty / rate
        price = line.price_unit * (1 - (line.discount or 0.0) / 100)
        taxes = line.tax_ids.with_context(round=False).compute_all(
            price, currency=line.currency_id, product=line.product_id
        )
        return taxes["total_included"] / rate

    def _credit_refresh_holds(self):
        """A quotation on hold was changed: whoever decides about it sees its new amount."""
        holds = self.sudo().order_id.credit_hold_ids
        holds._refresh_open()

    def _credit_confirmed(self):
        return self.sudo().filtered(
            lambda line: (
                line.state == "sale"
                and not line.display_type
                and line.order_id._is_credit_controlled()
            )
        )

    def _credit_totals(self):
        return {line.id: line.price_total for line in self._credit_confirmed()}

    def _credit_lines_changed(self, before):
        lines = self._credit_confirmed()
        if not lines:
            return
        grown = lines.filtered(lambda line: line.price_total > before.get(line.id, 0.0)).order_id
        shrunk = lines.order_id - grown
        accounts = grown._credit_accounts()
        self.env["credit.account"].sudo().union(*accounts.values())._exposure_raised()
        shrunk._credit_freed()
