from datetime import datetime, time, timedelta

from odoo.exceptions import UserError
from odoo.fields import Command

from .common import CreditCase


class TestScenariosRules(CreditCase):
    """The rules through real documents: orders, deliveries, invoices (ids of the design)."""

    def _use(self, *rules, **values):
        policy = self.env["credit.policy"].create(
            {
                "name": "Rules",
                "company_id": self.company.id,
                "rule_ids": [Command.create(rule) for rule in rules],
                **values,
            }
        )
        self.company.credit_policy_id = policy
        return policy

    def _codes(self, order):
        hold = order.credit_hold_ids.filtered(lambda rec: rec.state == "open")
        return hold.reason_codes or ""

    def assertHeld(self, order, *codes):
        self.assertEqual((order.credit_state, order.state), ("hold", "draft"))
        self.assertEqual(self._codes(order), ",".join(codes))

    def assertPassed(self, order, state="clear"):
        self.assertEqual((order.credit_state, order.state), (state, "sale"))

    # ------------------------------------------------------------------ limit

    def test_C1_block_at_90_percent(self):
        """C1: limit 10,000, owed 5,000, block at 90 %: 4,500 on hold, 4,000 confirmed."""
        self._use({"condition": "limit", "percent": 90})
        partner = self._customer(limit=10000)
        self._bill(partner, 5000)
        over = self._confirmed(partner, 4500)
        self.assertHeld(over, "LIMIT")
        self.assertEqual(over.credit_hold_ids.excess_amount, 500.0)
        self.assertPassed(self._confirmed(partner, 4000))

    def test_C2_warn_at_80_percent(self):
        """C2: 7,999.99 confirms without a word, 8,000 with a warning."""
        self._use({"condition": "limit", "percent": 80, "effect": "warn"})
        for amount, state in ((7999.99, "clear"), (8000, "warning")):
            partner = self._customer(limit=10000)
            self.assertPassed(self._confirmed(partner, amount), state)

    def test_warning_beside_block(self):
        """Trader: warned from 80 % on, held above 100 %."""
        self.company.credit_policy_id = self.env.ref("credit_risk.credit_policy_trader")
        partner = self._customer(limit=1000)
        self.assertPassed(self._confirmed(partner, 799.99))
        self.assertPassed(self._confirmed(partner, 200.01), "warning")
        self.assertHeld(self._confirmed(partner, 0.01), "LIMIT")

    # ------------------------------------------------------------------ overdue

    def test_C3_exclusion_by_days(self):
        """C3: over 61 days blocks; rating A passes below 100 days."""
        self._use(
            {"condition": "overdue", "days": 61},
            {
                "condition": "overdue",
                "effect": "exclude",
                "days": 100,
                "scope": "rating",
                "rating": "A",
            },
        )
        usual, vip, later = (self._customer(limit=10**6, name=name) for name in ("U", "V", "L"))
        (self._account(vip) | self._account(later)).rating = "A"
        for partner, days in ((usual, 75), (vip, 75), (later, 101)):
            self._bill(partner, 500, days_late=days)
        self.assertHeld(self._confirmed(usual, 1), "OVERDUE")
        self.assertPassed(self._confirmed(vip, 1))
        self.assertHeld(self._confirmed(later, 1), "OVERDUE")

    def test_C4_exclusion_by_amount(self):
        """C4: customer X passes with 999.99 overdue for 70 days, not with 1,000.00."""
        less, more = (self._customer(limit=10**6, name=name) for name in ("Less", "More"))
        self._use(
            {"condition": "overdue", "days": 61},
            {
                "condition": "overdue",
                "effect": "exclude",
                "amount": 1000,
                "scope": "customer",
                "partner_ids": (less | more).ids,
            },
        )
        self._bill(less, 999.99, days_late=70)
        self._bill(more, 1000, days_late=70)
        self.assertPassed(self._confirmed(less, 1))
        self.assertHeld(self._confirmed(more, 1), "OVERDUE")

    def test_C6_tolerance(self):
        """C6: 0.03 overdue with a tolerance of 1.00 passes."""
        self._use({"condition": "overdue", "amount": 1})
        partner = self._customer(limit=1000)
        self._bill(partner, 0.03, days_late=90)
        self.assertPassed(self._confirmed(partner, 1))
        self._bill(partner, 0.98, days_late=2)
        self.assertHeld(self._confirmed(partner, 1), "OVERDUE")

    def test_C7_by_instalment(self):
        """C7: 30,000 in three parts, the first 10 days late: 10,000 is overdue by 10 days."""
        self._use({"condition": "overdue", "days": 5})
        partner = self._customer(limit=10**6)
        term = self.env["account.payment.term"].create(
            {
                "name": "Three parts",
                "line_ids": [
                    Command.create({"value": value, "value_amount": part, "nb_days": days})
                    for value, part, days in (
                        ("fixed", 10000, 0),
                        ("fixed", 10000, 30),
                        ("percent", 100, 60),
                    )
                ],
            }
        )
        self._bill(
            partner,
            30000,
            invoice_date=self.today - timedelta(days=10),
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )
        order = self._confirmed(partner, 1)
        self.assertHeld(order, "OVERDUE")
        hold = order.credit_hold_ids
        self.assertEqual((hold.overdue_amount, hold.overdue_days), (10000.0, 10))
        self.assertEqual(hold.exposure, 30000.0)

    # ------------------------------------------------------------------ others

    def test_B10_expired_with_grace(self):
        """B10: five days after the limit's last day pass, the sixth doesn't."""
        self._use({"condition": "expired", "days": 5})
        for days, passes in ((5, True), (6, False)):
            partner = self._customer(limit=100)
            self._account(partner).limit_valid_to = self.today - timedelta(days=days)
            order = self._confirmed(partner, 1)
            if passes:
                self.assertPassed(order)
            else:
                self.assertHeld(order, "EXPIRED")

    def test_longer_payment_terms(self):
        """An order that gives 60 days to a customer with 30 is held; 30 and 0 pass."""
        self._use({"condition": "terms", "check": "confirm"})
        terms = {
            days: self.env["account.payment.term"].create(
                {
                    "name": f"{days} days",
                    "line_ids": [Command.create({"value": "percent", "nb_days": days})],
                }
            )
            for days in (30, 60)
        }
        partner = self._customer(limit=1000, property_payment_term_id=terms[30].id)
        self.assertHeld(self._confirmed(partner, 1, payment_term_id=terms[60].id), "TERMS")
        self.assertPassed(self._confirmed(partner, 1, payment_term_id=terms[30].id))
        self.assertPassed(self._confirmed(partner, 1, payment_term_id=False))
        terms[60].credit_rank = 30
        self.assertPassed(self._confirmed(partner, 1, payment_term_id=terms[60].id))

    def test_large_documents(self):
        """Orders above an amount wait for a person, tax included."""
        self._use({"condition": "order_amount", "amount": 113, "check": "confirm"})
        tax = self.env["account.tax"].create({"name": "13 %", "amount": 13})
        partner = self._customer(limit=10**6)
        self.assertPassed(self._confirmed(partner, 100, tax=tax))
        self.assertHeld(self._confirmed(partner, 100.01, tax=tax), "AMOUNT")

    def test_amounts_in_the_policys_currency(self):
        """A threshold of 100 in a currency worth two of ours is 200."""
        currency = self.setup_other_currency("EUR", rates=[("1900-01-01", 0.5)])
        self._use({"condition": "order_amount", "amount": 100}, currency_id=currency.id)
        partner = self._customer(limit=10**6)
        self.assertPassed(self._confirmed(partner, 200))
        self.assertHeld(self._confirmed(partner, 200.01), "AMOUNT")

    def test_horizon(self):
        """An order for delivery in 200 days passes over the limit with a horizon of 90 days,
        leaves room for others, and is judged when its goods leave."""
        self._use({"condition": "limit"}, horizon_days=90)
        partner = self._customer(limit=100)
        far = datetime.combine(self.today + timedelta(days=200), time(12))
        late = self._confirmed(partner, 150, commitment_date=far)
        self.assertPassed(late)
        self.assertPassed(self._confirmed(partner, 60))
        self.assertHeld(self._confirmed(partner, 41), "LIMIT")
        with self.assertRaises(UserError):
            self._ship(late)
        near = datetime.combine(self.today + timedelta(days=90), time(12))
        self.assertHeld(self._confirmed(partner, 41, commitment_date=near), "LIMIT")

    def test_grace_days_after_approval(self):
        """Goods of an order that passed today leave although the limit was lowered since."""
        self._use(
            {"condition": "limit", "check": "confirm"},
            {"condition": "limit", "check": "delivery", "grace_days": 3},
        )
        partner = self._customer(limit=100)
        order = self._confirmed(partner, 100)
        self._account(partner).limit_amount = 50
        self._ship(order)
        self.assertEqual(order.picking_ids.state, "done")

    def test_scope_of_a_group(self):
        """A rule for one credit group judges its members alone."""
        group = self.env["credit.group"].create({"name": "G", "limit_kind": "unlimited"})
        inside, outside = self._customer(limit=10), self._customer(limit=10, name="Outside")
        self._account(inside).group_id = group
        self._use({"condition": "limit", "scope": "group", "group_ids": group.ids})
        self.assertHeld(self._confirmed(inside, 11), "LIMIT")
        self.assertPassed(self._confirmed(outside, 11))

    def test_policy_without_rules_passes(self):
        """A policy is what it says, and nothing beside it."""
        self._use()
        partner = self._customer(limit=1)
        self._bill(partner, 5, days_late=50)
        self.assertPassed(self._confirmed(partner, 100))

    def test_decision_names_rule_and_version(self):
        """Each decision says which rule spoke, in words, and in which version of the policy."""
        policy = self._use({"condition": "limit", "percent": 90})
        policy.rule_ids.percent = 80
        partner = self._customer(limit=100)
        order = self._confirmed(partner, 81)
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)], limit=1
        )
        self.assertEqual(decision.rule, f"credit.rule:{policy.rule_ids.id}")
        self.assertEqual(decision.rule_version, "2")
        self.assertEqual(decision.rule_label, policy.rule_ids.name)

    # ------------------------------------------------------------------ ready policies

    def test_cash_only_holds_whatever_isnt_paid(self):
        """Cash only: unlimited, high or no limit, the order waits for its money; then it is
        confirmed and ships."""
        cash = self.env.ref("credit_risk.credit_policy_cash")
        for kind, amount in (("unlimited", 0), ("limited", 10**6), ("limited", 0)):
            partner = self._customer()
            account = self._account(partner)
            account.write({"limit_kind": kind, "limit_amount": amount, "policy_id": cash.id})
            order = self._confirmed(partner, 100)
            self.assertHeld(order, "LIMIT")
            self.init_payment(99.99, post=True, partner=partner, date=self.today)
            self.assertHeld(order, "LIMIT")
            self.init_payment(0.01, post=True, partner=partner, date=self.today)
            self.assertEqual(order.state, "sale")
            self.assertHeld(self._confirmed(partner, 0.01), "LIMIT")
            self._ship(order)
            self.assertEqual(order.picking_ids.state, "done")

    def test_maker_to_order(self):
        """Maker to order: anything overdue stops a confirmation; finished goods leave within
        30 days after approval, but not while something is more than 15 days overdue."""
        self.company.credit_policy_id = self.env.ref("credit_risk.credit_policy_maker")
        partner = self._customer(limit=1000)
        order = self._confirmed(partner, 100)
        self.assertPassed(order)
        self._bill(partner, 1, days_late=15)
        self.assertHeld(self._confirmed(partner, 1), "OVERDUE")
        self._account(partner).limit_amount = 50
        self._ship(order, 1)
        self.assertEqual(order.picking_ids.state, "done")
        second = self._customer(limit=1000, name="Later")
        order = self._confirmed(second, 100)
        self._bill(second, 1, days_late=16)
        with self.assertRaises(UserError):
            self._ship(order)

    def test_trader_warns_at_other_invoices(self):
        """Trader: an invoice without an order is posted over the limit too."""
        self.company.credit_policy_id = self.env.ref("credit_risk.credit_policy_trader")
        partner = self._customer(limit=100)
        self.assertEqual(self._bill(partner, 500, days_late=0).state, "posted")
