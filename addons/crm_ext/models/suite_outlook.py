from odoo import api, models


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _probable_orders(self, company_id, percent):
        """Quotations of open opportunities that are won with at least this probability."""
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company_id),
                    ("state", "in", ("draft", "sent")),
                    ("opportunity_id.probability", ">=", percent),
                    ("opportunity_id.active", "=", True),
                ]
            )
        )
        return [*super()._probable_orders(company_id, percent), *orders.ids]
