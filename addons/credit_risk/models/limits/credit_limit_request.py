import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_amount, format_date

from ...tools.approvals import increase_percent

NO_PERCENT = 999999.0  # shown for an increase from nothing

LIMIT_VALUES = ("limit_kind", "limit_amount", "currency_id", "limit_valid_to")
SHARED_VALUES = ("group_id", "parent_id")
LINE_VALUES = ("kind", "amount", "percent", "date_from", "date_to", "reference")
DECIDED = {
    "state",
    "requested_by_id",
    "request_date",
    "decided_by_id",
    "decided_date",
    "decision_reason",
    "old_text",
    "new_text",
    "old_values",
    "judged_amount",
    "increase_percent",
    "needed_group_id",
}


class CreditLimitRequest(models.Model):
    """Somebody asks for another limit of a customer; the approval matrix says who decides."""

    _name = "credit.limit.request"
    _inherit = ["mail.thread", "mail.activity.mixin", "suite.decision.mixin"]
    _description = "Credit Limit Request"
    _order = "create_date desc, id desc"
    _mail_post_access = "read"

    account_id = fields.Many2one(
        "credit.account", "Credit Account", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [
            ("limit", "Limit"),
            ("line", "Temporary, Insured or Deposit"),
            ("shared", "Group or Parent"),
        ],
        "Change Of",
        default="limit",
        required=True,
    )
    new_limit_kind = fields.Selection(
        [("default", "Company Default"), ("limited", "Limited"), ("unlimited", "Unlimited")],
        "New Limit",
        compute="_compute_new_values",
        store=True,
        readonly=False,
        precompute=True,
    )
    new_limit_amount = fields.Monetary(
        "New Amount",
        currency_field="new_currency_id",
        compute="_compute_new_values",
        store=True,
        readonly=False,
        precompute=True,
    )
    new_currency_id = fields.Many2one(
        "res.currency",
        "New Currency",
        compute="_compute_new_values",
        store=True,
        readonly=False,
        precompute=True,
    )
    new_limit_valid_to = fields.Date(
        "New Last Day",
        compute="_compute_new_values",
        store=True,
        readonly=False,
        precompute=True,
    )
    new_group_id = fields.Many2one(
        "credit.group",
        "New Group",
        compute="_compute_new_values",
        store=True,
        readonly=False,
        precompute=True,
    )
    new_parent_id = fields.Many2one(
        "credit.account",
        "New Parent",
        compute="_compute_new_values",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id), ('id', '!=', account_id)]",
    )
    line_kind = fields.Selection(
        selection=lambda self: self.env["credit.limit.line"]._fields["kind"].selection,
        default="temporary_set",
    )
    line_amount = fields.Monetary("Amount", currency_field="line_currency_id")
    line_currency_id = fields.Many2one(related="account_id.currency_id")
    line_percent = fields.Float("Cover (%)", default=100.0)
    line_date_from = fields.Date("From")
    line_date_to = fields.Date("To")
    line_reference = fields.Char("Reference")
    reason = fields.Text(required=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("pending", "To Approve"),
            ("approved", "Approved"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    requested_by_id = fields.Many2one("res.users", "Requested By", readonly=True, index=True)
    request_date = fields.Datetime("Requested On", readonly=True)
    old_values = fields.Json("Values When Requested", readonly=True)
    old_text = fields.Char("Before", readonly=True)
    new_text = fields.Char("Wanted", readonly=True)
    judged_amount = fields.Monetary(
        "New Limit Judged",
        currency_field="company_currency_id",
        readonly=True,
        help="The limit that would hold, in the company's currency.",
    )
    increase_percent = fields.Float("Increase (%)", readonly=True)
    needed_group_id = fields.Many2one("res.groups", "To Be Decided By", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    decided_date = fields.Datetime("Decided On", readonly=True)
    decision_reason = fields.Text("Reason of the Decision", readonly=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_edit = fields.Boolean(compute="_compute_can_edit")

    @api.constrains("kind", "new_limit_kind", "new_limit_amount", "line_amount", "line_percent")
    def _check_values(self):
        for request in self:
            if request.new_limit_amount < 0:
                raise ValidationError(self.env._("A limit can't be negative."))
            if not 0 <= request.line_percent <= 100:  # noqa: PLR2004
                raise ValidationError(self.env._("The cover is a percentage from 0 to 100."))
            line = request.kind == "line" and request.line_kind != "temporary_add"
            if line and request.line_amount <= 0:
                raise ValidationError(self.env._("The amount must be above 0."))

    # ------------------------------------------------------------------ computes

    @api.depends("account_id")
    def _compute_new_values(self):
        """Starts from what holds now."""
        for request in self:
            account = request.account_id.sudo()
            for name in (*LIMIT_VALUES, *SHARED_VALUES):
                request[f"new_{name}"] = account[name]

    @api.depends("partner_id")
    def _compute_display_name(self):
        for request in self:
            request.display_name = self.env._(
                "Limit of %(customer)s", customer=request.partner_id.display_name or ""
            )

    @api.depends_context("uid")
    @api.depends("state", "requested_by_id")
    def _compute_can_decide(self):
        for request in self:
            request.can_decide = (
                request.state == "pending"
                and request.requested_by_id != self.env.user
                and request._may_decide()
            )

    @api.depends_context("uid")
    @api.depends("state", "requested_by_id")
    def _compute_can_edit(self):
        for request in self:
            own = not request.requested_by_id or request.requested_by_id == self.env.user
            request.can_edit = request.state == "draft" and own

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """A request starts as a draft of its maker, whatever the values or defaults say."""
        prepared = []
        for vals in vals_list:
            account = self.env["credit.account"].browse(vals.get("account_id"))
            self._check_may_ask(account)
            values = {name: value for name, value in vals.items() if name not in DECIDED}
            values |= dict.fromkeys(DECIDED, False)
            prepared.append(values | {"state": "draft", "requested_by_id": self.env.uid})
        return super().create(prepared)

    def write(self, vals):
        """Values are the requester's, and only in a draft; decisions go through the buttons."""
        if not self.env.su:
            self._check_editable(vals)
        return super().write(vals)

    def _check_editable(self, vals):
        own = {name for name in vals if name in self._fields and not name.startswith("message_")}
        own -= {"activity_ids", "activity_user_id", "activity_type_id"}
        if not own:
            return
        if own & (DECIDED | {"account_id"}):
            raise AccessError(self.env._("A request is decided by its buttons alone."))
        for request in self:
            if not request.can_edit:
                raise AccessError(
                    self.env._("Only its maker may change a request, and only as a draft.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for request in self:
            if request.state != "draft" or request.requested_by_id != self.env.user:
                raise UserError(self.env._("Only your own drafts can be deleted."))

    # ------------------------------------------------------------------ business: values

    def _check_may_ask(self, account):
        """:raise AccessError: for others than finance and the customer's salesperson"""
        user = self.env.user
        accounts = self.env["credit.account"]
        if self.env.su or accounts._asks_for_all(user):
            return
        seller = user.has_group("sales_team.group_sale_salesman")
        if not seller or account.sudo().partner_id.user_id != user:
            raise AccessError(self.env._("You may only ask for limits of your own customers."))

    def _wanted(self):
        """The values that an approval writes: of the account, or of a new limit line."""
        self.ensure_one()
        if self.kind == "line":
            return {name: self._plain(f"line_{name}") for name in LINE_VALUES}
        names = LIMIT_VALUES if self.kind == "limit" else SHARED_VALUES
        return {name: self._plain(f"new_{name}") for name in names}

    def _plain(self, name):
        value = self[name]
        return value.id if self._fields[name].type == "many2one" else value

    def _current_values(self):
        """What holds now, as it is kept when the request is made (JSON)."""
        account = self.account_id.sudo()
        values = {}
        for name in (*LIMIT_VALUES, *SHARED_VALUES):
            value = account[name]
            values[name] = value.id if hasattr(value, "_name") else value or False
        values["limit_valid_to"] = str(values["limit_valid_to"] or "")
        return values

    def _judge(self):
        """``(limit in the company's currency, percent of increase, whether it is raised)``."""
        account = self.account_id.sudo()
        wanted = self._wanted()
        if self.kind == "line":
            limit, percent = account._judged_line(wanted)
            return limit, percent, account._is_line_raising({}, wanted)
        old, new = account._judged_limit({}), account._judged_limit(wanted)
        return new, increase_percent(old, new), account._is_raised(wanted)

    def _may_decide(self):
        """Whether the matrix lets the current user decide, by the figures of now."""
        self.ensure_one()
        limit, percent, __ = self._judge()
        return self.env["credit.approval"]._may(
            "limit", self.company_id.sudo(), limit, percent, self.env.user
        )

    # ------------------------------------------------------------------ business: words

    def _text_of(self, values):
        """A limit, or a limit line, in a few words."""
        if self.kind == "line":
            labels = dict(self._fields["line_kind"]._description_selection(self.env))
            parts = [labels[values["kind"]], self._money(values["amount"], self.line_currency_id)]
            if values["kind"] == "insured":
                parts.append(f"{values['percent']:g} %")
            dates = [format_date(self.env, values[name]) for name in ("date_from", "date_to")]
            return " ".join([*parts, "–".join(dates) if any(dates) else ""]).strip()
        if self.kind == "shared":
            group = self.env["credit.group"].sudo().browse(values["group_id"])
            parent = self.env["credit.account"].sudo().browse(values["parent_id"])
            names = [group.name, parent.partner_id.display_name]
            return ", ".join(name for name in names if name) or "-"
        kind = values["limit_kind"]
        currency = self.env["res.currency"].browse(values["currency_id"])
        text = dict(self._fields["new_limit_kind"]._description_selection(self.env))[kind]
        if kind == "limited":
            text = self._money(values["limit_amount"], currency)
        until = values["limit_valid_to"]
        if until and kind != "default":
            return self.env._(
                "%(limit)s until %(date)s", limit=text, date=format_date(self.env, until)
            )
        return text

    def _old_text(self):
        if self.kind != "line":
            return self._text_of(self._current_values())
        base = self.account_id.sudo()._judged_limit({})
        if math.isinf(base):
            return self.env._("no limit")
        return self._money(base, self.company_currency_id)

    def _money(self, amount, currency):
        return format_amount(self.env, amount, currency)
