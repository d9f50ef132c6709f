from odoo import api, models

#: What the plan reads of a move.
PLAN_FIELDS = {
    "product_id",
    "product_uom_qty",
    "product_uom",
    "date",
    "location_id",
    "location_dest_id",
    "location_final_id",
    "priority",
    "company_id",
    "sale_line_id",
    "purchase_line_id",
}
SETTLED = {"draft", "done", "cancel"}


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        moves._enqueue_supply()
        return moves

    def write(self, vals):
        """Open, done or cancelled, how many, when, where: tell the plan. Reservation changes the
        state all the time and means nothing to it."""
        told = self if self._supply_fields() & vals.keys() else self._changing_supply_state(vals)
        told._enqueue_supply()
        result = super().write(vals)
        if "product_id" in vals or "company_id" in vals:
            told._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_supply()
        self.env["supply.change"]._enqueue_owners("supply_move_id", self.ids)
        return super().unlink()

    @api.model
    def _supply_fields(self):
        return PLAN_FIELDS

    def _changing_supply_state(self, vals):
        new = vals.get("state")
        return self.filtered(lambda move: new and new != move.state and {new, move.state} & SETTLED)

    def _enqueue_supply(self):
        """These moves are new to the plan, or not what it knew."""
        moves = self.sudo().filtered("company_id.supply_planning")
        if moves:
            self.env["supply.change"]._enqueue(moves._supply_products(), reason="move")

    def _supply_products(self):
        """Planned products whose plan reads these moves."""
        return self.product_id.filtered(lambda product: product.supply_mode == "planned")

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
