from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_hold_supply = fields.Selection(
        related="company_id.credit_hold_supply", readonly=False, required=True
    )
