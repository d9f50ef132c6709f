from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_scrap_rule = fields.Selection(related="company_id.supply_scrap_rule", readonly=False)
    supply_confirm_productions = fields.Boolean(
        related="company_id.supply_confirm_productions", readonly=False
    )
