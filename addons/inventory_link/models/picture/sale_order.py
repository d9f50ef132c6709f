from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    supply_pegged = fields.Boolean("Has Pegs", compute="_compute_supply_pegged", compute_sudo=True)

    @api.depends("order_line.supply_pegged")
    def _compute_supply_pegged(self):
        for order in self:
            order.supply_pegged = any(order.order_line.mapped("supply_pegged"))

    def action_open_picture(self):
        """Open the peg picture of the order: what supplies its lines."""
        return self.env["supply.peg"]._picture_action(self, "down")
