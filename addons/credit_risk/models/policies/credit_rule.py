from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.rule_text import rule_names


class CreditRule(models.Model):
    """One condition of a policy: where it is checked, for whom, and what follows.

    Meaning of the thresholds by ``condition`` (rules in ``tools/rules.py``):

    * ``limit``: exposure with the document is above ``percent`` of the effective limit
      (``warn`` at ``percent`` or above); plus ``amount`` when given. 0 percent means no credit,
      whatever the limit is.
    * ``overdue``: items later than ``days`` days sum to more than ``amount``, net of unapplied
      credits, each instalment by its own due date.
    * ``expired``: the limit's last day, plus ``days`` days of grace, is over.
    * ``terms``: the document's payment terms are longer than the customer's own.
    * ``order_amount``: the document is about more than ``amount``.

    ``effect`` ``exclude`` turns the meaning round: while days late are below ``days`` (if given)
    and the amount is below ``amount`` (if given), the rules named by ``excludes`` don't count.
    """

    _name = "credit.rule"
    _description = "Credit Rule"
    _order = "policy_id, sequence, id"

    name = fields.Char("Rule", compute="_compute_name")
    policy_id = fields.Many2one("credit.policy", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    check = fields.Selection(
        [
            ("confirm", "Confirmation"),
            ("delivery", "Delivery"),
            ("confirm_delivery", "Confirmation and Delivery"),
            ("invoice", "Invoice"),
            ("all", "Everywhere"),
        ],
        "Checked At",
        required=True,
        default="confirm_delivery",
        help="Invoice: invoices that come from no order. Those of orders are never stopped.",
    )
    condition = fields.Selection(
        [
            ("limit", "Over the Limit"),
            ("overdue", "Overdue"),
            ("expired", "Limit Expired"),
            ("terms", "Longer Payment Terms"),
            ("order_amount", "Document Amount"),
        ],
        required=True,
        default="limit",
    )
    effect = fields.Selection(
        [("warn", "Warn"), ("block", "Block"), ("exclude", "Don't Check")],
        required=True,
        default="block",
    )
    excludes = fields.Selection(
        [("condition", "Rules of the Same Condition"), ("all", "All Rules")],
        "Leaves Out",
        default="condition",
    )
    percent = fields.Float(
        "Percent of the Limit", default=100.0, help="0: no credit, whatever the limit is."
    )
    days = fields.Integer(help="Overdue: tolerated days. Limit expired: days of grace.")
    amount = fields.Monetary(
        help="Overdue: tolerated amount. Limit: comes on top of the percentage."
    )
    grace_days = fields.Integer(
        "Days After Approval",
        help="A delivery isn't checked again within this number of days after its order passed.",
    )
    scope = fields.Selection(
        [
            ("all", "All Customers"),
            ("customer", "Customers"),
            ("group", "Credit Groups"),
            ("rating", "Rating"),
        ],
        required=True,
        default="all",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Customers", domain="[('is_company', '=', True)]"
    )
    group_ids = fields.Many2many("credit.group", string="Credit Groups")
    rating = fields.Selection([("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")])

    _thresholds_check = models.Constraint(
        "CHECK(COALESCE(percent, 0) >= 0 AND COALESCE(days, 0) >= 0"
        " AND COALESCE(amount, 0) >= 0 AND COALESCE(grace_days, 0) >= 0)",
        "Percent, days and amounts of a rule can't be negative.",
    )

    # ------------------------------------------------------------------ computes, constraints

    @api.depends_context("lang")
    @api.depends(
        "check",
        "condition",
        "effect",
        "excludes",
        "percent",
        "days",
        "amount",
        "grace_days",
        "scope",
        "partner_ids",
        "group_ids",
        "rating",
        "currency_id",
    )
    def _compute_name(self):
        """The rule as a sentence in the reader's language."""
        complete = self.filtered(lambda rule: rule.check and rule.condition and rule.effect)
        (self - complete).name = False
        for rule, name in zip(complete, rule_names(self.env, complete), strict=True):
            rule.name = name

    @api.depends("name")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.name

    @api.constrains("scope", "partner_ids", "group_ids", "rating")
    def _check_scope(self):
        """:raise ValidationError: a scope without anybody in it, or with a mere contact"""
        for rule in self:
            if rule.scope == "customer" and not rule.partner_ids:
                raise ValidationError(self.env._("Choose the customers that the rule is for."))
            if rule.scope == "group" and not rule.group_ids:
                raise ValidationError(self.env._("Choose the groups that the rule is for."))
            if rule.scope == "rating" and not rule.rating:
                raise ValidationError(self.env._("Choose the rating that the rule is for."))
            for partner in rule.partner_ids:
                if partner.commercial_partner_id != partner:
                    raise ValidationError(
                        self.env._(
                            "%(contact)s is a contact of %(customer)s. Credit is given to the "
                            "whole customer: choose %(customer)s.",
                            contact=partner.name or partner.display_name,
                            customer=partner.commercial_partner_id.display_name,
                        )
                    )
        self._check_scope_company()

    def _check_scope_company(self):
        """:raise ValidationError: groups or customers of another company than the policy's"""
        for rule in self.sudo().filtered(lambda rec: rec.policy_id.company_id):
            company = rule.policy_id.company_id
            for record in (*rule.partner_ids, *rule.group_ids):
                if record.company_id and record.company_id != company:
                    raise ValidationError(
                        self.env._(
                            "%(record)s belongs to %(other)s, the policy to %(company)s.",
                            record=record.display_name,
                            other=record.company_id.name,
                            company=company.name,
                        )
                    )

    @api.constrains("effect", "condition", "percent", "days", "amount", "scope")
    def _check_exclusion(self):
        """:raise ValidationError: an exclusion that would switch the check off for everybody"""
        for rule in self.filtered(lambda rec: rec.effect == "exclude"):
            bounds = {
                "limit": rule.percent or rule.amount,
                "overdue": rule.days or rule.amount,
                "order_amount": rule.amount,
                "expired": rule.days or rule.scope != "all",
                "terms": rule.scope != "all",
            }
            if not bounds[rule.condition]:
                raise ValidationError(
                    self.env._(
                        "A rule that leaves something out needs a bound: days or an amount below "
                        "which it holds, or (for terms and expired limits) the customers that it "
                        "is for. Without one the check would be off for everybody."
                    )
                )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["credit.policy"].browse(
            {vals["policy_id"] for vals in vals_list if vals.get("policy_id")}
        )
        with policies._recording():
            return super().create(vals_list)

    def write(self, vals):
        policies = self.policy_id
        if vals.get("policy_id"):
            policies |= policies.browse(vals["policy_id"])
        with policies._recording():
            return super().write(vals)

    def unlink(self):
        with self.policy_id._recording():
            return super().unlink()
