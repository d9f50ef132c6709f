from dataclasses import replace

from odoo.tests import BaseCase

from ..tools.figures import Figures
from ..tools.rules import (
    CHECKS,
    CONFIRM,
    DELIVERY,
    INVOICE,
    Account,
    Document,
    Rule,
    Umbrella,
    judge,
    standard_rules,
)

BOTH = CHECKS["confirm_delivery"]


def figures(exposure=0.0, limit=10000.0, rules=None, **values):
    """What an account owes; the rules are the standard ones unless given."""
    empty = dict.fromkeys(
        ("receivable", "delivered_not_invoiced", "open_orders", "draft_invoices", "bills"), 0.0
    )
    return Figures(
        **empty
        | {
            "account_id": 1,
            "exposure": exposure,
            "beyond_horizon": 0.0,
            "late": (),
            "limit": limit,
            "limit_parts": (),
            "unlimited": False,
            "valid_to": None,
            "days_expired": None,
            "rate": 1.0,
            "decimals": 2,
            "account": Account(partner_id=7),
            "rules": standard_rules() if rules is None else tuple(rules),
        }
        | values
    )


def order(added, **values):
    return Document(check=CONFIRM, added=added, amount=added, **values)


def rule(condition, effect="block", **values):
    return Rule(
        f"test,{condition},{effect}", condition, values.pop("checks", BOTH), effect, **values
    )


class TestRules(BaseCase):
    """The judgement alone: numbers in, codes out, no database."""

    def assertBlocks(self, found, document, *codes):
        self.assertEqual(judge(found, document).blocking, codes)

    def assertWarns(self, found, document, *codes):
        verdict = judge(found, document)
        self.assertEqual((verdict.blocking, verdict.warnings), ((), codes))

    # ------------------------------------------------------------------ limit

    def test_equality_passes(self):
        """Up to the limit passes, one cent more doesn't; the finding says by how much."""
        found = figures(9000)
        self.assertBlocks(found, order(1000))
        self.assertBlocks(found, order(1000.01), "LIMIT")
        self.assertEqual(judge(found, order(1000.01)).excess, 0.01)

    def test_sums_of_cents_are_no_excess(self):
        """0.1 + 0.2 is 0.3 for money."""
        self.assertBlocks(figures(0.1, limit=0.3), order(0.2))

    def test_C1_block_at_a_percentage(self):
        """C1: limit 10,000, owed 5,000, block at 90 %: 4,500 is held, 4,000 passes."""
        found = figures(5000, rules=[rule("limit", percent=90.0)])
        self.assertBlocks(found, order(4500), "LIMIT")
        self.assertEqual(judge(found, order(4500)).findings[0].over, 500.0)
        self.assertEqual(judge(found, order(4500)).findings[0].bound, 9000.0)
        self.assertBlocks(found, order(4000))

    def test_C2_warning_begins_at_its_bound(self):
        """C2: warn at 80 %: nothing at 7,999.99, a warning that doesn't block at 8,000."""
        found = figures(0, rules=[rule("limit", "warn", percent=80.0), rule("limit")])
        self.assertWarns(found, order(7999.99))
        self.assertWarns(found, order(8000), "LIMIT")
        self.assertBlocks(found, order(10000.01), "LIMIT")

    def test_amount_on_top_of_the_percentage(self):
        """100 % plus 500: what a salesperson may go over by himself."""
        found = figures(10000, rules=[rule("limit", amount=500.0)])
        self.assertBlocks(found, order(500))
        self.assertBlocks(found, order(500.01), "LIMIT")

    def test_A15_zero_limit_and_no_limit(self):
        """A15: 0 holds the first cent; unlimited never says LIMIT."""
        self.assertBlocks(figures(0, limit=0.0), order(0.01), "LIMIT")
        self.assertBlocks(figures(10**9, limit=0.0, unlimited=True), order(10**9))

    def test_A14_money_in_hand_covers(self):
        """A14: no credit, 473.72 paid in advance: exactly that much passes."""
        found = figures(-473.72, limit=0.0)
        self.assertBlocks(found, order(473.72))
        self.assertBlocks(found, order(473.73), "LIMIT")

    def test_no_credit_out_of_any_limit(self):
        """0 % holds whatever isn't covered by money, even for an unlimited customer."""
        cash = [rule("limit", percent=0.0)]
        for found in (
            figures(0, limit=10**9, rules=cash),
            figures(0, limit=0.0, unlimited=True, rules=cash),
        ):
            self.assertBlocks(found, order(0.01), "LIMIT")
            self.assertBlocks(found, order(50.0, prepaid=True))
            self.assertBlocks(replace(found, exposure=-50.0), order(50.0))
            self.assertBlocks(replace(found, exposure=-50.0), order(50.01), "LIMIT")

    def test_no_credit_asks_nothing_of_others(self):
        """Debts of others under a shared limit don't stop what a customer has paid."""
        shared = Umbrella("credit.group", 3, "G", 1000.0, 900.0)
        found = figures(-50, rules=[rule("limit", percent=0.0)], umbrellas=(shared,))
        self.assertBlocks(found, order(50.0))

    # ------------------------------------------------------------------ shared limits

    def test_B5_group_limit(self):
        """B5: group 15,000, the other member owes 9,000: 7,000 is held, 6,000 passes."""
        found = figures(0, umbrellas=(Umbrella("credit.group", 3, "G", 15000.0, 9000.0),))
        self.assertBlocks(found, order(7000), "LIMIT")
        self.assertEqual(judge(found, order(7000)).findings[0].over, 1000.0)
        self.assertEqual(judge(found, order(7000)).findings[0].umbrella.id, 3)
        self.assertBlocks(found, order(6000))

    def test_shared_limit_in_its_own_currency(self):
        """A group limit of 50 at half the rate takes orders up to 100."""
        found = figures(0, umbrellas=(Umbrella("credit.group", 3, "G", 50.0, 0.0, rate=0.5),))
        self.assertBlocks(found, order(100))
        self.assertBlocks(found, order(100.02), "LIMIT")
        self.assertEqual(judge(found, order(110)).findings[0].over, 10.0)

    def test_shared_limit_of_an_unlimited_customer(self):
        """Unlimited is about the own limit; that of the group holds."""
        shared = Umbrella("credit.account", 3, "Parent", 100.0, 90.0)
        found = figures(0, limit=0.0, unlimited=True, umbrellas=(shared,))
        self.assertBlocks(found, order(10.01), "LIMIT")

    # ------------------------------------------------------------------ overdue

    def test_C3_excluded_while_not_too_late(self):
        """C3: over 61 days blocks all, A customers below 100 days aside."""
        rules = [
            rule("overdue", days=61),
            rule("overdue", "exclude", days=100, scope="rating", rating="A"),
        ]
        usual = figures(0, rules=rules, late=((75, 500.0),))
        vip = replace(usual, account=Account(rating="A"))
        self.assertBlocks(usual, order(1), "OVERDUE")
        self.assertBlocks(vip, order(1))
        self.assertBlocks(replace(vip, late=((99, 500.0),)), order(1))
        self.assertBlocks(replace(vip, late=((100, 500.0),)), order(1), "OVERDUE")
        self.assertBlocks(replace(vip, late=((101, 500.0),)), order(1), "OVERDUE")

    def test_C4_excluded_below_an_amount(self):
        """C4: customer X passes 70 days late with 999.99, not with 1,000.00; others never."""
        rules = [
            rule("overdue", days=61),
            rule("overdue", "exclude", amount=1000.0, scope="customer", partner_ids={7}),
        ]
        found = figures(0, rules=rules, late=((70, 999.99),))
        self.assertBlocks(found, order(1))
        self.assertBlocks(replace(found, late=((70, 1000.0),)), order(1), "OVERDUE")
        self.assertBlocks(replace(found, account=Account(partner_id=8)), order(1), "OVERDUE")

    def test_exclusion_needs_both_of_its_bounds(self):
        """Below the days but not below the amount: the rule counts."""
        rules = [rule("overdue"), rule("overdue", "exclude", days=10, amount=100.0)]
        self.assertBlocks(figures(0, rules=rules, late=((9, 99.99),)), order(1))
        self.assertBlocks(figures(0, rules=rules, late=((9, 100.0),)), order(1), "OVERDUE")
        self.assertBlocks(figures(0, rules=rules, late=((10, 99.99),)), order(1), "OVERDUE")

    def test_exclusion_is_for_its_condition_or_for_all(self):
        """An exclusion leaves out its own condition, or everything when it says so."""
        rules = [rule("overdue"), rule("limit"), rule("overdue", "exclude", amount=100.0)]
        found = figures(10000, rules=rules, late=((9, 50.0),))
        self.assertBlocks(found, order(1), "LIMIT")
        rules[-1] = replace(rules[-1], excludes="all")
        self.assertBlocks(replace(found, rules=tuple(rules)), order(1))

    def test_exclusion_by_exposure_document_and_expiry(self):
        """Small exposure, small orders and freshly ended limits can be left out as well."""
        rules = [rule("overdue"), rule("limit", "exclude", percent=50.0, excludes="all")]
        late = ((9, 50.0),)
        self.assertBlocks(figures(4000, rules=rules, late=late), order(999.99))
        self.assertBlocks(figures(4000, rules=rules, late=late), order(1000), "OVERDUE")
        rules[1] = rule("order_amount", "exclude", amount=100.0, excludes="all")
        self.assertBlocks(figures(0, rules=rules, late=late), order(99.99))
        self.assertBlocks(figures(0, rules=rules, late=late), order(100), "OVERDUE")
        rules = [rule("expired"), rule("expired", "exclude", days=5)]
        self.assertBlocks(figures(0, rules=rules, days_expired=4), order(1))
        self.assertBlocks(figures(0, rules=rules, days_expired=5), order(1), "EXPIRED")

    def test_C6_tolerated_amount(self):
        """C6: 0.03 overdue with a tolerance of 1.00 passes; 1.00 too, 1.01 not."""
        rules = [rule("overdue", amount=1.0)]
        self.assertBlocks(figures(0, rules=rules, late=((400, 0.03),)), order(1))
        self.assertBlocks(figures(0, rules=rules, late=((400, 1.0),)), order(1))
        self.assertBlocks(figures(0, rules=rules, late=((400, 1.01),)), order(1), "OVERDUE")

    def test_C7_each_instalment_by_its_own_date(self):
        """C7: of three instalments one is 10 days late: 10,000 counts beyond 5 days."""
        found = figures(30000, limit=10**6, rules=[rule("overdue", days=5)], late=((10, 10000.0),))
        verdict = judge(found, order(1))
        self.assertEqual(verdict.blocking, ("OVERDUE",))
        self.assertEqual(verdict.findings[0].over, 10000.0)
        self.assertEqual((found.overdue_amount, found.overdue_days), (10000.0, 10))

    def test_tolerated_days(self):
        """Exactly as many days as tolerated pass; only later items sum up."""
        rules = [rule("overdue", days=7, amount=50.0)]
        self.assertBlocks(figures(0, rules=rules, late=((7, 900.0),)), order(1))
        self.assertBlocks(figures(0, rules=rules, late=((8, 50.0), (7, 900.0))), order(1))
        self.assertBlocks(
            figures(0, rules=rules, late=((8, 30.0), (9, 20.01))), order(1), "OVERDUE"
        )

    # ------------------------------------------------------------------ others

    def test_B10_expiry_with_grace(self):
        """B10: valid to 10-31 with 5 days of grace: 11-05 passes, 11-06 is held."""
        rules = standard_rules(grace_days=5)
        self.assertBlocks(figures(0, rules=rules, days_expired=5), order(1))
        self.assertBlocks(figures(0, rules=rules, days_expired=6), order(1), "EXPIRED")
        self.assertBlocks(figures(0, rules=rules, days_expired=6, unlimited=True), order(1))

    def test_longer_terms(self):
        """Longer payment terms than the customer's own."""
        found = figures(0, rules=[rule("terms", checks=CHECKS["confirm"])])
        self.assertBlocks(found, order(1))
        self.assertBlocks(found, order(1, terms_longer=True), "TERMS")
        self.assertBlocks(found, Document(check=DELIVERY, terms_longer=True))

    def test_document_amount(self):
        """Orders above an amount, whatever the credit; the amount itself passes."""
        found = figures(0, limit=10**9, rules=[rule("order_amount", amount=5000.0)])
        self.assertBlocks(found, order(5000))
        self.assertBlocks(found, order(5000.01), "AMOUNT")

    def test_horizon_leaves_late_orders_out(self):
        """What the horizon leaves out doesn't use the limit, of the account or a shared one."""
        shared = Umbrella("credit.group", 3, "G", 10000.0, 10000.0, beyond_horizon=4000.0)
        found = figures(10000, beyond_horizon=4000.0, umbrellas=(shared,))
        self.assertBlocks(found, order(4000))
        self.assertBlocks(found, order(4000.01), "LIMIT")

    def test_order_beyond_the_horizon(self):
        """An order due after the horizon isn't judged by limits, still by all else."""
        found = figures(10000, late=((5, 10.0),), rules=[rule("limit"), rule("overdue")])
        late = Document(check=CONFIRM, added=0.0, amount=900.0, beyond_horizon=True)
        self.assertBlocks(found, late, "OVERDUE")
        self.assertBlocks(replace(found, late=()), late)

    def test_grace_after_approval(self):
        """A delivery within the days after its order passed isn't judged by that rule again."""
        found = figures(10001, rules=[rule("limit", grace_days=5)])
        self.assertBlocks(found, Document(approved_days=5))
        self.assertBlocks(found, Document(approved_days=6), "LIMIT")
        self.assertBlocks(found, Document(approved_days=None), "LIMIT")

    def test_check_points(self):
        """A rule speaks only where it is checked."""
        for checks, expected in (
            ("confirm", (True, False, False)),
            ("delivery", (False, True, False)),
            ("invoice", (False, False, True)),
            ("confirm_delivery", (True, True, False)),
            ("all", (True, True, True)),
        ):
            found = figures(10001, rules=[rule("limit", checks=CHECKS[checks])])
            for check, blocks in zip((CONFIRM, DELIVERY, INVOICE), expected, strict=True):
                verdict = judge(found, Document(check=check, added=1.0))
                self.assertEqual(bool(verdict.blocking), blocks, (checks, check))

    def test_scopes(self):
        """For all, some customers, some groups, one rating."""
        for scope, values, account in (
            ("customer", {"partner_ids": {7}}, Account(partner_id=7)),
            ("group", {"group_ids": {4}}, Account(group_id=4)),
            ("rating", {"rating": "C"}, Account(rating="C")),
        ):
            found = figures(10001, rules=[rule("limit", scope=scope, **values)])
            self.assertBlocks(replace(found, account=account), order(1), "LIMIT")
            self.assertBlocks(replace(found, account=Account(9, 9, "A")), order(1))

    def test_what_raises_no_risk_passes(self):
        """Prepaid goods and invoices that add nothing pass all rules.

        An order that adds nothing is prepaid for who makes the document: only one that has been
        billed in advance, and not yet paid, isn't.
        """
        found = figures(99999, late=((99, 99999.0),))
        self.assertBlocks(found, Document(check=INVOICE, added=0.0))
        self.assertBlocks(found, order(0), "LIMIT", "OVERDUE")
        self.assertBlocks(found, order(100, prepaid=True))
        self.assertBlocks(found, Document(prepaid=True))
        self.assertBlocks(found, Document(), "LIMIT", "OVERDUE")

    def test_hold_by_hand_and_milestones(self):
        """A person's hold and a payment that has to come first stop even what is prepaid."""
        found = figures(0, account=Account(on_hold=True))
        self.assertBlocks(found, order(5, prepaid=True), "MANUAL")
        self.assertBlocks(found, Document(check=INVOICE, added=5.0))
        self.assertBlocks(figures(0), order(5, milestone_open=3.0), "MILESTONE")

    def test_blocks_come_before_warnings(self):
        """Findings are in a fixed order, whatever the order of the rules."""
        rules = [rule("limit", "warn"), rule("terms"), rule("overdue"), rule("expired")]
        found = figures(20000, rules=rules, late=((1, 5.0),), days_expired=1)
        verdict = judge(found, order(1, terms_longer=True))
        self.assertEqual(verdict.blocking, ("OVERDUE", "EXPIRED", "TERMS"))
        self.assertEqual(verdict.warnings, ("LIMIT",))
        self.assertEqual([f.effect for f in verdict.findings], ["block"] * 3 + ["warn"])

    def test_amount_of_a_rule_in_another_currency(self):
        """Thresholds are converted with the policy's currency."""
        self.assertEqual(rule("order_amount", amount=100.0).in_currency(7.0).amount, 700.0)
        plain = rule("limit")
        self.assertIs(plain.in_currency(7.0), plain)
