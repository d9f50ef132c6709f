from odoo import fields, models

from .credit_account import FINANCE


class CreditGroup(models.Model):
    _inherit = "credit.group"

    # Salespeople know the group's name; its limit tells about others' customers.
    limit_kind = fields.Selection(groups=FINANCE)
    limit_amount = fields.Monetary(groups=FINANCE)
    member_limit_kind = fields.Selection(groups=FINANCE)
    member_limit_amount = fields.Monetary(groups=FINANCE)
