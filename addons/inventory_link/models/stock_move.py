from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        """Moves of planned products take from stock; the plan brings the goods, not the move."""
        self.filtered(StockMove._is_fed_by_plan).write({"procure_method": "make_to_stock"})
        return super()._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)

    def _get_upstream_documents_and_responsibles(self, visited):
        """Cancelling an order tells whoever buys for it; the salesperson need not see purchases.
        Stock reads them with the salesperson's own rights, and he couldn't cancel at all."""
        return super(StockMove, self.sudo())._get_upstream_documents_and_responsibles(
            visited.sudo()
        )

    def _is_fed_by_plan(self):
        """Make to order, nothing behind it yet, and out of the stock of a warehouse that plans."""
        return (
            self.procure_method == "make_to_order"
            and self.state == "draft"
            and self.company_id.supply_planning
            and self.product_id.supply_mode == "planned"
            and self.product_id.is_storable
            and not self.move_orig_ids
            and self.location_id.warehouse_id
            and self.location_id._child_of(self.location_id.warehouse_id.lot_stock_id)
        )
