from odoo import fields, models

from ...tools.policies import stored_rules


class CreditPolicy(models.Model):
    """A set of rules by which documents are judged.

    That of the account is used, else that of its group, else that of the company, else the
    standard rules that the company's settings make (``tools.rules.standard_rules``).
    """

    _name = "credit.policy"
    _inherit = ["mail.thread"]
    _description = "Credit Policy"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    horizon_days = fields.Integer(
        "Horizon (Days)",
        help="Orders to be delivered later than in this number of days don't count against the "
        "limit yet. 0: all count.",
    )
    rule_ids = fields.One2many("credit.rule", "policy_id", "Rules", copy=True)
    note = fields.Text("Description", translate=True)

    def _rules(self):
        """The active rules of one policy as ``tools.rules.Rule``, in its own currency."""
        self.ensure_one()
        return stored_rules(self.rule_ids.filtered("active").sorted())

    def _rules_version(self):
        """What decisions name as the version of the rules."""
        return "1"
