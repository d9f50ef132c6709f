from odoo import api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, procurements):
        return super()._run_buy(self._without_planned(procurements))

    @api.model
    def _without_planned(self, procurements):
        """Drop what the plan takes care of: needs of planned products at an internal place that a
        move or a reordering rule asks for. A person's own replenishment goes through and counts as
        supply, and so do goods that a vendor ships to the customer directly."""
        return [
            (procurement, rule)
            for procurement, rule in procurements
            if not self._is_planned_need(procurement)
        ]

    @api.model
    def _is_planned_need(self, procurement):
        return (
            procurement.company_id.supply_planning
            and procurement.product_id.supply_mode == "planned"
            and procurement.location_id.usage in ("internal", "transit")
            and bool(
                procurement.values.get("orderpoint_id") or procurement.values.get("move_dest_ids")
            )
        )
