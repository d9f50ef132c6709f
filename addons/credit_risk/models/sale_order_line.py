from odoo import api, models

AMOUNT_FIELDS = {
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "product_id",
    "order_id",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._credit_lines_changed({})
        return lines

    def write(self, vals):
        """A confirmed order that grows may lock deliveries, one that shrinks may free orders."""
        before = self._credit_totals() if AMOUNT_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if before:
            self._credit_lines_changed(before)
        return result

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
