from odoo import api, models

#: Who asks for a need that isn't a person's own act.
ASKED_BY = ("orderpoint_id", "move_dest_ids", "supply_move_ids")


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, procurements):
        return super()._run_buy(self._without_planned(procurements))

    @api.model
    def _without_planned(self, procurements):
        """Drop what the plan takes care of: needs of planned products at a place of a warehouse
        that a move or a reordering rule asks for. A person's own replenishment goes through and
        counts as supply, and so do goods that a vendor ships to a customer or a subcontractor."""
        kept = []
        for procurement, rule in procurements:
            if self._is_planned_need(procurement):
                self._take_from_stock(procurement)
            else:
                kept.append((procurement, rule))
        return kept

    @api.model
    def _is_planned_need(self, procurement):
        location = procurement.location_id
        return (
            procurement.product_id._is_supply_planned(procurement.company_id)
            and (location.usage == "transit" or bool(location.warehouse_id))
            and any(procurement.values.get(key) for key in ASKED_BY)
        )

    @api.model
    def _take_from_stock(self, procurement):
        """A move that waited for this order reserves what comes, as when stock finds no vendor."""
        moves = procurement.values.get("move_dest_ids") or self.env["stock.move"]
        moves.filtered(lambda move: not move.move_orig_ids).procure_method = "make_to_stock"
