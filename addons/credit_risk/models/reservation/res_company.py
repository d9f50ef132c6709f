from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_reservation_days = fields.Integer(
        "Keep Reserved Stock",
        help="Days that stock stays reserved for a delivery that is locked for credit; after "
        "them others may have it. 0: as long as the delivery waits.",
    )

    @api.constrains("credit_reservation_days")
    def _check_credit_reservation_days(self):
        if any(company.credit_reservation_days < 0 for company in self):
            raise ValidationError(self.env._("Days of reservation can't be negative."))
