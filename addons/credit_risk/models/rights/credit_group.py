from odoo import api, fields, models

from ...tools.guarded import without
from .credit_account import FINANCE


class CreditGroup(models.Model):
    _inherit = "credit.group"

    # Salespeople know the group's name; its limit tells about others' customers.
    limit_kind = fields.Selection(groups=FINANCE)
    limit_amount = fields.Monetary(groups=FINANCE)
    member_limit_kind = fields.Selection(groups=FINANCE)
    member_limit_amount = fields.Monetary(groups=FINANCE)
    exposure = fields.Monetary(groups=FINANCE)
    available = fields.Monetary(groups=FINANCE)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, {"version"}) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """The counter is the system's; docs/flow.md."""
        if not self.env.su:
            vals = without(vals, {"version"})
        return super().write(vals) if vals else True
