from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """Goods that arrived, were made or were counted may make productions ready."""
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        self.env["mrp.production"]._wake_notices(moves)
        return moves

    def _for_production(self):
        """The production that this move takes for, or brings to."""
        self.ensure_one()
        return self.raw_material_production_id or self.move_dest_ids.raw_material_production_id[:1]
