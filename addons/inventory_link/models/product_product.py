from odoo import api, models


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
        self.env["supply.change"]._enqueue(self | self.sudo()._supply_users(), reason="product")

    def _supply_users(self):
        """Products that take these. Without productions: none."""
        return self.browse()
