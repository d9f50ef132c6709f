from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestPromiseCondition(CreditCase):
    """What a promise to a customer depends on while credit would hold the quotation."""

    def _conditions(self, orders, user=None):
        orders = orders.with_user(user or self.salesman)
        found = orders.env["suite.outlook"]._conditions(orders)
        return [found.get(order, "") for order in orders]

    def _quote(self, limit=100, amount=150, **values):
        return self._order(self._customer(limit), amount, **values)

    def _later(self, days):
        return self.today + timedelta(days=days)

    def test_clear(self):
        """Nothing speaks against it: no condition."""
        self.assertEqual(self._conditions(self._quote(amount=100)), [""])

    def test_amount_to_pay(self):
        """50 over the limit: the date holds if 50 is paid; nothing is written."""
        order = self._quote()
        text = self._conditions(order)[0]
        self.assertTrue(text.startswith("not reserved, credit hold: if "), text)
        self.assertIn("50.00", text)
        self.assertTrue(text.endswith("is paid"), text)
        self.assertFalse(order.credit_hold_ids)

    def test_open_hold(self):
        """Tried to confirm and held: the same condition."""
        order = self._quote()
        order.with_user(self.salesman).action_confirm()
        self.assertEqual(order.credit_state, "hold")
        self.assertIn("50.00", self._conditions(order)[0])

    def test_by_when(self):
        """A wanted day leaves its delivery time after the payment."""
        order = self._quote()
        order.order_line.customer_lead = 4
        order.commitment_date = f"{self._later(10)} 04:00:00"
        text = self._conditions(order)[0]
        self.assertIn(" by ", text)
        self.assertEqual(order._credit_pay_by(), self._later(6))
        order.commitment_date = f"{self._later(1)} 04:00:00"
        self.assertEqual(order._credit_pay_by(), self.today)

    def test_overdue(self):
        """Overdue bills: what is late has to be paid, if that is more than the excess."""
        order = self._quote(limit=1000, amount=50)
        self._bill(order.partner_id, 80, days_late=60)
        self.assertIn("80.00", self._conditions(order)[0])

    def test_held_by_hand(self):
        """No payment helps: the reason is told instead."""
        order = self._quote(amount=10)
        account = self.env["credit.account"]._for(order.partner_id, self.company).sudo()
        account.write({"manual_hold": True, "manual_hold_reason": "dispute"})
        self.assertEqual(
            self._conditions(order),
            ["not reserved, credit hold: the customer is held by credit control"],
        )

    def test_released(self):
        """A person's release that covers the order leaves no condition."""
        order = self._quote()
        order.action_confirm()
        hold = order.credit_hold_ids
        hold.with_user(self.controller).action_release("known customer")
        self.assertEqual(self._conditions(order), [""])

    def test_only_warned(self):
        """A company that only warns holds nothing."""
        self.company.credit_control = "warn"
        self.assertEqual(self._conditions(self._quote()), [""])

    def test_numbers_for_readers_only(self):
        """Who may not see the customer's figures is told of the check alone; customers less."""
        order = self._quote()
        order.user_id = order.partner_id.user_id = self.sales_boss
        text = self._conditions(order, self.storekeeper)[0]
        self.assertEqual(text, "not reserved, credit hold: after the credit check")
        public = self.env.ref("base.public_user")
        found = self.env["suite.outlook"].with_user(public).sudo()
        shown = found._conditions(order.with_env(found.env))[order.with_env(found.env)]
        self.assertEqual(shown, "once we have checked your order")

    def test_one_judgement_for_all(self):
        """Ten quotations cost no more queries than two."""

        def count(number):
            orders = self.env["sale.order"].union(*(self._quote() for _each in range(number)))
            self.env.flush_all()
            self.env.invalidate_all()
            orders.mapped("order_line.price_total")
            orders.mapped("partner_invoice_id.commercial_partner_id.name")
            before = self.cr.sql_log_count
            self.assertTrue(all(self._conditions(orders, self.sales_boss)))
            return self.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(10), count(2) + 2)

    def test_while_typing(self):
        """An order that isn't saved is judged by what is on the screen."""
        partner = self._customer(100)
        self._order(partner, 1)
        order = self.env["sale.order"].new(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self._product("T", "order", list_price=140).id,
                            "product_uom_qty": 1,
                        }
                    )
                ],
            }
        )
        self.assertEqual(order.amount_total, 140)
        self.assertEqual(order._credit_accounts(make=False).keys(), {order.id})
        self.assertTrue(order._is_credit_controlled("block"))
        found = self.env["suite.outlook"]._conditions(order)
        self.assertIn("40.00", found[order])
