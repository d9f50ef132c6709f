from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from .common_replay import ReplayCase

BUSINESS = (
    "sale_order",
    "sale_order_line",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "stock_move",
    "stock_picking",
    "credit_account",
    "credit_hold",
    "credit_policy",
    "res_partner",
    "suite_decision",
    "suite_ledger_entry",
)


class TestReplay(ReplayCase):
    def _story(self):
        """One customer: paid late, ordered more meanwhile."""
        partner = self._customer(limit=10000)
        first = self._past_order(partner, 6000, ago=100)
        invoice = self._past_invoice(first, ago=95, due_ago=65)
        second = self._past_order(partner, 5000, ago=90)
        bill = self._past_invoice(second, ago=80, due_ago=50)
        third = self._past_order(partner, 3000, ago=50)
        self._past_payment(bill, ago=45)
        self._past_payment(invoice, ago=40)
        fourth = self._past_order(partner, 2000, ago=20)
        return partner, first, second, third, fourth

    def test_exact_numbers(self):
        """What was over the limit or overdue then is held until the payments came."""
        partner, __, second, third, __ = self._story()
        policy = self._policy(
            {"condition": "limit"}, {"condition": "overdue", "days": 7, "sequence": 20}
        )
        replay = self._replay(what="policy", policy_id=policy.id, partner_ids=partner.ids)
        lines = self._lines(replay)
        self.assertEqual(lines.keys(), {second, third})
        over = lines[second]
        self.assertEqual(
            (over.reason_codes, over.amount, over.excess, over.overdue),
            ("LIMIT", 5000.0, 1000.0, 0.0),
        )
        # The first payment (of its own invoice, which doesn't count while it is held) frees
        # nothing, the second one does.
        self.assertEqual((over.released_date.date(), over.days), (self._day(40), 50))
        self.assertEqual((over.late_amount, over.late_days), (5000.0, 5))
        late = lines[third]
        self.assertEqual(
            (late.reason_codes, late.amount, late.excess, late.overdue),
            ("OVERDUE", 3000.0, 0.0, 6000.0),
        )
        self.assertEqual((late.days, late.late_amount), (10, 0.0))
        self.assertRecordValues(
            replay,
            [
                {
                    "order_count": 4,
                    "order_amount": 16000.0,
                    "held_count": 2,
                    "held_amount": 8000.0,
                    "held_percent": 50.0,
                    "average_days": 30.0,
                    "waiting_count": 0,
                    "late_count": 1,
                    "late_amount": 5000.0,
                    "all_late_count": 2,
                    "all_late_amount": 11000.0,
                    "right_percent": 50.0,
                    "real_count": 0,
                    "only_replay_count": 2,
                }
            ],
        )
        self.assertEqual(replay.caught_percent, 45.5)

    def test_another_limit(self):
        """A higher limit for the customer alone: nothing over it, the standard rules for the
        rest; a lower one holds from the first order on."""
        partner, first, second, third, __ = self._story()
        account = self._account(partner)
        replay = self._replay(what="limit", account_id=account.id, limit_amount=11000)
        self.assertEqual(self._lines(replay).keys(), {third})
        replay = self._replay(what="limit", account_id=account.id, limit_amount=10999.99)
        self.assertEqual(self._lines(replay).keys(), {second, third})
        replay = self._replay(what="limit", account_id=account.id, limit_amount=1000)
        self.assertEqual(replay.held_count, 4)
        line = self._lines(replay)[first]
        self.assertEqual((line.excess, line.is_waiting, line.days), (5000.0, True, 100))
        self.assertEqual(account.limit_amount, 10000.0)

    def test_another_default_limit(self):
        """A new default is tried on those without a limit of their own."""
        own, other = self._customer(limit=10), self._customer(name="Default")
        self._past_order(own, 50, ago=30)
        order = self._past_order(other, 50, ago=30)
        values = {"what": "default", "limit_amount": 49.99, "partner_ids": (own | other).ids}
        self.assertEqual(self._replay(**values).held_count, 2)
        self.assertNotIn(order, self._lines(self._replay(**values | {"limit_amount": 50})))
        self.assertEqual(self._replay(**values | {"limit_kind": "unlimited"}).held_count, 1)

    def test_held_orders_use_no_credit(self):
        """Of three orders of 40 under a limit of 100 the third alone is held, and a fourth of
        20 fits beside it."""
        partner = self._customer(limit=100)
        orders = [self._past_order(partner, price, ago=30 - price / 10) for price in (40, 41, 42)]
        small = self._past_order(partner, 19, ago=5)
        lines = self._lines(self._replay(partner_ids=partner.ids))
        self.assertEqual(list(lines), orders[2:])
        self.assertNotIn(small, lines)
        self.assertEqual(lines[orders[2]].excess, 23.0)

    def test_payment_in_advance(self):
        """Cash only: an order that money on account covers passes, the same without is held."""
        partner, other = self._customer(limit=0), self._customer(limit=10**6)
        self.init_payment(100, post=True, partner=partner, date=self._day(40))
        paid = self._past_order(partner, 100, ago=30)
        unpaid = self._past_order(other, 100, ago=30)
        cash = self.env.ref("credit_risk.credit_policy_cash")
        replay = self._replay(what="policy", policy_id=cash.id, partner_ids=(partner | other).ids)
        self.assertEqual(self._lines(replay).keys(), {unpaid})
        self.assertTrue(paid)

    def test_value_moves_without_a_change(self):
        """Order, delivery and invoice of the same goods are counted once at every moment."""
        partner = self._customer(limit=150)
        order = self._past_order(partner, 10, quantity=10, ago=60)
        picking = order.picking_ids
        self._prepare(picking, 4)
        picking.with_context(skip_backorder=True).button_validate()
        picking.move_ids.date = self._noon(50)
        invoice = order._create_invoices()
        invoice.write({"invoice_date": self._day(45), "invoice_date_due": self._day(-30)})
        invoice.action_post()
        probes = [self._past_order(partner, 50.01, ago=ago) for ago in (59, 49, 44)]
        for probe in probes:
            line = self._lines(self._replay(partner_ids=partner.ids))[probe]
            self.assertEqual(line.excess, 0.01)

    def test_group_limit(self):
        """Members who share a limit are replayed together, in the order of time."""
        group = self.env["credit.group"].create(
            {"name": "Holding", "limit_amount": 100, "currency_id": self.company.currency_id.id}
        )
        one, two = self._customer(limit=90), self._customer(limit=90, name="Sister")
        (self._account(one) | self._account(two)).group_id = group
        self._past_order(one, 60, ago=30)
        second = self._past_order(two, 60, ago=20)
        self.assertEqual(self._lines(self._replay(partner_ids=two.ids)).keys(), {second})
        line = self._lines(self._replay(partner_ids=two.ids))[second]
        self.assertEqual((line.reason_codes, line.excess), ("LIMIT", 20.0))

    def test_temporary_limit_by_its_dates(self):
        """A temporary limit counts on its days alone."""
        partner = self._customer(limit=50)
        self.env["credit.limit.line"].create(
            {
                "account_id": self._account(partner).id,
                "kind": "temporary_set",
                "amount": 200,
                "date_from": self._day(40),
                "date_to": self._day(20),
            }
        )
        before = self._past_order(partner, 60, ago=41)
        inside = self._past_order(partner, 70, ago=40)
        after = self._past_order(partner, 80, ago=19)
        lines = self._lines(self._replay(partner_ids=partner.ids))
        self.assertEqual(lines.keys(), {before, after})
        # It is free as soon as the temporary limit begins; then 130 are used of 200.
        self.assertEqual((lines[before].days, lines[after].is_waiting), (1, True))
        self.assertTrue(inside)

    def test_delivery_is_judged_too(self):
        """An order that passed is held when its goods leave, if something is overdue by then."""
        partner = self._customer(limit=10**6)
        self._bill(partner, 10, days_late=30)
        order = self._past_order(partner, 100, ago=60)
        self._ship(order)
        order.picking_ids.move_ids.date = self._noon(20)
        line = self._lines(self._replay(partner_ids=partner.ids))[order]
        self.assertEqual((line.check, line.reason_codes), ("delivery", "OVERDUE"))
        self.assertEqual(self._replay(partner_ids=partner.ids).held_count, 0)

    def test_longer_terms(self):
        """Orders with longer terms than the customer's own are found by their rank."""
        partner = self._customer()
        term = self.env["account.payment.term"].create(
            {"name": "60", "line_ids": [Command.create({"value": "percent", "nb_days": 60})]}
        )
        usual = self._past_order(partner, 10, ago=30)
        longer = self._past_order(partner, 10, ago=20, payment_term_id=term.id)
        policy = self._policy({"condition": "terms", "check": "confirm"})
        replay = self._replay(what="policy", policy_id=policy.id, partner_ids=partner.ids)
        self.assertEqual(self._lines(replay).keys(), {longer})
        self.assertEqual(self._lines(replay)[longer].reason, "TERMS")
        self.assertTrue(usual)

    def test_own_policies_are_kept(self):
        """Customers with a policy of their own keep it, unless all are tried."""
        partner = self._customer(limit=10)
        self._account(partner).policy_id = self._policy({"condition": "expired"}, name="Own")
        self._past_order(partner, 50, ago=30)
        tried = self._policy({"condition": "limit"})
        values = {"what": "policy", "policy_id": tried.id, "partner_ids": partner.ids}
        self.assertEqual(self._replay(**values).held_count, 0)
        self.assertEqual(self._replay(**values, every_customer=True).held_count, 1)

    def test_reads_only(self):
        """A replay changes no row of any business document, and makes no credit account."""
        partner = self._customer(name="No account yet")
        self._past_order(partner, 50, ago=30)
        self._story()
        replay = self.env["credit.replay"].create(
            {"what": "default", "limit_amount": 1, "company_id": self.company.id}
        )
        self.env.flush_all()
        before = self._row_versions()
        replay.action_run()
        self.env.flush_all()
        self.assertGreater(replay.held_count, 0)
        self.assertEqual(self._row_versions(), before)

    def _row_versions(self):
        """Each table's rows with the command that wrote them last."""
        return {
            table: self.env.execute_query(
                SQL(
                    "SELECT COUNT(*), COALESCE(SUM(hashtext(t.ctid::text || t.xmin || t.cmin)), 0)"
                    " FROM %s t",
                    SQL.identifier(table),
                )
            )
            for table in BUSINESS
        }

    def test_queries_dont_grow_with_orders(self):
        """Three orders and thirty are read by the same number of statements."""
        counts = []  # the first run fills caches
        for many in (2, 3, 30):
            partner = self._customer(limit=10**6, name=f"Buyer {many}")
            for number in range(many):
                self._past_order(partner, 10, ago=30 + number)
            replay = self.env["credit.replay"].create(
                {"what": "current", "partner_ids": partner.ids, "company_id": self.company.id}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            replay.action_run()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])

    def test_credit_managers_alone(self):
        """Controllers read replays, managers make them, others see nothing."""
        partner = self._customer(limit=10)
        self._past_order(partner, 50, ago=30)
        model = self.env["credit.replay"]
        values = {"what": "current", "partner_ids": partner.ids, "company_id": self.company.id}
        replay = model.with_user(self.manager).create(values)
        replay.action_run()
        self.assertEqual(replay.held_count, 1)
        self.assertEqual(replay.with_user(self.controller).line_ids.amount, 50.0)
        for user in (self.controller, self.salesman, self.accountant):
            with self.assertRaises(AccessError):
                model.with_user(user).create(values)
            with self.assertRaises(AccessError):
                replay.with_user(user).action_run()
        for user in (self.salesman, self.accountant):
            with self.assertRaises(AccessError):
                replay.with_user(user).read(["held_count"])
            with self.assertRaises(AccessError):
                replay.line_ids.with_user(user).read(["amount"])

    def test_what_is_tried_must_be_given(self):
        """A replay of a policy needs the policy, one of a limit the customer."""
        for values in ({"what": "policy"}, {"what": "limit"}, {"limit_amount": -1.0}):
            with self.assertRaises(ValidationError):
                self._replay(**values)

    def test_drill_down(self):
        """From the policy and the account to the replay, from a line to its order."""
        policy = self._policy({"condition": "limit"})
        context = policy.action_replay()["context"]
        self.assertEqual(context["default_policy_id"], policy.id)
        partner = self._customer(limit=10)
        order = self._past_order(partner, 50, ago=30)
        account = self._account(partner)
        self.assertEqual(account.action_replay()["context"]["default_account_id"], account.id)
        replay = self._replay(partner_ids=partner.ids)
        self.assertEqual(replay.action_open_lines()["domain"], [("replay_id", "=", replay.id)])
        self.assertEqual(replay.line_ids.action_open_order()["res_id"], order.id)
