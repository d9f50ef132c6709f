from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, format_date

from ...tools import limit_change, limit_records, umbrellas
from ...tools.clearance import cleared
from ...tools.limit_records import ACCOUNT_FIELDS
from .credit_account_check import LIMIT_GATE


class CreditAccount(models.Model):
    """How limits change: race-proof, on record, and looked at by all who share them."""

    _inherit = "credit.account"

    limit_reason = fields.Char(
        "Reason of the Change", store=False, help="Kept in the ledger with the change."
    )
    limit_by_request = fields.Boolean(compute="_compute_limit_by_request")
    limit_explanation = fields.Text("Where It Comes From", compute="_compute_limit_explanation")
    limit_request_ids = fields.One2many("credit.limit.request", "account_id", "Limit Requests")
    limit_request_count = fields.Integer(
        "Pending Requests", compute="_compute_limit_request_count", compute_sudo=True
    )

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle("parent_id"):
            raise ValidationError(
                self.env._("A customer can't be above itself: choose another parent account.")
            )
        for account in self.sudo():
            if account.parent_id and account.parent_id.company_id != account.company_id:
                raise ValidationError(self.env._("The parent account must be of the same company."))

    @api.constrains("group_id")
    def _check_group(self):
        for account in self.sudo():
            company = account.group_id.company_id
            if company and company != account.company_id:
                raise ValidationError(
                    self.env._(
                        "%(group)s is a group of %(company)s alone.",
                        group=account.group_id.name,
                        company=company.name,
                    )
                )
            if account.group_id and not account.group_id.active:
                raise ValidationError(
                    self.env._("%(group)s is archived.", group=account.group_id.name)
                )

    # ------------------------------------------------------------------ computes

    @api.depends("company_id")
    def _compute_limit_by_request(self):
        approvals = self.env["credit.approval"]
        companies = self.company_id
        strict = {company: bool(approvals._lines("limit", company)) for company in companies}
        for account in self:
            account.limit_by_request = strict.get(account.company_id, False)

    @api.depends_context("lang")
    @api.depends("effective_limit", "limit_line_ids", "group_id", "parent_id")
    def _compute_limit_explanation(self):
        figures = self._figures()
        for account in self:
            found = figures.get(account._origin.id)
            account.limit_explanation = found and "\n".join(account._explain_limit(found))

    def _explain_limit(self, figures):
        """Lines of text: the parts of the effective limit, then the limits that are shared."""
        labels = {
            "own": self.env._("Own limit"),
            "group": self.env._("Limit of each member of the group"),
            "company": self.env._("Company default"),
            "temporary_set": self.env._("Temporary limit instead"),
            "temporary_add": self.env._("Temporary change"),
            "insured": self.env._("Insured part"),
            "deposit": self.env._("Deposits"),
        }

        def money(amount, currency=self.currency_id):
            return format_amount(self.env, amount, currency)

        lines = []
        for index, (name, amount) in enumerate(figures.limit_parts):
            without = index == 0 and self._is_source_unlimited(name)
            text = self.env._("no limit") if without else money(amount)
            lines.append(f"{labels[name]}: {text}")
        if figures.unlimited:
            lines.append(self.env._("= no limit"))
        else:
            lines.append(f"= {money(figures.limit)}")
        if self.limit_valid_to and self.limit_kind != "default":
            date = format_date(self.env, self.limit_valid_to)
            lines.append(self.env._("Valid until %(date)s", date=date))
        for shared in figures.umbrellas:
            currency = self.env[shared.model].sudo().browse(shared.id).currency_id
            lines.append(
                self.env._(
                    "Shared with %(name)s: %(used)s of %(limit)s used",
                    name=shared.name,
                    used=money(shared.exposure, currency),
                    limit=money(shared.limit, currency),
                )
            )
        return lines

    def _is_source_unlimited(self, source):
        """Whether the limit that the chain starts with is none."""
        account = self.sudo()
        if source == "own":
            return account.limit_kind == "unlimited"
        if source == "group":
            return account.group_id.member_limit_kind == "unlimited"
        return account.company_id.credit_default_limit_kind == "unlimited"

    @api.depends("limit_request_ids.state")
    def _compute_limit_request_count(self):
        for account in self:
            pending = account.limit_request_ids.filtered(lambda rec: rec.state == "pending")
            account.limit_request_count = len(pending)

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        reasons = [vals.get("limit_reason") for vals in vals_list]
        vals_list = [
            {name: value for name, value in vals.items() if name != "limit_reason"}
            for vals in vals_list
        ]
        accounts = self.browse()
        for vals, reason in zip(vals_list, reasons, strict=True):
            with limit_change.because(self.env.cr, reason):
                account = super().create([vals])
            account._check_new_limit()
            if account.group_id or account.parent_id:
                (account | account.parent_id)._bump()
                account.group_id.sudo()._bump()
                account._limits_changed()
            accounts |= account
        return accounts

    def write(self, vals):
        """A change of a limit, its currency, or of who shares it is kept with its reason."""
        vals = dict(vals)
        reason = vals.pop("limit_reason", "") or limit_change.cause(self.env.cr).reason
        if not set(ACCOUNT_FIELDS) & vals.keys():
            return super().write(vals)
        self._check_direct_change(vals, reason)
        request_id = limit_change.cause(self.env.cr).request_id
        before = {account.id: limit_records.snapshot(account, ACCOUNT_FIELDS) for account in self}
        # amounts typed in with a new currency are in that one already
        lines = vals.pop("limit_line_ids", None) if "currency_id" in vals else None
        with (
            self._changing_limits(),
            limit_change.because(self.env.cr, reason, request_id),
        ):
            self._bump_sharing(vals)
            result = super().write(vals)
            for account in self:
                account._record_shared_change(before[account.id])
                account._convert_lines(before[account.id]["currency_id"])
            if lines:
                super().write({"limit_line_ids": lines})
            self._limits_changed()
        return result

    def _convert_lines(self, currency_id):
        """What lines add to the limit is worth the same in the limit's new currency, today."""
        currency = self.env["res.currency"].browse(currency_id)
        if currency == self.currency_id:
            return
        company = self.sudo().company_id
        today = company._credit_today()
        with cleared(self.env.cr, LIMIT_GATE, self.ids):
            for line in self.sudo().limit_line_ids:
                line.amount = currency._convert(line.amount, self.currency_id, company, today)

    def _bump_sharing(self, vals):
        """Bump these accounts with all above them, those that a change puts above included."""
        (self | self.browse(vals.get("parent_id") or []))._bump()
        if vals.get("group_id"):
            self.env["credit.group"].sudo().browse(vals["group_id"])._bump()

    # ------------------------------------------------------------------ actions

    def action_request_limit(self):
        """The form that asks for another limit of this customer."""
        self.ensure_one()
        self.check_access("read")
        self.env["credit.limit.request"]._check_may_ask(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Limit Change"),
            "res_model": "credit.limit.request",
            "views": [(False, "form")],
            "context": {"default_account_id": self.id},
        }

    def action_open_limit_requests(self):
        """The requests about these customers' limits."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_risk.credit_limit_request_action"
        )
        return dict(action, domain=[("account_id", "in", self.ids)], context={})

    # ------------------------------------------------------------------ business

    @contextmanager
    def _changing_limits(self):
        """Changes of limits in the block are recorded together; all who share a limit with these
        accounts, before or after, are looked at again once, at the end of the outermost block."""
        if limit_change.current_batch(self.env.cr) is not None:
            yield
            return
        concerned = self._sharing()
        with limit_change.together(self.env.cr) as batch:
            yield
            self._record_limit_changes(batch.changes)
        (concerned | self.browse(sorted(batch.touched))).exists()._limits_changed()

    def _sharing(self):
        """These accounts and all that share a limit with them."""
        if not self.ids:
            return self
        self.env.flush_all()
        shared = umbrellas.find_members(self.env, self.ids)
        return self | self.browse(shared.account_ids)

    def _limits_changed(self):
        """Release what fits and lock what doesn't, for all who share the limits."""
        batch = limit_change.current_batch(self.env.cr)
        if batch is not None:
            batch.touched |= set(self.ids)
            return
        self.sudo()._sharing()._reassess(self.env._("Credit limit changed"))

    def _bump(self):
        """In a batch every account is bumped once."""
        batch = limit_change.current_batch(self.env.cr)
        if batch is None:
            return super()._bump()
        fresh = self.browse(sorted(set(self.ids) - batch.bumped))
        batch.bumped |= set(fresh.ids)
        return super(CreditAccount, fresh)._bump()

    def _reassess(self, cause):
        """In a batch all are looked at again together, at its end."""
        batch = limit_change.current_batch(self.env.cr)
        if batch is None:
            return super()._reassess(cause)
        batch.touched |= set(self.ids)
        return None

    def _record_limit_change(self, before):
        """Keep the change with its reason and the request that it comes from."""
        self.ensure_one()
        cause = limit_change.cause(self.env.cr)
        batch = limit_change.current_batch(self.env.cr)
        if batch is not None:
            batch.changes.append((self, before, cause))
            return
        self._record_limit_changes([(self, before, cause)])

    def _record_shared_change(self, before):
        """Keep a change of currency, group or parent (that of the limit itself is kept already)."""
        self.ensure_one()
        names = set(ACCOUNT_FIELDS) - set(limit_records.records.LIMIT_FIELDS)
        changed = {
            name: before[name]
            for name in ACCOUNT_FIELDS
            if name in names and before[name] != limit_records.snapshot(self, [name])[name]
        }
        if changed:
            self._record_limit_change(changed)

    @api.model
    def _record_limit_changes(self, changes):
        """Decisions and ledger entries of ``[(account, values before, cause)]``."""
        changes = [item for item in changes if item[0]._controlled()]
        if not changes:
            return
        self.env["suite.decision"]._record(
            [limit_records.account_decision(*change) for change in changes]
        )
        ledger = self.env["suite.ledger.entry"]
        for change in changes:
            ledger._append(
                "credit.limit", limit_records.account_entry(*change), change[0].company_id
            )

    @api.model
    def _change_limits_together(self, changes):
        """Write many limits at once: recorded together, looked at again together.

        :param changes: ``[(account, values, reason)]``
        """
        accounts = self.browse([account.id for account, __, __ in changes])
        with accounts._changing_limits():
            accounts._bump()
            for account, values, reason in changes:
                account.write(values | {"limit_reason": reason})
