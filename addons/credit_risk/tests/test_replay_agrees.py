from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from ..tools.replay_build import Change, build
from .bill_case import BillCase
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


@tagged("post_install", "-at_install")
class TestReplayEnds(ReplayCase, BillCase):
    def test_walk_ends_at_todays_exposure(self):
        """Rebuilt from the past, the exposure of today is that of the account: part delivered
        and billed, down payment, credit note, part payment, tax, other currency, short close,
        bills of exchange."""
        self.company.credit_control = "off"
        partner = self._customer(limit=10**6)
        currency = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        tax = self.env["account.tax"].create({"name": "13 %", "amount": 13})
        part = self._past_order(
            partner, 1000, ago=90, quantity=10, tax=tax, product=self.delivery_goods
        )
        self._ship(part, 4)
        self._past_payment(self._invoice(part), ago=5, amount=1000)
        self._ship(part, 3)
        closed = self._past_order(partner, 10, ago=85, quantity=8, product=self.delivery_goods)
        self._ship(closed, 5)
        closed.picking_ids.filtered(lambda rec: rec.state != "done").action_cancel()
        down = self._past_order(partner, 700, ago=80)
        self._create_down_payment_invoice(down, "percentage", 30).action_post()
        returned = self._past_order(partner, 30, ago=70)
        invoice = self._past_invoice(returned, ago=65, due_ago=35)
        self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"journal_id": invoice.journal_id.id}).refund_moves()
        self.env["account.move"].search([("reversed_entry_id", "=", invoice.id)]).action_post()
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        self._past_order(partner, 33.33, ago=60, pricelist_id=pricelist.id)
        self.init_payment(123.45, post=True, partner=partner, date=self._day(3))
        self._bill(partner, 900, days_late=10)
        self._received(partner, 50).action_cancel("Wrong number")
        self._received(partner, 70)
        start, end = (
            self.env["credit.replay"]
            .new(
                {"company_id": self.company.id, "date_from": self._day(365), "date_to": self.today}
            )
            ._moments()
        )
        tried = Change(policy=self._policy(name="No rules").id)
        (walk,) = build(self.env, self.company, start, end, partner.ids, tried)
        walk.run()
        (customer,) = walk.customers.values()
        account = self._account(partner)
        self.assertEqual(customer.exposure(), account.exposure)
        late = sum(amount for __, amount in customer.late(self.today))
        self.assertEqual(late, account.overdue_amount)
        self.assertGreater(late, 0)
