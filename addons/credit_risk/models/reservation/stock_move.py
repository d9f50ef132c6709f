from odoo import api, fields, models
from odoo.fields import Domain


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_assign(self, force_qty=False):
        """Stock that was taken from a locked delivery isn't reserved for it again; docs/flow.md."""
        return super(StockMove, self - self._credit_without_stock())._action_assign(
            force_qty=force_qty
        )

    # ------------------------------------------------------------------ business

    def _credit_without_stock(self):
        """The moves whose locked delivery (or all their deliveries) lost its stock."""
        freed = (
            self.env["stock.picking"]
            .sudo()
            .search([("credit_freed_date", "!=", False), ("state", "not in", ("done", "cancel"))])
        )
        if not freed:
            return self.browse()
        waiting = self.sudo().filtered(lambda move: move.state not in ("done", "cancel"))
        ends = {move: move._credit_last_moves() for move in waiting}
        mine = freed & freed.union(*(moves.picking_id for moves in ends.values()))
        freed = mine.filtered("shipment_locked")
        return self.filtered(
            lambda move: bool(
                (last := ends.get(move.sudo())) and last.picking_id and last.picking_id <= freed
            )
        )

    def _credit_last_moves(self):
        """Where the goods of this move end: itself, or the open moves that wait for it."""
        last, level = self.browse(), self
        seen = self
        while level:
            followers = level.move_dest_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            last |= level.filtered(
                lambda move, followers=followers: not (move.move_dest_ids & followers)
            )
            level = followers - seen
            seen |= followers
        return last

    @api.model
    def _credit_assign_waiting(self, moves):
        """Stock of these products is free at these places: reserve it for who waits, in order."""
        if not moves:
            return
        static = Domain("state", "in", ["confirmed", "partially_available"])
        static &= Domain("procure_method", "=", "make_to_stock")
        static &= Domain("reservation_date", "<=", fields.Date.today()) | Domain(
            "picking_type_id.reservation_method", "=", "at_confirm"
        )
        places = Domain.OR(
            Domain("product_id", "=", move.product_id.id)
            & Domain("location_id", "parent_of", move.location_id.id)
            for move in moves
        )
        waiting = self.search(static & places, order="priority desc, date asc, id asc")
        waiting._action_assign()
