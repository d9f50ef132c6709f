from odoo import fields, models
from odoo.exceptions import UserError

from ..tools import orders_sql, records
from ..tools.documents import judge_order
from ..tools.umbrellas import take


class SaleOrder(models.Model):
    """The credit check of orders that are to be confirmed."""

    _inherit = "sale.order"

    # ------------------------------------------------------------------ facts

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

    def _credit_total(self):
        """The order's total in its company's currency at the order's rate."""
        order = self.sudo()
        return order.amount_total / (order.currency_rate or 1.0)

    def _credit_net_new(self):
        """``{order id: what it adds beyond the money received for it}``; others add all.

        Neutral here: payments meant for an order are the business of the milestones.
        """
        return {}

    def _credit_is_prepaid(self):
        """Whether the whole order has been paid for, so that its goods raise no risk."""
        return False

    def _credit_open_milestone(self, trigger):
        """Payment still missing before ``trigger`` (before_supply, before_shipment)."""
        return 0.0

    def _credit_terms_longer(self):
        """Whether the order gives more time to pay than the customer has otherwise."""
        return False

    def _credit_is_beyond_horizon(self, days):
        """Whether the order is to be delivered later than in this number of days."""
        self.ensure_one()
        order = self.sudo()
        due = order.commitment_date or order.date_order or fields.Datetime.now()
        return order.company_id._credit_date(due) > order.company_id._credit_today(days)

    def _credit_approved_days(self):
        """Days since the order last passed the check or was released; None if never."""
        decision = (
            self.env["suite.decision"]
            .sudo()
            .search(
                [
                    ("kind", "=", "credit.check"),
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("outcome", "in", ("pass", "warn", "released")),
                ],
                order="id desc",
                limit=1,
            )
        )
        if not decision:
            return None
        company = self.sudo().company_id
        return (company._credit_today() - company._credit_date(decision.create_date)).days

    # ------------------------------------------------------------------ the check

    def _credit_hold_back(self):
        """Judge the orders one after the other; save decisions and holds.

        :return: the orders that must not be confirmed (none when the company only warns)
        """
        accounts = self._credit_take_turn()
        every = self.env["credit.account"].union(*accounts.values())
        # Whatever was written into the lines' totals, the check sees what they really are.
        lines = self.order_line.filtered(lambda line: not line.display_type)
        for name in ("price_subtotal", "price_tax", "price_total"):
            self.env.add_to_compute(lines._fields[name], lines)
        figures = every._figures()
        amounts = self._credit_amounts()
        held, decisions = self.browse(), []
        for order in self:
            account, amount = accounts[order.id], amounts[order.id]
            found = figures[account.id]
            document, verdict = judge_order(order, found, amount)
            outcome = order._credit_outcome(verdict, amount)
            decisions.append(
                records.check_decision(order, account, found, verdict, outcome, document.added)
            )
            if outcome == "hold":
                order._credit_hold(account, found, verdict, amount)
                held |= order
            else:
                take(figures, account.id, document.added)
                order._credit_pass(outcome)
        self.env["suite.decision"]._record(decisions)
        if held:
            self.env["suite.outlook"]._changed(held)
        return held

    def _credit_take_turn(self):
        """The payers' accounts, bumped; whoever had to wait looks again at what he confirms.

        :raise UserError: somebody else has confirmed one of the orders in the meantime
        """
        accounts = self._credit_accounts()
        if not self.env["credit.account"].union(*accounts.values())._take_turn():
            return accounts
        for order in self:
            if message := order._confirmation_error_message():
                raise UserError(message)
        again = self._credit_accounts()
        if again != accounts:
            self.env["credit.account"].union(*again.values())._bump()
        return again

    def _credit_outcome(self, verdict, amount):
        """What follows from a verdict: pass, warn, released or hold."""
        self.ensure_one()
        if not verdict.blocking:
            return "warn" if verdict.warnings else "pass"
        if self.company_id.credit_control == "warn":
            return "warn"
        return "released" if self.credit_hold_ids._covers(amount) else "hold"

    def _credit_pass(self, outcome):
        self.credit_hold_ids.filtered(lambda hold: hold.state == "open")._close()
        if self.credit_warned != (outcome == "warn"):
            self.credit_warned = outcome == "warn"

    def _credit_hold(self, account, figures, verdict, amount):
        """Save the hold (or bring the open one up to date) and tell the salesperson."""
        values = records.hold_values(figures, verdict, figures.convert(amount), account.currency_id)
        hold = self.credit_hold_ids.filtered(lambda rec: rec.state == "open")
        if hold:
            hold._refresh(values)
            return
        hold = self.env["credit.hold"].create(
            values
            | {
                "account_id": account.id,
                "user_id": self.user_id.id,
                "sale_order_id": self.id,
                "requested_by_id": self.env.uid,
            }
        )
        self.message_post(body=hold._title_for_all())
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
