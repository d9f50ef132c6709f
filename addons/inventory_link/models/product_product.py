from odoo import api, models

from ..engine import handover, reads_plan, rows_pegs, writer


class ProductProduct(models.Model):
    _inherit = "product.product"

    @api.model_create_multi
    def create(self, vals_list):
        """A new planned product may have a safety stock."""
        products = super().create(vals_list)
        products.filtered(lambda product: product.supply_mode == "planned")._enqueue_settings()
        return products

    def write(self, vals):
        told = self if {"active", "product_tmpl_id"} & vals.keys() else self.browse()
        planned = told.sudo().filtered(lambda product: product.supply_mode == "planned")
        result = super().write(vals)
        planned._enqueue_settings()
        return result

    def unlink(self):
        """What the products would have taken isn't needed any more."""
        planned = self.sudo().filtered(lambda product: product.supply_mode == "planned")
        below = set()
        if planned:
            below = set(self.env["supply.planner"].sudo()._components_below(planned.ids))
        rest = self.browse(below - set(self.ids))
        self.env["supply.change"]._enqueue(rest, reason="product")
        return super().unlink()

    def _enqueue_settings(self):
        """Planning settings of these products have changed: what left the plan goes at once; the
        rest is planned by the queue, with what is made of it, whose need begins or ends."""
        if not self or not self.env["res.company"]._some_plan():
            return
        self.env["supply.planner"].sudo()._clear_unplanned(products=self)
        self.env.flush_all()
        above = self.browse(self._ids_above(self.ids))
        self.env["supply.change"]._enqueue(self | above, reason="product")

    def _is_supply_planned(self, company):
        """Whether the plan of this company buys and makes the product, and nobody else may."""
        return bool(company.supply_planning and self.supply_mode == "planned" and self.is_storable)

    def _enter_supply_plan(self):
        """Plan products that stock's rules ordered so far, and what is made of them."""
        if self:
            self.env.flush_all()
            above = self.browse(self._ids_above(self.ids))
            self.env["supply.planner"]._plan_products(self | above)

    def _leave_supply_plan(self):
        """Take products out of the plan: their open lines, pegs and messages go, what was released
        stays as open documents. Their reordering rules come back, and the plan of products above
        and below follows."""
        if not self:
            return
        self.env["stock.warehouse.orderpoint"]._resume(self)
        self.env.flush_all()
        warehouse_ids = handover.planned_warehouses(self.env.cr, self.ids)
        if warehouse_ids:
            neighbours = self._remove_from_plan()
            writer.bump(self.env.cr, warehouse_ids)
            self.env["supply.planner"]._forget()
            self.env["supply.planner"]._plan_products(self.browse(neighbours))

    def _remove_from_plan(self):
        """Delete what the plan holds of these products; ids of the products next to them."""
        cr = self.env.cr
        chain = self.env["supply.peg"]._chain_columns()
        sale_lines = handover.pegged_sale_lines(cr, self.ids)
        neighbours = handover.neighbours(cr, self.ids, chain)
        handover.delete_plan(cr, self.ids)
        handover.clear_promises(cr, sale_lines)
        promised = reads_plan.sale_line_dates(cr, sale_lines)
        writer.write_promises(cr, list(rows_pegs.promise_rows(promised)))
        return neighbours

    def _ids_above(self, product_ids):
        """Ids of products that consume these. Without productions: none."""
        return []
