from odoo import fields, models


class CreditSelfCheck(models.Model):
    """One night's proof of the figures: how many accounts were computed twice, what differed."""

    _name = "credit.self.check"
    _description = "Credit Self-Check"
    _order = "id desc"
    _rec_name = "create_date"

    create_date = fields.Datetime("Checked On", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index=True, ondelete="cascade")
    account_count = fields.Integer("Accounts Checked", readonly=True)
    drift_count = fields.Integer("Accounts With Drift", readonly=True)
    drift_max = fields.Float(
        "Largest Drift", readonly=True, digits=(16, 2), help="In the currency of the limit."
    )
    account_ids = fields.Many2many("credit.account", string="Accounts", readonly=True)
    drift = fields.Text(
        readonly=True, help="One line for each figure that differs from its slow recomputation."
    )
    seconds = fields.Float("Seconds Needed", readonly=True, digits=(16, 1))
