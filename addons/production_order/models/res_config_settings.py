from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_confirm_productions = fields.Boolean(
        related="company_id.supply_confirm_productions", readonly=False
    )
