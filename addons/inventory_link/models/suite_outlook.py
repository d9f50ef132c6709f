from odoo import api, models


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _changed(self, orders):
        """Orders that may come are needs of the plan where a company wants that."""
        super()._changed(orders)
        orders = orders.filtered(
            lambda order: order.company_id.supply_planning
            and (
                order.company_id.supply_plan_holds
                or order.company_id.supply_quotation_probability
            )
        )
        components = orders.order_line._promise_components()
        products = self.env["product.product"].union(
            *(product for parts in components.values() for product, _quantity in parts)
        )
        self.env["supply.planner"]._plan_products(products)
