from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _get_digest_users(self):
        """Who is told about this warehouse: those chosen on it, else its company's planners."""
        company = self.company_id
        users = self.supply_digest_user_ids or self.env.ref(
            "inventory_link.group_supply_planner"
        ).sudo().all_user_ids.filtered(lambda user: company in user.company_ids)
        return users.filtered(lambda user: user.active and not user.share)
