from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools import limit_change, limit_records, umbrellas
from ...tools.limit_records import GROUP_FIELDS


class CreditGroup(models.Model):
    """Customers that share one limit, each beside the limit of his own.

    The members may belong to several companies; what each owes is converted to the group's
    currency at today's rate. ``version`` is bumped like that of an account, so that two members
    can't use the shared limit at the same time.
    """

    _name = "credit.group"
    _inherit = ["mail.thread", "suite.decision.mixin"]
    _description = "Credit Group"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", tracking=True, help="Empty: its members are of any company."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    limit_kind = fields.Selection(
        [("limited", "Shared Limit"), ("unlimited", "No Shared Limit")],
        "Shared",
        default="limited",
        required=True,
        tracking=True,
    )
    limit_amount = fields.Monetary("Shared Limit", tracking=True)
    member_limit_kind = fields.Selection(
        [("default", "Company Default"), ("limited", "Limited"), ("unlimited", "Unlimited")],
        "Limit of Each Member",
        default="default",
        required=True,
        tracking=True,
        help="What holds for members without a limit of their own.",
    )
    member_limit_amount = fields.Monetary("Limit Amount of Each Member", tracking=True)
    policy_id = fields.Many2one(
        "credit.policy", "Credit Policy", ondelete="restrict", tracking=True
    )
    limit_reason = fields.Char(
        "Reason of the Change", store=False, help="Kept in the ledger with the change."
    )
    version = fields.Integer(readonly=True, default=0, copy=False)
    account_ids = fields.One2many("credit.account", "group_id", "Members")
    member_count = fields.Integer("Number of Members", compute="_compute_shared", compute_sudo=True)
    exposure = fields.Monetary("Exposure of All", compute="_compute_shared", compute_sudo=True)
    available = fields.Monetary(compute="_compute_shared", compute_sudo=True)

    _amounts_check = models.Constraint(
        "CHECK(COALESCE(limit_amount, 0) >= 0 AND COALESCE(member_limit_amount, 0) >= 0)",
        "A limit can't be negative.",
    )

    @api.constrains("company_id", "account_ids")
    def _check_companies(self):
        for group in self.sudo().filtered("company_id"):
            others = group.account_ids.filtered(
                lambda rec, group=group: rec.company_id != group.company_id
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(group)s is a group of %(company)s, but %(customers)s belong to other "
                        "companies. Take them out first, or leave the company empty.",
                        group=group.name,
                        company=group.company_id.name,
                        customers=", ".join(others.partner_id.mapped("display_name")[:3]),
                    )
                )

    @api.depends("account_ids", "limit_kind", "limit_amount", "currency_id", "active", "version")
    def _compute_shared(self):
        members = self.account_ids
        figures = members._figures() if members else {}
        for group in self:
            accounts = group.account_ids
            exposure = sum(
                account.currency_id._convert(
                    figures[account.id].exposure,
                    group.currency_id,
                    account.company_id,
                    account.company_id._credit_today(),
                    round=False,
                )
                for account in accounts
                if account.id in figures
            )
            group.member_count = len(accounts)
            group.exposure = exposure
            limited = group.limit_kind == "limited"
            group.available = group.limit_amount - exposure if limited else 0.0

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        reasons = [vals.get("limit_reason") for vals in vals_list]
        vals_list = [
            {name: value for name, value in vals.items() if name != "limit_reason"}
            for vals in vals_list
        ]
        for vals in vals_list:
            self._check_shared_change(vals)
        groups = super().create(vals_list)
        for group, reason in zip(groups, reasons, strict=True):
            with limit_change.because(self.env.cr, reason):
                group._record_change({})
            if group.policy_id:
                group.sudo()._record_policy_use(group.sudo().policy_id.browse())
        return groups

    def write(self, vals):
        vals = dict(vals)
        reason = vals.pop("limit_reason", "")
        kept = {*GROUP_FIELDS, "policy_id"}
        if not kept & vals.keys():
            return super().write(vals)
        for group in self:
            group._check_shared_change(vals, reason)
        before = {group.id: limit_records.snapshot(group, GROUP_FIELDS) for group in self}
        policies = {group.id: group.policy_id for group in self}
        members = self._all_members()
        members._bump()
        self._bump()
        result = super().write(vals)
        with limit_change.because(self.env.cr, reason):
            for group in self:
                if before[group.id] != limit_records.snapshot(group, GROUP_FIELDS):
                    group._record_change(before[group.id])
                if group.policy_id != policies[group.id]:
                    group.sudo()._record_policy_use(policies[group.id].sudo())
        if kept & vals.keys() == {"policy_id"}:
            cause = self.env._("Credit policy of the group changed")
        else:
            cause = self.env._("Shared limit changed")
        members._reassess(cause)
        return result

    def unlink(self):
        for group in self:
            group._check_shared_change({"limit_kind": "unlimited"})
            group._record_change(limit_records.snapshot(group, GROUP_FIELDS), deleted=True)
        return super().unlink()

    # ------------------------------------------------------------------ actions

    def action_open_members(self):
        """The accounts that share this limit."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_account_action")
        return dict(action, domain=[("group_id", "in", self.ids)], context={})

    # ------------------------------------------------------------------ business

    def _all_members(self):
        """The members of any company, whoever asks."""
        return self.env["credit.account"].sudo().search([("group_id", "in", self.ids)])

    def _bump(self):
        """As for accounts: a transaction that uses the shared limit can't miss the change.

        Always after the accounts, in the order of ids.
        """
        if self.ids:
            self.flush_recordset(["version"])
            umbrellas.bump_groups(self.env, self.ids)
            self.invalidate_recordset(["version"], flush=False)

    def _controlling_companies(self):
        """The companies of the group or its members in which credit is controlled."""
        companies = self.company_id or self._all_members().company_id or self.env.company
        controlled = companies.sudo().filtered(lambda company: company.credit_control != "off")
        return controlled.sorted("id")

    def _record_policy_use(self, old):
        """Neutral here; see the policies."""
        self.ensure_one()

    def _record_change(self, before, deleted=False):
        """Keep who changed what, in the ledger of each company where credit is controlled."""
        self.ensure_one()
        companies = self._controlling_companies()
        if not companies:
            return
        cause = limit_change.cause(self.env.cr)
        self.env["suite.decision"]._record([limit_records.group_decision(self, before, cause)])
        entry = limit_records.group_entry(self, before, cause)
        for company in companies:
            self.env["suite.ledger.entry"]._append(
                "credit.limit", entry | {"deleted": True} if deleted else entry, company
            )
