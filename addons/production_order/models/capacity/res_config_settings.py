from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_capacity = fields.Boolean(related="company_id.supply_capacity", readonly=False)
