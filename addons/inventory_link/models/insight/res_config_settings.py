from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_vendor_tolerance = fields.Integer(
        related="company_id.supply_vendor_tolerance", readonly=False
    )
    supply_vendor_basis = fields.Selection(related="company_id.supply_vendor_basis", readonly=False)
    supply_slow_days = fields.Integer(related="company_id.supply_slow_days", readonly=False)
    supply_slow_months = fields.Integer(related="company_id.supply_slow_months", readonly=False)
