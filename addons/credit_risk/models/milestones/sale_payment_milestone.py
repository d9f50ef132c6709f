from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from ...tools import paid_sql
from ...tools.clearance import is_cleared
from ...tools.guarded import without
from .account_payment_term_milestone import TRIGGERS

ORDER_OF_TRIGGERS = {code: number for number, (code, __) in enumerate(TRIGGERS)}
#: What an order waits for. A gate asks for everything that is due up to it.
GATES = ("before_supply", "before_shipment")
KEPT_BY_SYSTEM = {"paid_amount", "open_amount", "amount", "due_date", "state", "sequence"}


class SalePaymentMilestone(models.Model):
    """A part of an order's total that has to be paid at one of its events.

    What is paid for the order covers its milestones in the order of their events. The order
    waits (reason MILESTONE) until those before supply are paid, its deliveries until those
    before shipment are.
    """

    _name = "sale.payment.milestone"
    _description = "Payment Milestone"
    _order = "order_id desc, sequence, days, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", "Order", required=True, index=True, ondelete="cascade", check_company=True
    )
    name = fields.Char(required=True)
    trigger = fields.Selection(TRIGGERS, "Due", required=True, default="before_supply")
    sequence = fields.Integer(compute="_compute_sequence", store=True, precompute=True)
    percent = fields.Float("Percent", required=True, digits=(16, 4), aggregator=None)
    days = fields.Integer(
        "Days", help="Days after the event until the payment is due.", aggregator=None
    )
    template_line_id = fields.Many2one(
        "account.payment.term.milestone", "Template", readonly=True, ondelete="set null"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id", store=True)
    partner_id = fields.Many2one(
        related="order_id.partner_invoice_id", string="Customer", store=True, index=True
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson", store=True)
    order_state = fields.Selection(related="order_id.state", string="Order Status", store=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    due_date = fields.Date(
        compute="_compute_due_date",
        store=True,
        index=True,
        help="Last day to pay, as soon as it is known.",
    )
    paid_amount = fields.Monetary("Paid", compute="_compute_paid_amount", compute_sudo=True)
    open_amount = fields.Monetary("Open", compute="_compute_paid_amount", compute_sudo=True)
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("due", "Due"),
            ("partly", "Partly Paid"),
            ("overdue", "Overdue"),
            ("paid", "Paid"),
        ],
        compute="_compute_state",
        search="_search_state",
        compute_sudo=True,
    )

    _percent_check = models.Constraint(
        "CHECK(percent > 0 AND percent <= 100)",
        "The percent of a payment milestone is more than 0 and at most 100.",
    )
    _days_check = models.Constraint("CHECK(days >= 0)", "Days can't be negative.")

    @api.constrains("percent", "order_id")
    def _check_sum(self):
        """Lines that are saved together with their order are checked together, at its end."""
        orders = self.order_id.filtered(
            lambda order: not is_cleared(self.env.cr, "sale.payment.milestone.sum", order.ids)
        )
        orders._check_payment_milestones()

    # ------------------------------------------------------------------ computes

    @api.depends("trigger")
    def _compute_sequence(self):
        for milestone in self:
            milestone.sequence = ORDER_OF_TRIGGERS.get(milestone.trigger, 0)

    @api.depends(
        "percent",
        "trigger",
        "days",
        "order_id.amount_total",
        "order_id.currency_id",
        "order_id.payment_milestone_ids.percent",
        "order_id.payment_milestone_ids.trigger",
    )
    def _compute_amount(self):
        """Percent of the order's total; the last one takes what rounding leaves."""
        for order in self.order_id:
            amounts = order._payment_milestone_amounts()
            for milestone in self & order.payment_milestone_ids:
                milestone.amount = amounts[milestone]
        for milestone in self - self.order_id.payment_milestone_ids:
            total = milestone.order_id.amount_total
            milestone.amount = total * milestone.percent / 100

    @api.depends(
        "trigger",
        "days",
        "order_id.state",
        "order_id.date_order",
        "order_id.commitment_date",
        "order_id.credit_hold_ids.state",
        "order_id.picking_ids.state",
        "order_id.picking_ids.date_done",
        "order_id.picking_ids.scheduled_date",
    )
    def _compute_due_date(self):
        for milestone in self:
            since = milestone.order_id.sudo()._payment_milestone_event(milestone.trigger)
            due = milestone._local_date(since)
            milestone.due_date = due and due + timedelta(days=milestone.days)

    def _local_date(self, moment):
        """The day of this moment where the company is."""
        if not isinstance(moment, datetime):
            return moment
        zone = ZoneInfo(self.company_id.partner_id.sudo().tz or "UTC")
        return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()

    @api.depends("amount", "order_id.amount_total", "order_id.credit_paid_amount")
    def _compute_paid_amount(self):
        """What is paid for the order, given to its milestones in the order of their events."""
        money = paid_sql.order_money(self.env, self.order_id._origin)
        for order in self.order_id:
            found = money.get(order._origin.id)
            left = found.paid if found else 0.0
            for milestone in order.payment_milestone_ids.sorted(self._event_order):
                paid = order.currency_id.round(min(left, milestone.amount))
                left -= paid
                if milestone in self:
                    milestone.paid_amount = paid
                    milestone.open_amount = milestone.amount - paid
        for milestone in self - self.order_id.payment_milestone_ids:
            milestone.paid_amount = 0.0
            milestone.open_amount = milestone.amount

    @api.depends("paid_amount", "amount", "due_date")
    def _compute_state(self):
        for milestone in self:
            milestone.state = milestone._current_state()

    def _current_state(self):
        company = self.company_id or self.env.company
        currency = self.currency_id or company.currency_id
        if self.amount and currency.compare_amounts(self.paid_amount, self.amount) >= 0:
            return "paid"
        if self.due_date and self.due_date < company._credit_today():
            return "overdue"
        if self.paid_amount:
            return "partly"
        return "due" if self.due_date else "waiting"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        every = self.sudo().search([("order_state", "!=", "cancel")])
        return Domain("id", "in", every.filtered(lambda rec: rec.state in value).ids)

    @api.model
    def _event_order(self, milestone):
        """Sort key: as the order's events follow each other."""
        return (
            ORDER_OF_TRIGGERS.get(milestone.trigger, 0),
            milestone.days or 0,
            milestone._origin.id or float("inf"),
        )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        orders = self.env["sale.order"].browse(
            {vals["order_id"] for vals in vals_list if vals.get("order_id")}
        )
        orders._check_payment_milestone_right()
        before = orders._payment_milestone_texts()
        milestones = super().create(vals_list)
        orders._payment_milestones_changed(before)
        return milestones

    def write(self, vals):
        """After the customer's word the milestones are finance's and the sales managers'."""
        vals = without(vals, KEPT_BY_SYSTEM)
        if "order_id" in vals and any(rec.order_id.id != vals["order_id"] for rec in self):
            raise ValidationError(
                self.env._("A payment milestone stays with its order: make a new one there.")
            )
        orders = self.order_id
        orders._check_payment_milestone_right()
        before = orders._payment_milestone_texts()
        result = super().write(vals)
        orders._payment_milestones_changed(before)
        return result

    def unlink(self):
        orders = self.order_id
        orders._check_payment_milestone_right()
        before = orders._payment_milestone_texts()
        result = super().unlink()
        orders.exists()._payment_milestones_changed(before)
        return result

    # ------------------------------------------------------------------ actions

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        self.check_access("read")
        return self.order_id._get_records_action()

    # ------------------------------------------------------------------ business

    @api.model
    def _check_change_right(self, protected):
        """:raise AccessError: others than finance and sales managers, for these orders"""
        if self.env.su or not protected:
            return
        groups = ("sales_team.group_sale_manager", "account.group_account_invoice")
        if any(self.env.user.has_group(group) for group in groups):
            return
        raise AccessError(
            self.env._(
                "The customer has ordered on these terms: the payment milestones of %(order)s "
                "can only be changed by a sales manager or by finance.",
                order=", ".join(protected.mapped("name")),
            )
        )

    @api.model
    def _check_percent(self, order, percent):
        """:raise ValidationError: more than the whole order is asked for"""
        if float_compare(percent, 100.0, precision_digits=4) > 0:
            raise ValidationError(
                self.env._(
                    "The payment milestones of %(order)s add up to %(percent)s %%: at most 100 %% "
                    "can be asked for.",
                    order=order.display_name,
                    percent=round(percent, 4),
                )
            )
