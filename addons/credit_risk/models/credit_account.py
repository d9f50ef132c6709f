from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..tools import accounts_sql, figures_sql, over_limit, records
from ..tools.records import LIMIT_FIELDS

BATCH = 200  # customers that the hourly job looks at in one transaction

FIGURES = (
    "receivable",
    "delivered_not_invoiced",
    "open_orders",
    "draft_invoices",
    "bills",
    "exposure",
    "effective_limit",
    "is_unlimited",
    "available",
    "excess",
    "overdue_amount",
    "overdue_days",
    "is_over_limit",
    "is_overdue",
    "is_locked",
)


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
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company Currency")
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
        return self._search_by_figures(operator, value, lambda found: found.is_overdue)

    def _search_is_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._search_by_figures(operator, value, lambda found: bool(found.reasons()))
        return domain & Domain("company_id.credit_control", "=", "block")

    def _search_by_figures(self, operator, value, matches):
        if operator != "in":
            return NotImplemented
        every = self.sudo().search([])
        found = [account_id for account_id, figures in every._figures().items() if matches(figures)]
        return Domain("id", "in", found)

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
        if not set(LIMIT_FIELDS) & vals.keys():
            return super().write(vals)
        before = {account.id: {name: account[name] for name in LIMIT_FIELDS} for account in self}
        self._bump()
        result = super().write(vals)
        for account in self:
            old = before[account.id]
            if any(account[name] != old[name] for name in LIMIT_FIELDS):
                account._record_limit_change(old)
        self._reassess(self.env._("Credit limit changed"))
        return result

    # ------------------------------------------------------------------ actions

    def action_open_holds(self):
        """The holds of these customers, open ones first."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_hold_action")
        return dict(action, domain=[("account_id", "in", self.ids)], context={})

    def action_open_receivable(self):
        """The open receivable items that make ``receivable``."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.receivable_item_action")
        return dict(
            action,
            domain=[
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            context={},
        )

    def action_open_orders(self):
        """The confirmed orders that these customers pay for."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.sale_order_action")
        return dict(
            action,
            domain=[
                ("state", "=", "sale"),
                ("partner_invoice_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            context={"create": False},
        )

    def action_open_draft_invoices(self):
        """The draft invoices of these customers."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[
                ("state", "=", "draft"),
                ("move_type", "=", "out_invoice"),
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            context={"create": False},
        )

    # ------------------------------------------------------------------ business: rows

    @api.model
    def _for(self, partner, company):
        """The account of the partner's commercial entity in the company, made if missing.

        Two transactions that make it at the same time: the later one is run again by Odoo.
        """
        partner = partner.commercial_partner_id
        pair = (partner.id, company.id)
        account = self._for_pairs([pair])[pair]
        account.invalidate_recordset(FIGURES, flush=False)
        return account

    @api.model
    def _for_pairs(self, pairs, make=True):
        """``{(commercial partner id, company id): account}``, in few queries.

        :param make: make the missing ones; else they are left out (for computed fields, which
            must not write)
        """
        pairs = list(dict.fromkeys(pairs))
        if not pairs:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["res.company"].flush_model(["currency_id"])
        self.flush_model(["partner_id", "company_id"])
        rows = accounts_sql.find(self.env, pairs)
        if make and len(rows) < len(pairs):
            accounts_sql.insert_missing(self.env, pairs)
            rows = accounts_sql.find(self.env, pairs)
        return {(partner, company): self.browse(key) for key, partner, company in rows}

    @api.model
    def _make_missing(self, companies):
        """Give every customer with an order or an open item in the companies his account."""
        if not companies:
            return
        self.env.flush_all()
        rows = accounts_sql.owing_customers(self.env, companies.ids)
        self._for_pairs([row for row in rows if row[0]])

    # ------------------------------------------------------------------ business: figures

    def _figures(self):
        """``{account id: Figures}``, one query for any number of accounts."""
        companies = self.env["res.company"].sudo()
        if self.ids:
            companies = self.sudo().company_id
        todays = {company.id: company._credit_today() for company in companies}
        return figures_sql.account_figures(self.env, todays, self.ids)

    @api.model
    def _forget_figures(self):
        """Documents have changed: figures read before are out of date in this transaction."""
        self.env["credit.account"].invalidate_model(FIGURES, flush=False)
        self.env["res.partner"].invalidate_model(
            ["credit_exposure", "credit_available"], flush=False
        )
        self.env["stock.picking"].invalidate_model(
            ["shipment_locked", "credit_state", "credit_message"], flush=False
        )
        self.env["sale.order"].invalidate_model(["credit_message"], flush=False)

    def _bump(self):
        """Say that this transaction raises the exposure (or judges by it).

        Of two transactions the second is refused by the database and run again by Odoo.
        """
        if not self.ids:
            return
        self.flush_recordset(["version"])
        try:
            accounts_sql.bump(self.env, self.ids)
        except SerializationFailure as error:
            if accounts_sql.is_last_try(self.env.cr):
                raise UserError(
                    self.env._(
                        "Others are working on the same customer's documents right now. "
                        "Try again in a moment."
                    )
                ) from error
            raise
        self.invalidate_recordset(["version"], flush=False)
        self._forget_figures()

    # ------------------------------------------------------------------ business: events

    def _controlled(self, *modes):
        """The accounts of companies where credit is controlled (in one of the modes)."""
        modes = modes or ("warn", "block")
        return self.filtered(lambda account: account.sudo().company_id.credit_control in modes)

    def _exposure_raised(self):
        """To be called when documents that raise the exposure were changed."""
        accounts = self._controlled()
        accounts._bump()
        accounts._controlled("block").sudo()._sync_shipment_holds()

    def _exposure_lowered(self, cause):
        """As above for what lowers it; ``cause`` goes to the log ("Payment BNK1/2026/0001")."""
        self._controlled()._reassess(cause)

    def _reassess(self, cause):
        """Look again at the open holds: release what fits, lock or unlock deliveries."""
        self._forget_figures()
        accounts = self._controlled("block").sudo()
        if not accounts:
            return
        self.env["credit.hold"].sudo()._release_what_fits(accounts, cause)
        accounts._sync_shipment_holds()

    def _sync_shipment_holds(self):
        """Open a hold for each delivery that became locked, close those that are free."""
        figures = self._figures()
        locked = self.filtered(lambda account: figures[account.id].reasons())
        self.env["stock.picking"].sudo()._credit_sync_holds(self, locked, figures)

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

    @api.model
    def _cron_reassess(self):
        """Hourly: items fall due, limits expire, deliveries lock and unlock.

        Each batch is a transaction of its own, so that nobody waits long and what is done stays.
        """
        companies = self.env["res.company"].sudo().search([("credit_control", "!=", "off")])
        self.sudo()._make_missing(companies)
        ids = self.sudo().search([("company_id", "in", companies.ids)], order="id").ids
        for start in range(0, len(ids), BATCH):
            batch = self.sudo().browse(ids[start : start + BATCH]).exists()
            batch._reassess(self.env._("Scheduled check"))
            remaining = max(0, len(ids) - start - BATCH)
            self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)
