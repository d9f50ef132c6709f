import time
from datetime import UTC, datetime
from datetime import time as clock
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.replay_build import Change, build
from ...tools.replay_result import line_values, totals


class CreditReplay(models.Model):
    """A policy or a limit tried on orders of the past, before it is switched on.

    Every order that was asked for in the period is judged as of that moment by the same rules
    that judge today (``tools.rules.judge``), with the exposure and the overdue items that its
    payer had then, rebuilt from entries, settlements, orders and deliveries. Nothing but the
    replay itself is written.

    What the past doesn't tell, and how it is taken here:

    * Limits, ratings, policies, payment terms and rates of exchange are today's; temporary,
      insured and pledged parts of a limit count by their dates.
    * Orders have today's quantities and prices; cancelled ones are left out, since nobody knows
      when they were cancelled. Orders closed by hand end with their last document.
    * Payments that were matched and taken apart again count as they are matched today.
    * Payments meant for one order count for the customer; payment milestones, holds by hand,
      draft invoices and goods shipped without an order don't count.
    * An order that would have been held uses no credit, nor do its invoices, until it would have
      passed by payments. Nobody knows whom a person would have released.
    """

    _name = "credit.replay"
    _description = "Credit Replay"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, precompute=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    what = fields.Selection(
        [
            ("policy", "A Policy"),
            ("limit", "A Limit for One Customer"),
            ("default", "A Default Limit"),
            ("current", "As It Is Today"),
        ],
        "Try",
        required=True,
        default="policy",
    )
    policy_id = fields.Many2one("credit.policy", "Policy", ondelete="cascade", check_company=True)
    policy_version = fields.Integer(readonly=True)
    every_customer = fields.Boolean(
        "Also Customers With Their Own Policy",
        help="Otherwise customers and groups with a policy of their own keep it.",
    )
    account_id = fields.Many2one(
        "credit.account", "Customer", ondelete="cascade", check_company=True
    )
    limit_currency_id = fields.Many2one(
        "res.currency", compute="_compute_limit_currency_id", string="Limit Currency"
    )
    limit_kind = fields.Selection(
        [("limited", "Limited"), ("unlimited", "Unlimited")], "Limit", default="limited"
    )
    limit_amount = fields.Monetary("New Limit", currency_field="limit_currency_id")
    partner_ids = fields.Many2many(
        "res.partner", string="Only These Customers", domain="[('is_company', '=', True)]"
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._default_day() - relativedelta(years=1)
    )
    date_to = fields.Date("To", required=True, default=lambda self: self._default_day())
    state = fields.Selection([("draft", "New"), ("done", "Done")], default="draft", readonly=True)
    run_date = fields.Datetime("Run On", readonly=True)
    seconds = fields.Float("Time Taken (s)", readonly=True)
    line_ids = fields.One2many("credit.replay.line", "replay_id", "Documents", readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    order_amount = fields.Monetary("Value of Orders", readonly=True)
    held_count = fields.Integer("Orders Held", readonly=True)
    held_amount = fields.Monetary("Value Held", readonly=True)
    held_percent = fields.Float("Share of Orders (%)", readonly=True, digits=(16, 1))
    warned_count = fields.Integer("Orders With a Warning", readonly=True)
    delivery_count = fields.Integer("Deliveries Held", readonly=True)
    average_days = fields.Float("Days Held on Average", readonly=True, digits=(16, 1))
    waiting_count = fields.Integer("Would Still Wait", readonly=True)
    late_count = fields.Integer("Held and Paid Late", readonly=True)
    late_amount = fields.Monetary("Paid Late of What Was Held", readonly=True)
    all_late_count = fields.Integer("Paid Late in All", readonly=True)
    all_late_amount = fields.Monetary("Amount Paid Late in All", readonly=True)
    right_percent = fields.Float(
        "Rightly Held (%)",
        readonly=True,
        digits=(16, 1),
        help="Share of the held orders that were paid late anyway.",
    )
    caught_percent = fields.Float(
        "Caught (%)",
        readonly=True,
        digits=(16, 1),
        help="Share of what was paid late that would have been held.",
    )
    real_count = fields.Integer("Really Held", readonly=True)
    both_count = fields.Integer("Held Both Times", readonly=True)
    only_replay_count = fields.Integer("Held Only Here", readonly=True)
    only_real_count = fields.Integer("Held Only in Reality", readonly=True)

    _period_check = models.Constraint(
        "CHECK(date_from <= date_to)", "The period must end after it begins."
    )

    # ------------------------------------------------------------------ computes, constraints

    @api.model
    def _default_day(self):
        return self.env.company._credit_today()

    @api.depends_context("lang")
    @api.depends("what", "policy_id", "account_id", "limit_kind", "limit_amount", "date_from")
    def _compute_name(self):
        for replay in self:
            if replay.what == "policy":
                replay.name = replay.policy_id.name
            elif replay.what == "limit":
                replay.name = self.env._(
                    "Limit of %(customer)s", customer=replay.account_id.display_name or ""
                )
            elif replay.what == "default":
                replay.name = self.env._("Default limit")
            else:
                replay.name = self.env._("As it is today")

    @api.depends("account_id", "company_id", "what")
    def _compute_limit_currency_id(self):
        for replay in self:
            own = replay.account_id.currency_id if replay.what == "limit" else False
            replay.limit_currency_id = own or replay.company_id.currency_id

    @api.constrains("limit_amount", "what", "policy_id", "account_id")
    def _check_what(self):
        for replay in self:
            if replay.limit_amount < 0:
                raise ValidationError(self.env._("A limit can't be negative."))
            if replay.what == "policy" and not replay.policy_id:
                raise ValidationError(self.env._("Choose the policy to try."))
            if replay.what == "limit" and not replay.account_id:
                raise ValidationError(self.env._("Choose the customer whose limit to try."))

    # ------------------------------------------------------------------ actions

    def action_run(self):
        """Judge the orders of the period, again if that was done before.

        :raise AccessError: for others than credit managers
        """
        self._check_manager()
        self.check_access("write")
        for replay in self:
            replay.sudo()._run()
        return True

    def action_open_lines(self):
        """What would have been held: list, by month and reason as pivot and graph."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_risk.credit_replay_line_action"
        )
        context = {
            f"search_default_{name}": 1
            for name in self.env.context.get("replay_filters", ("block",))
        }
        return dict(action, domain=[("replay_id", "=", self.id)], context=context)

    # ------------------------------------------------------------------ business

    def _check_manager(self):
        if not self.env.su and not self.env.user.has_group("credit_risk.group_credit_manager"):
            raise AccessError(self.env._("Only credit managers may replay a policy or a limit."))

    def _change(self):
        """What is tried, as ``tools.replay_build.Change``."""
        limit = (self.limit_kind, self.limit_amount)
        if self.what == "policy":
            return Change(policy=self.policy_id.id, every=self.every_customer)
        if self.what == "limit":
            return Change(limit=(self.account_id.partner_id.id, *limit))
        return Change(default=limit) if self.what == "default" else Change()

    def _moments(self):
        """Beginning and end of the period, UTC."""
        zone = ZoneInfo(self.company_id.partner_id.tz or "UTC")
        bounds = (
            datetime.combine(self.date_from, clock.min, zone),
            datetime.combine(self.date_to, clock.max, zone),
        )
        return [moment.astimezone(UTC).replace(tzinfo=None) for moment in bounds]

    def _run(self):
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period must end after it begins."))
        began = time.monotonic()
        partners = self.partner_ids.commercial_partner_id
        if self.what == "limit":
            partners = self.account_id.partner_id
        start, end = self._moments()
        walks = build(self.env, self.company_id, start, end, partners.ids, self._change())
        for walk in walks:
            walk.run()
        self.line_ids.unlink()
        self.env["credit.replay.line"].create(line_values(self, walks))
        self.write(
            totals(self.currency_id, walks)
            | {
                "state": "done",
                "run_date": fields.Datetime.now(),
                "seconds": time.monotonic() - began,
                "policy_version": self.policy_id.version if self.what == "policy" else 0,
            }
        )
