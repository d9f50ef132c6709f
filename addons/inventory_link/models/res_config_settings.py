from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_planning = fields.Boolean(related="company_id.supply_planning", readonly=False)
    supply_dampener_days = fields.Integer(related="company_id.supply_dampener_days", readonly=False)
    supply_digest_hours = fields.Integer(related="company_id.supply_digest_hours", readonly=False)
