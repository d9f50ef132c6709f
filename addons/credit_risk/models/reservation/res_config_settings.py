from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    credit_reservation_days = fields.Integer(
        related="company_id.credit_reservation_days", readonly=False
    )
