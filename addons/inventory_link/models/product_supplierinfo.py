from odoo import api, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        prices._enqueue_supply()
        return prices

    def write(self, vals):
        """Price, minimum, lead time, validity, currency: everything of a price may matter."""
        if {"product_id", "product_tmpl_id", "company_id"} & vals.keys():
            self._enqueue_supply()
        result = super().write(vals)
        self._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_supply()
        return super().unlink()

    def _enqueue_supply(self):
        """Vendor prices of these products have changed."""
        if not self or not self.env["res.company"]._some_plan():
            return
        products = self.env["product.product"]
        for price in self.sudo():
            if not price.company_id or price.company_id.supply_planning:
                products |= price.product_id or price.product_tmpl_id.product_variant_ids
        planned = products.filtered(lambda product: product.supply_mode == "planned")
        self.env["supply.change"]._enqueue(planned, reason="price")
