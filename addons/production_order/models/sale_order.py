from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    production_ids = fields.Many2many(
        "mrp.production",
        string="Production Orders",
        compute="_compute_production_ids",
        compute_sudo=True,
        help="Production orders that supply this order, through all levels of components.",
    )
    supply_production_count = fields.Integer(compute="_compute_production_ids", compute_sudo=True)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_production_ids(self):
        """Those that the reader may open."""
        for order in self:
            found = order._pegs_below().supply_production_id.sudo(False)
            order.production_ids = found._filtered_access("read").sudo()
            order.supply_production_count = len(order.production_ids)

    def _plan_lines(self):
        return super()._plan_lines() | self._pegs_below().supply_production_id.plan_line_id

    def action_view_supply_productions(self):
        """The production orders behind this order, through all levels."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Production Orders"),
            "res_model": "mrp.production",
            "view_mode": "list,form",
            "domain": [["id", "in", self.production_ids.ids]],
        }
