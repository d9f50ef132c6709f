from odoo import api, fields, models
from odoo.fields import Command

from ...tools import paid_sql
from ...tools.clearance import cleared
from .sale_payment_milestone import GATES, ORDER_OF_TRIGGERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    payment_milestone_ids = fields.One2many(
        "sale.payment.milestone",
        "order_id",
        "Payment Milestones",
        compute="_compute_payment_milestone_ids",
        store=True,
        readonly=False,
        copy=True,
    )
    credit_paid_amount = fields.Monetary(
        "Paid",
        compute="_compute_credit_paid_amount",
        compute_sudo=True,
        help="Paid share of the order's invoices and money meant for it that isn't matched yet, "
        "in the order's currency.",
    )
    credit_prepaid = fields.Boolean(
        "Prepaid",
        compute="_compute_credit_paid_amount",
        compute_sudo=True,
        help="All of it is paid for: it raises no risk.",
    )
    credit_net_new = fields.Float(
        compute="_compute_credit_paid_amount",
        compute_sudo=True,
        help="Value that no money was received for, in the company's currency; negative: "
        "nothing was paid or invoiced, it is all of it.",
    )
    milestones_protected = fields.Boolean(
        compute="_compute_milestones_protected",
        help="Only sales managers and finance change the milestones now.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("payment_term_id", "partner_invoice_id")
    def _compute_payment_milestone_ids(self):
        """Quotations take the milestones of their payment terms, else of the customer's.

        What was typed by hand stays, unless the terms bring milestones of their own.
        """
        for order in self:
            if order.state not in ("draft", "sent") or order._payment_milestones_protected():
                continue
            term = (
                order.payment_term_id
                or order.partner_invoice_id.with_company(order.company_id).property_payment_term_id
            )
            lines = term.sudo().milestone_ids
            if lines:
                lines = lines.with_context(lang=order.partner_id.lang or self.env.lang)
                order.payment_milestone_ids = [
                    Command.clear(),
                    *(Command.create(line._prepare_milestone()) for line in lines),
                ]
            elif copied := order.payment_milestone_ids.filtered("template_line_id"):
                order.payment_milestone_ids -= copied

    @api.depends(
        "amount_total",
        "order_line.qty_delivered",
        "order_line.invoice_lines.move_id.amount_residual",
        "order_line.invoice_lines.parent_state",
        "transaction_ids.state",
    )
    def _compute_credit_paid_amount(self):
        money = paid_sql.order_money(self.env, self._origin)
        some = self._origin.filtered(lambda order: money[order.id].moved)
        net = paid_sql.net_new(self.env, some, some._credit_amounts(), money) if some else {}
        for order in self:
            key = order._origin.id
            order.credit_paid_amount = order.currency_id.round(money[key].paid) if key else 0.0
            order.credit_prepaid = net.get(key) == 0.0
            order.credit_net_new = net.get(key, -1.0)

    @api.depends("state", "credit_state")
    def _compute_milestones_protected(self):
        for order in self:
            order.milestones_protected = order._payment_milestones_protected()

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """Milestones changed together are checked together, when all are written."""
        if "payment_milestone_ids" not in vals:
            return super().write(vals)
        with cleared(self.env.cr, "sale.payment.milestone.sum", self.ids):
            result = super().write(vals)
        self._check_payment_milestones()
        return result

    # ------------------------------------------------------------------ business: milestones

    def _check_payment_milestones(self):
        for order in self:
            milestones = order.payment_milestone_ids
            milestones._check_percent(order, sum(milestones.mapped("percent")))

    def _payment_milestones_protected(self):
        """Whether the customer has ordered on these milestones: confirmed, or on hold."""
        order = self.sudo()
        return order.state not in ("draft", "sent") or order.credit_state == "hold"

    def _check_payment_milestone_right(self):
        """:raise AccessError: protected orders, for others than finance and sales managers"""
        protected = self.filtered(lambda order: order._payment_milestones_protected())
        self.env["sale.payment.milestone"]._check_change_right(protected)

    def _payment_milestone_texts(self):
        """``{protected order: its milestones in words}``, for what their change leaves behind."""
        texts = {}
        for order in self.sudo().filtered(lambda rec: rec._payment_milestones_protected()):
            milestones = order.payment_milestone_ids
            triggers = dict(milestones._fields["trigger"]._description_selection(self.env))
            texts[order] = ", ".join(
                f"{rec.name} {rec.percent:g} % ({triggers[rec.trigger]}"
                + (f" + {rec.days})" if rec.days else ")")
                for rec in milestones.sorted(milestones._event_order)
            )
        return texts

    def _payment_milestones_changed(self, before):
        """Orders that wait for a payment may go on, deliveries may lock or unlock.

        :param before: what ``_payment_milestone_texts`` was before
        """
        after = self._payment_milestone_texts()
        changed = self.browse()
        for order, text in after.items():
            if text == before.get(order, "") or order.state == "cancel":
                continue
            changed |= order
            order.message_post(
                body=self.env._(
                    "Payment milestones: %(before)s → %(after)s",
                    before=before.get(order) or "–",
                    after=text or "–",
                )
            )
        changed._credit_money_moved(self.env._("Payment milestones changed"))

    def _payment_milestone_amounts(self):
        """``{milestone: amount}`` in the order's currency."""
        self.ensure_one()
        milestones = self.payment_milestone_ids
        milestones = milestones.sorted(milestones._event_order)
        currency = self.currency_id or self.company_id.currency_id
        amounts = {rec: currency.round(self.amount_total * rec.percent / 100) for rec in milestones}
        if milestones:
            asked = currency.round(self.amount_total * sum(milestones.mapped("percent")) / 100)
            others = sum(amounts[rec] for rec in milestones[:-1])
            amounts[milestones[-1]] = currency.round(asked - others)
        return amounts

    def _payment_milestone_event(self, trigger):
        """When the event of a milestone was, or is planned to be; False while unknown.

        Days for what a company knows as days, moments (UTC) for the rest.
        """
        self.ensure_one()
        hold = self.credit_hold_ids.filtered(lambda rec: rec.state == "open")[:1]
        if self.state not in ("sale", "done") and not hold:
            return False
        if trigger in ("confirm", "before_supply"):
            return hold.create_date or self.date_order
        deliveries = self.picking_ids.filtered(
            lambda rec: rec.state != "cancel" and rec.location_dest_id.usage == "customer"
        )
        open_ones = deliveries.filtered(lambda rec: rec.state != "done")
        if trigger == "before_shipment":
            planned = [moment for moment in open_ones.mapped("scheduled_date") if moment]
            return (
                min(planned, default=False) or self.commitment_date or self._last_done(deliveries)
            )
        return self._last_done(deliveries) if deliveries and not open_ones else False

    @api.model
    def _last_done(self, deliveries):
        return max((moment for moment in deliveries.mapped("date_done") if moment), default=False)

    # ------------------------------------------------------------------ business: the judgement

    def _credit_net_new(self):
        """``{order id: its value that no money was received for}``, company currency.

        Those without any payment or invoice are left out: it is all that they add. Read for all
        orders of a call at once.
        """
        saved = self.sudo().filtered(lambda order: isinstance(order.id, int))
        return {order.id: order.credit_net_new for order in saved if order.credit_net_new >= 0}

    def _credit_is_prepaid(self):
        """Whether the whole order has been paid for; read for all orders of a list at once."""
        self.ensure_one()
        return self.sudo().credit_prepaid

    def _credit_open_milestone(self, trigger):
        """What is missing of the payments that are due before ``trigger``, company currency."""
        self.ensure_one()
        missing = self._payment_milestones_missing(trigger)[self.id]
        order = self.sudo()
        return order.company_id.currency_id.round(missing / (order.currency_rate or 1.0))

    def _payment_milestones_missing(self, trigger):
        """``{order id: missing amount}`` in the orders' currencies.

        A gate asks for what is due at it and at the events before it. An order without a
        milestone at one of the gates up to this one waits for nothing.
        """
        gates = GATES[: GATES.index(trigger) + 1]
        missing = {}
        for order in self.sudo():
            passed = [rec.trigger for rec in order.payment_milestone_ids if rec.trigger in gates]
            last = max((ORDER_OF_TRIGGERS[name] for name in passed), default=-1)
            due = sum(
                amount
                for rec, amount in order._payment_milestone_amounts().items()
                if ORDER_OF_TRIGGERS[rec.trigger] <= last
            )
            missing[order.id] = 0.0
            if due > 0:
                missing[order.id] = max(
                    0.0, order.currency_id.round(due - order.credit_paid_amount)
                )
        return missing

    # ------------------------------------------------------------------ business: events

    def _credit_money_moved(self, cause, raised=False):
        """Money for these orders came (or went): judge what their payers wait for.

        :param raised: it went, so that what was free may not be any more
        """
        orders = self.sudo().filtered(
            lambda order: order.state != "cancel" and order._is_credit_controlled()
        )
        if not orders:
            return
        accounts = self.env["credit.account"].sudo().union(*orders._credit_accounts().values())
        if raised:
            accounts._exposure_raised()
        accounts._exposure_lowered(cause)
