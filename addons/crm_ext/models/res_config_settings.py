from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    customer_pools = fields.Boolean(related="company_id.customer_pools", readonly=False)
