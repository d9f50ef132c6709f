from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Goods have reached the customer: record whether in time, and why not."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        lines = moves.sudo().filtered(
            lambda move: (
                move.state == "done"
                and move.location_dest_id.usage == "customer"
                and move.sale_line_id.company_id.supply_planning
            )
        )
        if lines:
            self.env["supply.delivery"]._record(lines.sale_line_id, max(lines.mapped("date")))
        return moves
