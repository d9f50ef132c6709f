from odoo import models
from odoo.exceptions import UserError


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def _procure_orderpoint_confirm(
        self, use_new_cursor=False, company_id=None, raise_user_error=True
    ):
        """Reordering rules of planned products order nothing: two planners would order twice."""
        free = self.filtered(lambda point: not point._is_planned())
        return super(StockWarehouseOrderpoint, free)._procure_orderpoint_confirm(
            use_new_cursor=use_new_cursor,
            company_id=company_id,
            raise_user_error=raise_user_error,
        )

    def action_replenish(self, force_to_max=False):
        """Refuse by hand what would silently do nothing."""
        planned = self.filtered(lambda point: point._is_planned())
        if planned:
            raise UserError(
                self.env._(
                    "Supply planning buys and makes these products: %(products)s. Change the plan,"
                    " or make a purchase order by hand; the plan counts it.",
                    products=", ".join(planned.product_id.mapped("display_name")),
                )
            )
        return super().action_replenish(force_to_max=force_to_max)

    def _is_planned(self):
        return self.company_id.supply_planning and self.product_id.supply_mode == "planned"
