from odoo import api, models
from odoo.fields import Domain


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _plannable(self, lines):
        """Lines of orders on hold only as far as the product's or the company's rule allows."""
        lines = super()._plannable(lines)
        held = lines.order_id.filtered("is_being_checked")
        return lines.filtered(
            lambda line: (
                line.order_id not in held
                or line.product_template_id._credit_plannable_on_hold(line.order_id.company_id)
            )
        )

    @api.model
    def _held_lines_changed(self, domain):
        """Another rule holds for lines of orders on hold: tell whoever plans with them.

        :param domain: which holds
        """
        holds = (
            self.env["credit.hold"]
            .sudo()
            .search(
                Domain("state", "=", "open")
                & Domain("sale_order_id.state", "in", ("draft", "sent"))
                & Domain(domain)
            )
        )
        if holds:
            self._changed(holds.sale_order_id)
