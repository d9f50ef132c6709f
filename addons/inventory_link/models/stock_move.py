from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Moves of planned products take from stock; the plan brings the goods, not the move."""
        self.filtered(StockMove._is_fed_by_plan).write({"procure_method": "make_to_stock"})
        return super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)

    def _adjust_procure_method(self, picking_type_code=False):
        """A production that changes asks its routes again; the plan still brings the goods."""
        super()._adjust_procure_method(picking_type_code=picking_type_code)
        self.filtered(StockMove._is_planned_make_to_order).write(
            {"procure_method": "make_to_stock"}
        )

    def _prepare_procurement_values(self):
        """Say which move asks. Stock says so for make to order only; a move that takes from stock
        first and orders the rest looks like a person's own replenishment without it."""
        return super()._prepare_procurement_values() | {"supply_move_ids": self}

    def _get_upstream_documents_and_responsibles(self, visited):
        """Cancelling an order tells whoever buys for it; the salesperson need not see purchases.
        Stock reads them with the salesperson's own rights, and he couldn't cancel at all."""
        return super(StockMove, self.sudo())._get_upstream_documents_and_responsibles(
            visited.sudo()
        )

    def _is_fed_by_plan(self):
        """Not confirmed yet, and make to order where the plan brings the goods."""
        return self.state == "draft" and self._is_planned_make_to_order()

    def _is_planned_make_to_order(self):
        """Make to order, nothing behind it, and out of the stock of a warehouse that plans."""
        return (
            self.procure_method == "make_to_order"
            and self.product_id._is_supply_planned(self.company_id)
            and not self.move_orig_ids
            and self.location_id.warehouse_id
            and self.location_id._child_of(self.location_id.warehouse_id.lot_stock_id)
        )
