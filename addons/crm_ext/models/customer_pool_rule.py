from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .customer_pool import POOLS

FACTS = [
    ("paid_invoice", "Paid invoice"),
    ("delivered_order", "Delivered order"),
    ("open_order", "Confirmed order not yet delivered"),
    ("open_quotation", "Open quotation"),
    ("open_opportunity", "Opportunity with amount and closing date"),
]
CONTENT = {"to_pool", "fact", "months", "minimum_amount", "company_id", "active", "sequence"}


class CustomerPoolRule(models.Model):
    """A visible rule: who has this fact belongs to this pool; the first rule that fits wins."""

    _name = "customer.pool.rule"
    _description = "Customer Pool Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    to_pool = fields.Selection(POOLS, required=True)
    fact = fields.Selection(FACTS, required=True, string="If the Customer Has")
    months = fields.Integer(
        string="Within Months",
        help="Only documents of the last months count, by the date of the order or invoice "
        "(opportunities: by the date they were made). 0: without limit.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    minimum_amount = fields.Monetary(
        help="In the company's currency, tax included. Documents without amount never count."
    )
    company_id = fields.Many2one(
        "res.company",
        help="A rule of one company replaces the common rules for the same fact there.",
    )
    version = fields.Integer(default=1, readonly=True, copy=False)

    _months_positive = models.Constraint("CHECK(months >= 0)", "Months can't be negative.")

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    def write(self, vals):
        """Count versions, so that a decision tells by which wording it was made."""
        if not CONTENT.isdisjoint(vals):
            for rule in self:
                super(CustomerPoolRule, rule).write({"version": rule.version + 1})
        return super().write({k: v for k, v in vals.items() if k != "version"})

    def action_classify(self):
        """Apply the rules to all customers now (sales managers)."""
        if not self.env.user.has_group("sales_team.group_sale_manager"):
            raise AccessError(self.env._("Only a sales manager can apply the rules to everybody."))
        counts = self.env["customer.pool"].classify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Moved %(moved)s customers. Nurture %(nurture)s, target %(target)s, "
                    "won %(won)s.",
                    **counts,
                ),
            },
        }

    def _since(self, today):
        """First day that counts, or None without limit."""
        return today - relativedelta(months=self.months) if self.months else None
