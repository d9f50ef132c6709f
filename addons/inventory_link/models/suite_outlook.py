from odoo import api, models


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _changed(self, orders):
        """Orders that may come are needs of the plan where a company wants that."""
        super()._changed(orders)
        self.env["supply.planner"]._plan_products(orders._outlook_products())
