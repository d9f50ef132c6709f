from odoo import models

from ...engine import costs_actual


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        """What comes in is remembered for the order lines that it was pegged to; what goes out or
        comes back changes what their orders cost, in companies that plan."""
        made, bought = self._cost_documents()
        claims = costs_actual.claims(self.env, made, bought) if made or bought else {}
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if claims:
            self.env["supply.cost.source"]._keep(moves._came_in(), claims)
        at_customer = moves.sudo().filtered(
            lambda move: "customer" in (move.location_id.usage, move.location_dest_id.usage)
        )
        lines = at_customer.sale_line_id.filtered(
            lambda line: line.planned_cost_quantity and line.company_id.supply_planning
        )
        lines._update_actual_costs()
        lines.order_id._record_final_costs()
        return moves

    def _cost_documents(self):
        """Productions and purchase lines that these moves bring goods of, where orders are
        planned."""
        moves = self.sudo().filtered("company_id.supply_planning")
        made = moves.production_id
        bought = moves.filtered(
            lambda move: (
                move.location_dest_id.usage != "supplier"
                and move.location_id.usage in ("supplier", "internal", "transit")
            )
        ).purchase_line_id
        return made, bought

    def _came_in(self):
        """``{(field, id): (product, company, quantity in its unit)}`` of these done moves."""
        came = {}
        for move in self.sudo():
            document = move.production_id or move.purchase_line_id
            if move.state != "done" or move.product_id != document.product_id:
                continue
            key = ("production_id" if move.production_id else "purchase_line_id", document.id)
            quantity = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            product, company, before = came.get(key, (move.product_id.id, move.company_id.id, 0.0))
            came[key] = (product, company, before + quantity)
        return came
