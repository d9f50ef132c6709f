from odoo import api, models


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _held_orders(self, company_id):
        """Orders that wait for credit."""
        holds = (
            self.env["credit.hold"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company_id),
                    ("state", "=", "open"),
                    ("sale_order_id.state", "in", ("draft", "sent")),
                ]
            )
        )
        return [*super()._held_orders(company_id), *holds.sale_order_id.ids]
