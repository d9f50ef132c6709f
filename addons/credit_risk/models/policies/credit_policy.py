from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import policy_records
from ...tools.clearance import cleared, is_cleared
from ...tools.policies import stored_rules


class CreditPolicy(models.Model):
    """A set of rules by which documents are judged.

    That of the account is used, else that of its group, else that of the company, else the
    standard rules that the company's settings make (``tools.rules.standard_rules``).

    Each change (of the policy or of a rule in it) raises ``version``, leaves a decision and a
    ledger entry with the old and the new sentences, and has the customers judged anew.
    """

    _name = "credit.policy"
    _inherit = ["mail.thread", "suite.decision.mixin"]
    _description = "Credit Policy"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Empty: may be used in all companies.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Currency of the rules' amounts; each customer's figures are compared at today's "
        "rate.",
    )
    horizon_days = fields.Integer(
        "Horizon (Days)",
        help="Orders to be delivered later than in this number of days don't count against the "
        "limit yet. 0: all count.",
    )
    rule_ids = fields.One2many(
        "credit.rule",
        "policy_id",
        "Rules",
        copy=True,
        context={"active_test": False},
    )
    note = fields.Text("Description", translate=True)
    version = fields.Integer(
        readonly=True, default=1, copy=False, help="Goes up with each change; decisions name it."
    )
    account_count = fields.Integer("Customers", compute="_compute_account_count")

    _horizon_days_check = models.Constraint(
        "CHECK(COALESCE(horizon_days, 0) >= 0)", "A horizon can't be negative."
    )

    # ------------------------------------------------------------------ computes, constraints

    def _compute_account_count(self):
        for policy in self:
            policy.account_count = self.env["credit.account"].search_count(policy._account_domain())

    @api.constrains("company_id")
    def _check_policy_company(self):
        """:raise ValidationError: customers of another company use the policy"""
        for policy in self.sudo().filtered("company_id"):
            policy._check_company_of(policy._direct_users(), policy.rule_ids)

    def _check_company_of(self, users, rules):
        for user in users:
            company = user if user._name == "res.company" else user.company_id
            if company != self.company_id:
                raise ValidationError(
                    self.env._(
                        "%(policy)s is used by %(user)s, which doesn't belong to %(company)s. "
                        "Leave the policy's company empty, or make a copy of the policy.",
                        policy=self.name,
                        user=user.display_name,
                        company=self.company_id.name,
                    )
                )
        rules._check_scope_company()

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """See the class: what judges differently than before is put on record."""
        if vals.get("active") is False:
            self._check_unused(self.env._("archived"))
        vals = {key: value for key, value in vals.items() if key != "version"}
        with self._recording():
            return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            {key: value for key, value in vals.items() if key != "version"} for vals in vals_list
        ]
        rules = [vals.pop("rule_ids", None) for vals in vals_list]
        policies = super().create(vals_list)
        with cleared(self.env.cr, self._name, policies.ids):
            for policy, commands in zip(policies, rules, strict=True):
                if commands:
                    super(CreditPolicy, policy).write({"rule_ids": commands})
        policies._record_change({policy.id: {} for policy in policies})
        return policies

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused(self.env._("deleted"))

    def copy_data(self, default=None):
        values = super().copy_data(default)
        for policy, vals in zip(self, values, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(policy)s (copy)", policy=policy.name)
        return values

    # ------------------------------------------------------------------ actions

    def action_replay(self):
        """Try this policy on the orders of the last 12 months."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_replay_action")
        return dict(
            action,
            views=[(False, "form")],
            target="current",
            context={"default_what": "policy", "default_policy_id": self.id},
        )

    def action_open_accounts(self):
        """The customers judged by this policy."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_account_action")
        return dict(action, domain=self._account_domain(), context={})

    # ------------------------------------------------------------------ business

    def _rules(self):
        """The active rules of one policy as ``tools.rules.Rule``, in its own currency."""
        self.ensure_one()
        return stored_rules(self.rule_ids.filtered("active").sorted())

    def _rules_version(self):
        """What decisions name as the version of the rules."""
        return str(self.version)

    def _account_domain(self):
        """The accounts that this policy judges: theirs, their group's or their company's."""
        self.ensure_one()
        companies = self.env["res.company"].sudo().search([("credit_policy_id", "=", self.id)])
        return [
            "|",
            ("policy_id", "=", self.id),
            "&",
            ("policy_id", "=", False),
            "|",
            "&",
            ("group_id.active", "=", True),
            ("group_id.policy_id", "=", self.id),
            "&",
            ("company_id", "in", companies.ids),
            "|",
            ("group_id", "=", False),
            ("group_id.policy_id", "=", False),
        ]

    def _direct_users(self):
        """Records that name the policy as theirs: accounts, groups, companies; sudo."""
        domain = [("policy_id", "in", self.ids)]
        return [
            *self.env["credit.account"].sudo().search(domain),
            *self.env["credit.group"].sudo().with_context(active_test=False).search(domain),
            *self.env["res.company"].sudo().search([("credit_policy_id", "in", self.ids)]),
        ]

    def _check_unused(self, what):
        """:raise UserError: somebody is judged by the policy"""
        users = self._direct_users()
        if users:
            raise UserError(
                self.env._(
                    "The policy can't be %(what)s: %(user)s uses it (%(count)s uses in all). Give "
                    "them another policy first.",
                    what=what,
                    user=users[0].display_name,
                    count=len(users),
                )
            )

    @contextmanager
    def _recording(self):
        """Whatever happens inside to these policies and their rules is one change."""
        policies = self.filtered(lambda rec: not is_cleared(self.env.cr, self._name, rec.ids))
        before = {policy.id: policy_records.snapshot(policy) for policy in policies}
        with cleared(self.env.cr, self._name, policies.ids):
            yield
        policies._record_change(before)

    def _record_change(self, before):
        """Keep what was changed and let it count at once.

        :param before: ``{policy id: snapshot}``
        """
        for policy in self.sudo().exists():
            old, new = before[policy.id], policy_records.snapshot(policy)
            if old == new:
                continue
            if old:
                super(CreditPolicy, policy).write({"version": policy.version + 1})
            accounts = self.env["credit.account"].sudo().search(policy._account_domain())
            accounts = accounts._controlled()
            policy._keep(old, new, accounts.company_id)
            accounts._bump()
            accounts._reassess(self.env._("Credit policy %(policy)s changed", policy=policy.name))

    def _keep(self, old, new, companies):
        """Decision and ledger entries, where credit is controlled."""
        companies |= self.company_id or self.env.company
        companies = companies.sudo().filtered(lambda rec: rec.credit_control != "off")
        if not companies:
            return
        self.env["suite.decision"]._record([policy_records.policy_decision(self, old, new)])
        for company in companies:
            self.env["suite.ledger.entry"]._append(
                "credit.policy", policy_records.policy_entry(self, old, new), company
            )
