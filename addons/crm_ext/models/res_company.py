from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    customer_pools = fields.Boolean(
        help="Put every customer into one of the pools nurture, target and won, by rules."
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(companies.mapped("customer_pools")):
            self.env.registry.clear_cache()
        return companies

    def write(self, vals):
        """Switching on classifies everybody at once, so that no list starts empty."""
        result = super().write(vals)
        if "customer_pools" in vals:
            self.env.registry.clear_cache()
        if vals.get("customer_pools"):
            self.env["customer.pool"].sudo()._classify()
        return result

    def _customer_pool_today(self):
        """Today in the company's own time zone."""
        tz = self.partner_id.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=tz))
