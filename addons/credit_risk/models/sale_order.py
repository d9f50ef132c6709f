import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools import orders_sql, records
from ..tools.clearance import cleared, is_cleared
from ..tools.cure import reason_text
from ..tools.guarded import without

_logger = logging.getLogger(__name__)

# Changes of a confirmed order that can move exposure between customers or raise it.
EXPOSURE_FIELDS = {"state", "partner_id", "partner_invoice_id", "company_id"}
PAYER_FIELDS = {"partner_id", "partner_invoice_id", "company_id"}
KEPT_BY_SYSTEM = {"credit_state", "credit_warned", "remainder_closed"}
# Odoo computes them and still lets a caller write them; exposure is counted with them.
TOTALS = {"amount_total", "amount_untaxed", "amount_tax", "currency_rate"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "suite.decision.mixin"]

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "sale_order_id",
        "Credit Holds",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice,credit_risk.group_credit_controller",
    )
    credit_warned = fields.Boolean(readonly=True, copy=False)
    credit_state = fields.Selection(
        [
            ("clear", "Clear"),
            ("warning", "Warning"),
            ("hold", "Credit Hold"),
            ("released", "Released"),
        ],
        "Credit",
        compute="_compute_credit_state",
        store=True,
        compute_sudo=True,
        copy=False,
    )
    credit_message = fields.Text(compute="_compute_credit_message", compute_sudo=True)
    remainder_closed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Nothing more will be delivered or invoiced: the rest is no exposure.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("credit_hold_ids.state", "credit_warned", "state")
    def _compute_credit_state(self):
        for order in self:
            states = set(order.credit_hold_ids.mapped("state"))
            if "open" in states:
                order.credit_state = "hold"
            elif "released" in states:
                order.credit_state = "released"
            else:
                order.credit_state = "warning" if order.credit_warned else "clear"

    @api.depends_context("lang")
    @api.depends("credit_state", "amount_total", "partner_invoice_id", "company_id", "state")
    def _compute_credit_message(self):
        """Held: reasons and cure. Quotation: what confirming it would do to the credit."""
        self.credit_message = False
        for order in self.filtered(lambda rec: rec.credit_state == "hold"):
            hold = order.credit_hold_ids.filtered(lambda rec: rec.state == "open")[:1]
            order.credit_message = f"{hold._title()}\n{hold.cure}"
        quotes = self._origin.filtered(
            lambda rec: (
                rec.state in ("draft", "sent")
                and rec.credit_state != "hold"
                and rec._is_credit_controlled()
            )
        )
        accounts = quotes._credit_accounts(make=False)
        figures = self.env["credit.account"].union(*accounts.values())._figures()
        amounts = quotes._credit_amounts()
        by_origin = {order._origin.id: order for order in self}
        for order in quotes.filtered(lambda rec: rec.id in accounts):
            found = figures[accounts[order.id].id]
            if reasons := order._credit_reasons(found, amounts[order.id]):
                by_origin[order.id].credit_message = order._credit_preview(
                    found, reasons, amounts[order.id]
                )

    def _credit_preview(self, figures, reasons, amount):
        text = reason_text(self.env, reasons)
        if not figures.excess(amount):
            return self.env._("Credit: the customer is %(reasons)s.", reasons=text)
        return self.env._(
            "Credit: with this order the customer is %(reasons)s, over by %(excess)s.",
            reasons=text,
            excess=format_amount(self.env, figures.excess(amount), self.company_id.currency_id),
        )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        orders = super().create(vals_list)
        # The payer's row, which the what-if of the quotation only reads.
        orders.filtered(lambda order: order._is_credit_controlled())._credit_accounts()
        orders.filtered(lambda order: order.state == "sale")._credit_refuse_unchecked()
        return orders

    def write(self, vals):
        """Confirming by writing the state is judged like confirming; see docs/flow.md."""
        if not self.env.su:
            vals = without(vals, KEPT_BY_SYSTEM)
            if TOTALS & vals.keys() and any(order._is_credit_controlled() for order in self):
                vals = without(vals, TOTALS)
        if vals.get("state") == "sale":
            self.filtered(lambda order: order.state != "sale")._credit_refuse_unchecked()
        elif "state" in vals:
            self._credit_refuse_leaving()
        payers = self._credit_payers() if PAYER_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if EXPOSURE_FIELDS & vals.keys():
            self._credit_order_changed()
        if payers:
            self._credit_payer_changed(payers)
        return result

    # ------------------------------------------------------------------ actions

    def action_confirm(self):
        """Confirm what the customers' credit allows; put the others on hold, without an error.

        The one path for the screen, RPC, the portal and payments.
        """
        controlled = self.filtered(lambda order: order._is_credit_controlled())
        if not controlled:
            return super().action_confirm()
        self.check_access("write")
        for order in controlled:
            if message := order._confirmation_error_message():
                raise UserError(message)
        passing = self - controlled.sudo()._credit_hold_back().sudo(self.env.su)
        if passing:
            with cleared(self.env.cr, self._name, passing.ids):
                super(SaleOrder, passing).action_confirm()
            self.env["credit.account"]._forget_figures()
        return True

    def _action_cancel(self):
        with cleared(self.env.cr, "sale.order.cancel", self.ids):
            result = super()._action_cancel()
        self.sudo().credit_hold_ids._close()
        self._credit_freed()
        return result

    def action_open_credit_account(self):
        """The credit account of whoever pays this order."""
        self.ensure_one()
        self.check_access("read")
        account = self._credit_accounts()[self.id]
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.account",
            "res_id": account.id,
            "views": [(False, "form")],
        }

    # ------------------------------------------------------------------ business: the check

    def _is_credit_controlled(self, *modes):
        return self.sudo().company_id.credit_control in (modes or ("warn", "block"))

    def _credit_accounts(self, make=True):
        """``{order id: credit account of the payer}``, made if missing (else left out)."""
        orders = self.sudo()
        pairs = {
            order.id: (order.partner_invoice_id.commercial_partner_id.id, order.company_id.id)
            for order in orders
        }
        found = self.env["credit.account"].sudo()._for_pairs(pairs.values(), make)
        return {key: found[pair] for key, pair in pairs.items() if pair in found}

    def _credit_amounts(self):
        """``{order id: what it adds to the exposure if confirmed today}``, company currency."""
        orders = self.sudo()
        today = {company.id: company._credit_today() for company in orders.company_id}
        rates = {
            order.id: self.env["res.currency"]._get_conversion_rate(
                from_currency=order.company_id.currency_id,
                to_currency=order.currency_id,
                company=order.company_id,
                date=today[order.company_id.id],
            )
            for order in orders
        }
        amounts = orders_sql.order_amounts(self.env, orders, rates)
        return {order.id: order.company_id.currency_id.round(amounts[order.id]) for order in orders}

    @api.model
    def _credit_reasons(self, figures, added, used=0.0):
        """The rule: an order that adds nothing passes, others as ``Figures.reasons`` says.

        :param used: what earlier orders of the same call have taken already
        """
        if added <= 0:
            return ()
        return figures.reasons(used + added)

    def _credit_hold_back(self):
        """Judge the orders one after the other; save decisions and holds.

        :return: the orders that must not be confirmed (none when the company only warns)
        """
        accounts = self._credit_accounts()
        self.env["credit.account"].union(*accounts.values())._take_turn()
        # Whatever was written into the lines' totals, the check sees what they really are.
        lines = self.order_line.filtered(lambda line: not line.display_type)
        for name in ("price_subtotal", "price_tax", "price_total"):
            self.env.add_to_compute(lines._fields[name], lines)
        figures = self.env["credit.account"].union(*accounts.values())._figures()
        amounts = self._credit_amounts()
        used = dict.fromkeys(figures, 0.0)
        held, decisions = self.browse(), []
        for order in self:
            account, amount = accounts[order.id], amounts[order.id]
            found = figures[account.id]
            reasons = order._credit_reasons(found, amount, used[account.id])
            outcome = order._credit_outcome(reasons, amount)
            added = used[account.id] + amount
            decisions.append(records.check_decision(order, account, found, reasons, outcome, added))
            if outcome == "hold":
                order._credit_hold(account, found, reasons, amount, used[account.id])
                held |= order
            else:
                used[account.id] += amount
                order._credit_pass(outcome)
        self.env["suite.decision"]._record(decisions)
        if held:
            self.env["suite.outlook"]._changed(held)
        return held

    def _credit_outcome(self, reasons, amount):
        self.ensure_one()
        if not reasons:
            return "pass"
        if self.company_id.credit_control == "warn":
            return "warn"
        return "released" if self.credit_hold_ids._covers(amount) else "hold"

    def _credit_pass(self, outcome):
        self.credit_hold_ids.filtered(lambda hold: hold.state == "open")._close()
        if self.credit_warned != (outcome == "warn"):
            self.credit_warned = outcome == "warn"

    def _credit_hold(self, account, figures, reasons, amount, used):
        """Save the hold (or bring the open one up to date) and tell the salesperson."""
        hold = self.credit_hold_ids.filtered(lambda rec: rec.state == "open")
        if hold:
            hold._refresh(figures, used + amount, amount)
            return
        hold = self.env["credit.hold"].create(
            self.env["credit.hold"]._prepare_hold(account, figures, used + amount, self)
            | {
                "sale_order_id": self.id,
                "requested_by_id": self.env.uid,
                "amount": amount,
            }
        )
        summary = " ".join((hold._title(), hold.cure))
        self.message_post(body=summary)
        if self.user_id and self.user_id != self.env.user:
            hold._tell_salesperson()

    def _credit_is_released(self, beyond=0.0):
        """Whether a person's release that still counts covers the order as it is now.

        :param float beyond: value of what is delivered beyond the order, company currency
        """
        holds = self.sudo().credit_hold_ids.filtered(lambda hold: hold.state == "released")
        if not holds:
            return False
        return holds._covers(self.company_id.currency_id.round(self._credit_total() + beyond))

    def _credit_total(self):
        """The order's total in its company's currency at the order's rate."""
        order = self.sudo()
        return order.amount_total / (order.currency_rate or 1.0)

    # ------------------------------------------------------------------ business: changes

    def _credit_refuse_unchecked(self):
        """Refuse to make orders confirmed past :meth:`action_confirm` when they don't fit.

        :raise UserError: one of them would have been put on hold
        """
        if is_cleared(self.env.cr, self._name, self.ids):
            return
        orders = self.sudo().filtered(lambda order: order._is_credit_controlled("block"))
        if not orders:
            return
        accounts = orders._credit_accounts()
        every = self.env["credit.account"].sudo().union(*accounts.values())
        every._bump()
        figures = every._figures()
        pending = orders.filtered(lambda order: order.state != "sale")
        amounts = pending._credit_amounts()
        used = dict.fromkeys(figures, 0.0)
        for order in orders:
            account, amount = accounts[order.id], amounts.get(order.id, 0.0)
            used[account.id] += amount
            total = amount or order.amount_total
            if total > 0 and figures[account.id].reasons(used[account.id]):
                if order.credit_hold_ids._covers(total):
                    continue
                _logger.warning(
                    "User %s tried to confirm order %s past the credit check",
                    self.env.uid,
                    order.id,
                )
                raise UserError(
                    self.env._(
                        "%(order)s can't be confirmed this way: the customer's credit doesn't "
                        "allow it. Use Confirm, so that it is put on hold.",
                        order=order.name,
                    )
                )

    def _credit_refuse_leaving(self):
        """:raise UserError: a state written by hand would leave deliveries behind, uncounted"""
        leaving = self.filtered(lambda rec: rec.state == "sale" and rec._is_credit_controlled())
        if leaving and not is_cleared(self.env.cr, "sale.order.cancel", leaving.ids):
            raise UserError(self.env._("Use Cancel: it cancels the order's deliveries as well."))

    def _credit_order_changed(self):
        """Confirmed orders were changed: judge the payers again."""
        orders = self.sudo().filtered(
            lambda order: order.state == "sale" and order._is_credit_controlled()
        )
        if is_cleared(self.env.cr, self._name, orders.ids):
            return
        self.env["credit.account"].union(*orders._credit_accounts().values())._exposure_raised()

    def _credit_payers(self):
        """``{confirmed order: its credit account}``, before something about it changes."""
        orders = self.sudo().filtered(
            lambda order: order.state == "sale" and order._is_credit_controlled()
        )
        accounts = orders._credit_accounts()
        return {order: accounts[order.id] for order in orders}

    def _credit_payer_changed(self, payers):
        """Confirmed orders have another payer: he must have the credit, the old one is freed.

        :param payers: what ``_credit_payers`` was before
        :raise UserError: the new payer's credit doesn't allow it
        """
        now = self._credit_payers()
        moved = {
            order: account
            for order, account in now.items()
            if payers.get(order, account) != account
        }
        if not moved:
            return
        accounts = self.env["credit.account"].sudo().union(*moved.values())
        accounts._bump()
        figures = accounts._figures()
        for order, account in moved.items():
            reasons = figures[account.id].reasons()
            if not reasons or account.company_id.credit_control != "block":
                continue
            if (order.credit_hold_ids & account.hold_ids)._covers(
                order.company_id.currency_id.round(order._credit_total())
            ):
                continue
            raise UserError(
                self.env._(
                    "%(order)s can't be charged to %(customer)s, who would be %(reasons)s.",
                    order=order.name,
                    customer=account.partner_id.display_name,
                    reasons=reason_text(self.env, reasons),
                )
            )
        for order in moved:
            payers[order]._exposure_lowered(
                self.env._("Order %(order)s has another payer", order=order.name)
            )

    def _credit_freed(self):
        """Orders were cancelled or reduced: what waits may fit now."""
        orders = self.sudo().filtered(lambda order: order._is_credit_controlled())
        accounts = orders._credit_accounts()
        for order in orders:
            accounts[order.id]._exposure_lowered(
                self.env._("Order %(order)s reduced", order=order.name)
            )
