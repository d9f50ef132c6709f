from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from .common_replay import ReplayCase


@tagged("post_install", "-at_install")
class TestReplayAgrees(ReplayCase):
    def test_replay_agrees_with_what_was_held(self):
        """The active policy, replayed over orders that really went through the check, holds
        just those that were held, for as long as they were."""
        self.company.credit_policy_id = self._policy(
            {"condition": "limit", "percent": 90},
            {"condition": "overdue", "days": 5, "amount": 1, "sequence": 20},
        )
        partners = [self._customer(limit=1000, name=f"Customer {n}") for n in range(3)]
        orders = self.env["sale.order"]
        steps = (
            # days ago, customer, what, amount
            (90, 0, "order", 500),
            (85, 0, "order", 401),  # 901 > 900
            (85, 1, "order", 900),
            (80, 1, "order", 0.01),
            (75, 0, "order", 400),
            (70, 2, "bill", 300),  # due the same day
            (65, 2, "order", 10),  # 5 days late: tolerated
            (64, 2, "order", 10),  # 6 days late
            (60, 2, "pay", 300),  # frees it
            (55, 2, "order", 20),
            (40, 1, "prepay", 100),  # frees the second order of the customer
            (30, 1, "order", 100),  # 900.01 - 100 + 100
            (25, 1, "order", 99.99),
            (20, 0, "prepay", 1),  # 900 - 1 + 401: not enough
        )
        bills = {}
        for ago, number, what, amount in steps:
            partner = partners[number]
            with freeze_time(self._noon(ago)):
                if what == "order":
                    order = self._order(partner, amount, product=self.goods)
                    order.action_confirm()
                    orders |= order
                    self._backdate(order, self._noon(ago))
                elif what == "bill":
                    bills[partner] = self._bill(
                        partner,
                        amount,
                        invoice_date=self._day(ago),
                        invoice_date_due=self._day(ago),
                    )
                elif what == "pay":
                    self._register_payment(bills[partner], payment_date=self._day(ago))
                else:
                    self.init_payment(amount, post=True, partner=partner, date=self._day(ago))
        held = orders.filtered("credit_hold_ids")
        self.assertEqual(held.mapped("amount_total"), [401.0, 0.01, 10.0, 100.0])
        replay = self._replay(partner_ids=[partner.id for partner in partners])
        found = replay.line_ids.filtered(lambda line: line.check == "confirm").order_id
        self.assertEqual(found, held)
        self.assertRecordValues(
            replay,
            [{"order_count": 10, "real_count": 4, "both_count": 4, "only_replay_count": 0}],
        )
        lines = self._lines(replay)
        waiting = held.filtered(lambda order: order.state != "sale")
        self.assertEqual(held.filtered(lambda order: lines[order].is_waiting), waiting)
        self.assertEqual([lines[order].days for order in held], [85, 40, 4, 30])

    def _backdate(self, order, moment):
        """The database's own clock isn't frozen."""
        holds = order.credit_hold_ids
        if holds:
            self.env.flush_all()
            self.env.execute_query(
                SQL(
                    "UPDATE credit_hold SET create_date = %s WHERE id = ANY(%s) RETURNING id",
                    moment,
                    holds.ids,
                )
            )
            holds.invalidate_recordset(["create_date"])
