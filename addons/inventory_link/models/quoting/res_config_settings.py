from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_reservation_days = fields.Integer(
        related="company_id.supply_reservation_days", readonly=False
    )
    supply_reservation_on_sent = fields.Boolean(
        related="company_id.supply_reservation_on_sent", readonly=False
    )
