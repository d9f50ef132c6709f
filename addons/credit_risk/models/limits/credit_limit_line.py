from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import limit_change, limit_records
from ...tools.limit_records import LINE_FIELDS


class CreditLimitLine(models.Model):
    """What changes a customer's limit beside its amount: for a time, or backed by somebody else.

    ``amount`` is in the currency of the account's limit. Lines count from ``date_from`` to
    ``date_to``, both included, in the company's time zone; empty dates are open ends.
    """

    _name = "credit.limit.line"
    _description = "Credit Limit Line"
    _order = "date_from desc, id desc"

    account_id = fields.Many2one(
        "credit.account", "Credit Account", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(related="account_id.currency_id")
    kind = fields.Selection(
        [
            ("temporary_set", "Temporary Limit"),
            ("temporary_add", "Temporary Change"),
            ("insured", "Insured"),
            ("deposit", "Deposit"),
        ],
        required=True,
        default="temporary_set",
        help="Temporary limit: takes the place of the limit for its days. Temporary change: is "
        "added to it (or taken off, when negative). Insured: the covered part of an insurance. "
        "Deposit: money or a guarantee in your hands.",
    )
    amount = fields.Monetary(required=True)
    percent = fields.Float("Cover (%)", default=100.0, help="Part of an insurance that counts.")
    date_from = fields.Date("From")
    date_to = fields.Date("To", help="Last day; empty for no end.")
    reference = fields.Char(help="Number of the insurance policy, receipt of the deposit.")
    reason = fields.Char(help="Why; kept in the ledger.")
    is_active = fields.Boolean("Counts Today", compute="_compute_is_active")

    _percent_check = models.Constraint(
        "CHECK(percent >= 0 AND percent <= 100)", "The cover is a percentage from 0 to 100."
    )
    _dates_check = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_from <= date_to)",
        "The last day can't be before the first.",
    )

    @api.constrains("kind", "amount")
    def _check_amount(self):
        for line in self:
            if line.kind != "temporary_add" and line.amount <= 0:
                raise ValidationError(
                    self.env._(
                        "The amount must be above 0. To lower the limit for a time, use a "
                        "temporary change with a negative amount."
                    )
                )
            if not line.amount:
                raise ValidationError(self.env._("A temporary change can't be 0."))

    @api.constrains("kind", "date_from", "date_to")
    def _check_dates(self):
        for line in self.filtered(lambda rec: rec.kind.startswith("temporary")):
            if not line.date_from or not line.date_to:
                raise ValidationError(
                    self.env._("A temporary limit or change needs its first and its last day.")
                )
        for line in self.filtered(lambda rec: rec.kind == "temporary_set"):
            overlap = self.search(
                Domain("account_id", "=", line.account_id.id)
                & Domain("kind", "=", "temporary_set")
                & Domain("id", "!=", line.id)
                & Domain("date_from", "<=", line.date_to)
                & Domain("date_to", ">=", line.date_from),
                limit=1,
            )
            if overlap:
                raise ValidationError(
                    self.env._(
                        "%(customer)s has a temporary limit from %(start)s to %(end)s already. "
                        "Change that one, or choose other days.",
                        customer=line.account_id.partner_id.display_name,
                        start=overlap.date_from,
                        end=overlap.date_to,
                    )
                )

    @api.depends("date_from", "date_to")
    def _compute_is_active(self):
        for line in self:
            today = line.company_id.sudo()._credit_today() if line.company_id else False
            line.is_active = bool(
                today
                and (not line.date_from or line.date_from <= today)
                and (not line.date_to or line.date_to >= today)
            )

    @api.depends("kind", "amount")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = f"{labels.get(line.kind, '')} {line.amount:g}"

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        accounts = self.env["credit.account"].browse([vals.get("account_id") for vals in vals_list])
        for vals, account in zip(vals_list, accounts, strict=True):
            account._check_line_change({}, vals)
        accounts._bump()
        lines = super().create(vals_list)
        for line in lines:
            line._record_change("created", {})
        lines._reassess_accounts()
        return lines

    def write(self, vals):
        if "account_id" in vals and any(line.account_id.id != vals["account_id"] for line in self):
            raise UserError(
                self.env._("This belongs to another customer's limit. Make a new one instead.")
            )
        if not set(LINE_FIELDS) & vals.keys():
            return super().write(vals)
        before = {line.id: limit_records.snapshot(line, LINE_FIELDS) for line in self}
        for line in self:
            line.account_id._check_line_change(before[line.id], before[line.id] | vals)
        self.account_id._bump()
        result = super().write(vals)
        for line in self:
            if before[line.id] != limit_records.snapshot(line, LINE_FIELDS):
                line._record_change("changed", before[line.id])
        self._reassess_accounts()
        return result

    def unlink(self):
        accounts = self.account_id
        for line in self:
            line.account_id._check_line_change(limit_records.snapshot(line, LINE_FIELDS), {})
        accounts._bump()
        for line in self:
            line._record_change("deleted", limit_records.snapshot(line, LINE_FIELDS))
        result = super().unlink()
        accounts._limits_changed()
        return result

    # ------------------------------------------------------------------ business

    def _reassess_accounts(self):
        self.account_id._limits_changed()

    def _record_change(self, event, before):
        """Keep what was changed, where credit is controlled."""
        self.ensure_one()
        if not self.account_id._controlled():
            return
        cause = limit_change.cause(self.env.cr)
        if not cause.reason and self.reason:
            cause = limit_change.Cause(self.reason)
        self.env["suite.decision"]._record([limit_records.line_decision(self, event, cause)])
        self.env["suite.ledger.entry"]._append(
            "credit.limit",
            limit_records.line_entry(self, event, before, cause),
            self.company_id,
        )
