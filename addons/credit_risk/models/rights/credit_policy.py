from odoo import fields, models

from .credit_account import FINANCE


class CreditPolicy(models.Model):
    _inherit = "credit.policy"

    # Salespeople know the policy's name; who knows the thresholds works up to them.
    rule_ids = fields.One2many(groups=FINANCE)
    horizon_days = fields.Integer(groups=FINANCE)
    note = fields.Text(groups=FINANCE)
