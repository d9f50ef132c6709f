from odoo import api, models

from ..engine import handover, reads, rows, writer


class SupplyPlannerHandover(models.Model):
    """Products that come under the plan, and those that leave it."""

    _inherit = "supply.planner"

    @api.model
    def _enter_products(self, products):
        """Plan products that stock's rules ordered so far, and what is made of them."""
        if products:
            self.env.flush_all()
            above = products.browse(self._products_above(products.ids))
            self._plan_products(products | above)

    @api.model
    def _leave_products(self, products):
        """Take products out of the plan: their open lines, pegs and messages go, what was released
        stays as open documents. Their reordering rules come back, and the plan of products above
        and below follows."""
        if not products:
            return
        self.env["stock.warehouse.orderpoint"]._resume(products)
        self.env.flush_all()
        cr, product_ids = self.env.cr, products.ids
        warehouse_ids = handover.planned_warehouses(cr, product_ids)
        if not warehouse_ids:
            return
        sale_lines = handover.pegged_sale_lines(cr, product_ids)
        neighbours = handover.neighbours(cr, product_ids, self.env["supply.peg"]._chain_columns())
        handover.delete_plan(cr, product_ids)
        handover.clear_promises(cr, sale_lines)
        writer.write_promises(cr, list(rows.promise_rows(reads.sale_line_dates(cr, sale_lines))))
        writer.bump(cr, warehouse_ids)
        self._forget()
        self._plan_products(self.env["product.product"].browse(neighbours))

    @api.model
    def _products_above(self, product_ids):
        """Ids of products that consume these. Without productions: none."""
        return []
