from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_planning = fields.Boolean(related="company_id.supply_planning", readonly=False)
    supply_dampener_days = fields.Integer(related="company_id.supply_dampener_days", readonly=False)
    supply_window_days = fields.Integer(related="company_id.supply_window_days", readonly=False)
    supply_approval_amount = fields.Monetary(
        related="company_id.supply_approval_amount",
        currency_field="company_currency_id",
        readonly=False,
    )
