from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import over_limit, records
from ..tools.figures_names import FIGURES
from ..tools.records import LIMIT_FIELDS, TERMS_FIELDS, account_value


class CreditAccount(models.Model):
    """What one customer (with all contacts) owes and may owe to one company.

    ``version`` is written by every transaction that raises the exposure. Under the database's
    snapshot isolation that is what makes two simultaneous checks of one customer impossible:
    the second writer is refused, and Odoo runs it again on fresh figures.
    """

    _name = "credit.account"
    _inherit = ["mail.thread", "mail.activity.mixin", "suite.decision.mixin"]
    _description = "Credit Account"
    _order = "partner_id, company_id, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(
        "res.currency",
        "Limit Currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="Currency of the limit and of all figures here; at first the company's.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    version = fields.Integer(readonly=True, default=0, copy=False)
    limit_kind = fields.Selection(
        [("default", "Company Default"), ("limited", "Limited"), ("unlimited", "Unlimited")],
        "Limit",
        default="default",
        required=True,
        tracking=True,
    )
    limit_amount = fields.Monetary(
        tracking=True, help="In the currency of the limit, tax included. 0 means no credit."
    )
    limit_valid_to = fields.Date(
        "Valid Until",
        tracking=True,
        help="Last day of the limit. After it (and the grace of the company) new orders and "
        "deliveries are put on hold.",
    )
    limit_line_ids = fields.One2many("credit.limit.line", "account_id", "Changes of the Limit")
    policy_id = fields.Many2one(
        "credit.policy",
        "Credit Policy",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty: that of the group, else that of the company.",
    )
    group_id = fields.Many2one(
        "credit.group",
        "Credit Group",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Customers who share a limit.",
    )
    parent_id = fields.Many2one(
        "credit.account",
        "Parent Account",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        tracking=True,
        help="Company that the customer belongs to: its limit holds for both together.",
    )
    child_ids = fields.One2many("credit.account", "parent_id", "Subsidiaries")
    rating = fields.Selection([("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")], tracking=True)
    manual_hold = fields.Boolean(
        "Held by Hand", tracking=True, help="Nothing is confirmed or shipped for this customer."
    )
    manual_hold_reason = fields.Char("Reason of the Hold", tracking=True)
    effective_limit = fields.Monetary(compute="_compute_figures")
    is_unlimited = fields.Boolean("Unlimited", compute="_compute_figures")
    receivable = fields.Monetary(
        compute="_compute_figures", help="Open posted items less payments not yet matched."
    )
    delivered_not_invoiced = fields.Monetary(compute="_compute_figures")
    open_orders = fields.Monetary(
        compute="_compute_figures", help="Confirmed and not yet delivered or invoiced."
    )
    draft_invoices = fields.Monetary(
        compute="_compute_figures", help="Draft invoices that come from no order."
    )
    bills = fields.Monetary(
        "Bills of Exchange", compute="_compute_figures", help="Received and not yet matured."
    )
    exposure = fields.Monetary(compute="_compute_figures")
    available = fields.Monetary(compute="_compute_figures")
    excess = fields.Monetary("Over By", compute="_compute_figures")
    overdue_amount = fields.Monetary("Overdue", compute="_compute_figures")
    overdue_days = fields.Integer("Days Overdue", compute="_compute_figures")
    is_over_limit = fields.Boolean(
        "Over the Limit", compute="_compute_figures", search="_search_is_over_limit"
    )
    is_overdue = fields.Boolean(
        "Overdue Beyond Tolerance", compute="_compute_figures", search="_search_is_overdue"
    )
    is_locked = fields.Boolean(
        "Shipments Locked", compute="_compute_figures", search="_search_is_locked"
    )
    hold_ids = fields.One2many("credit.hold", "account_id", "Holds")
    open_hold_count = fields.Integer("Open Holds", compute="_compute_open_hold_count")

    _partner_company_uniq = models.Constraint(
        "UNIQUE(partner_id, company_id)", "A customer has one credit account in a company."
    )
    _limit_amount_check = models.Constraint(
        "CHECK(limit_amount IS NULL OR limit_amount >= 0)", "A limit can't be negative."
    )

    # ------------------------------------------------------------------ computes

    @api.depends("company_id")
    def _compute_currency_id(self):
        for account in self.filtered(lambda rec: not rec.currency_id):
            account.currency_id = account.company_id.currency_id

    @api.depends(
        "version",
        "currency_id",
        "limit_kind",
        "limit_amount",
        "limit_valid_to",
        "company_id.credit_control",
        "company_id.credit_default_limit",
        "company_id.credit_default_limit_kind",
        "company_id.credit_limit_grace_days",
        "company_id.credit_overdue_days",
        "company_id.credit_overdue_amount",
        "company_id.credit_count_drafts",
    )
    def _compute_figures(self):
        figures = self._figures()
        for account in self:
            found = figures.get(account._origin.id)
            if not found:
                account.update(dict.fromkeys(FIGURES, False))
                continue
            reasons = found.reasons()
            values = {
                "effective_limit": 0.0 if found.unlimited else found.limit,
                "is_unlimited": found.unlimited,
                "excess": found.excess(),
                "is_over_limit": bool(found.excess()),
                "is_locked": bool(reasons) and account.company_id.credit_control == "block",
            }
            for name in FIGURES:
                account[name] = values[name] if name in values else getattr(found, name)

    @api.depends("hold_ids.state")
    def _compute_open_hold_count(self):
        counts = dict(
            self.env["credit.hold"]
            .sudo()
            ._read_group(
                [("account_id", "in", self.ids), ("state", "=", "open")],
                ["account_id"],
                ["__count"],
            )
        )
        for account in self:
            account.open_hold_count = counts.get(account._origin, 0)

    def _search_is_over_limit(self, operator, value):
        if operator != "in":
            return NotImplemented
        todays = {c.id: c._credit_today() for c in self.env["res.company"].sudo().search([])}
        return Domain("id", "in", over_limit.over_limit_ids(self.env, todays))

    def _search_is_overdue(self, operator, value):
        return self._search_by_figures(operator, [], lambda found: found.is_overdue)

    def _search_is_locked(self, operator, value):
        locking = [("credit_control", "=", "block")]
        return self._search_by_figures(operator, locking, lambda found: bool(found.reasons()))

    def _search_by_figures(self, operator, domain, matches):
        """The accounts that match, in companies of this domain."""
        if operator != "in":
            return NotImplemented
        companies = self.env["res.company"].sudo().search(domain)
        todays = {company.id: company._credit_today() for company in companies}
        return Domain("id", "in", over_limit.blocked_ids(self.env, todays, matches))

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """An account belongs to the commercial entity; each of its contacts leads to it."""
        partners = self.env["res.partner"]
        for vals in vals_list:
            partner = partners.browse(vals.get("partner_id"))
            vals["partner_id"] = partner.commercial_partner_id.id
        accounts = super().create(vals_list)
        for account in accounts.filtered(lambda rec: rec.limit_kind != "default"):
            account._record_limit_change({"limit_kind": "default", "limit_amount": 0.0})
        return accounts

    def write(self, vals):
        """What decides about documents is kept when it changes, and they are judged again."""
        kept = (*LIMIT_FIELDS, *TERMS_FIELDS, "policy_id")
        names = set(kept) & vals.keys()
        if not names:
            return super().write(vals)
        before = {
            account.id: {name: account_value(account, name) for name in kept} for account in self
        }
        self._bump()
        result = super().write(vals)
        for account in self:
            old = before[account.id]
            changed = {name for name in names if account_value(account, name) != old[name]}
            if changed & set(LIMIT_FIELDS):
                account._record_limit_change({name: old[name] for name in LIMIT_FIELDS})
            if changed & set(TERMS_FIELDS):
                account._record_terms_change(old)
            if "policy_id" in changed:
                policy = self.env["credit.policy"].sudo().browse(old["policy_id"])
                account.sudo()._record_policy_use(policy)
        if names == {"policy_id"}:
            cause = self.env._("Credit policy of the customer changed")
        else:
            cause = self.env._("Credit limit changed")
        self._reassess(cause)
        return result

    # ------------------------------------------------------------------ actions

    def action_hold(self, reason):
        """Hold a customer by hand: nothing is confirmed or shipped until it is lifted.

        :param str reason: needed; kept in the ledger
        :raise AccessError: for others than credit controllers
        :raise UserError: no reason
        """
        self._check_controller()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        self.sudo().write({"manual_hold": True, "manual_hold_reason": reason})
        return True

    def action_lift_hold(self):
        """End a hold by hand; documents are judged by the rules again.

        :raise AccessError: for others than credit controllers
        """
        self._check_controller()
        self.sudo().write({"manual_hold": False, "manual_hold_reason": False})
        return True

    def _check_controller(self):
        self.check_access("read")
        if not self.env.user.has_group("credit_risk.group_credit_controller"):
            raise AccessError(self.env._("Only credit controllers may hold a customer by hand."))

    # ------------------------------------------------------------------ business: limits

    def _check_limit_right(self):
        """:raise AccessError: for others than credit managers"""
        if not self.env.su and not self.env.user.has_group("credit_risk.group_credit_manager"):
            raise AccessError(self.env._("Only credit managers may change a credit limit."))

    def _record_limit_change(self, before):
        """Keep who changed the limit from what to what, where credit is controlled."""
        self.ensure_one()
        if not self._controlled():
            return
        self.env["suite.decision"]._record([records.limit_decision(self, before)])
        self.env["suite.ledger.entry"]._append(
            "credit.limit", records.limit_entry(self, before), self.company_id
        )

    def _record_terms_change(self, before):
        """Keep another rating or hold by hand, where credit is controlled."""
        self.ensure_one()
        if not self._controlled():
            return
        self.env["suite.decision"]._record([records.terms_decision(self, before)])
        self.env["suite.ledger.entry"]._append(
            "credit.limit", records.terms_entry(self, before), self.company_id
        )

    def _record_policy_use(self, old):
        """Keep another policy; neutral here, see the policies."""
        self.ensure_one()
