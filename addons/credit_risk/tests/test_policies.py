import json

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import CreditCase


class TestPolicies(CreditCase):
    """Policies as records: what may be written, how they read, what a change leaves."""

    def _policy(self, *rules, **values):
        return self.env["credit.policy"].create(
            {
                "name": "Ours",
                "company_id": self.company.id,
                "rule_ids": [Command.create(rule) for rule in rules],
                **values,
            }
        )

    def _rule(self, **values):
        return self._policy(values).rule_ids

    def _decisions(self, record):
        return self.env["suite.decision"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )

    def _entries(self):
        return self.env["suite.ledger.entry"].search(
            [("kind", "=", "credit.policy"), ("company_id", "=", self.company.id)],
            order="sequence",
        )

    # ------------------------------------------------------------------ sentences

    def test_rules_read_as_sentences(self):
        """Each condition and effect as a sentence, thresholds with their units."""
        money = self.company.currency_id.symbol
        for values, text in (
            (
                {"condition": "overdue", "days": 5, "amount": 1},
                f"Block at confirmation and delivery when more than 5 days overdue by more than "
                f"{money}\N{NO-BREAK SPACE}1.00",
            ),
            (
                {"condition": "limit", "percent": 90, "check": "confirm"},
                "Block at confirmation when exposure is above 90% of the limit",
            ),
            (
                {"condition": "limit", "percent": 80, "effect": "warn", "check": "confirm"},
                "Warn at confirmation when exposure reaches 80% of the limit",
            ),
            (
                {"condition": "limit", "percent": 0, "check": "all"},
                "Block everywhere when anything isn't paid in advance",
            ),
            (
                {"condition": "overdue", "check": "delivery", "grace_days": 3},
                "Block at delivery when anything is overdue, not again within 3 days after "
                "approval",
            ),
            (
                {"condition": "expired", "days": 5},
                "Block at confirmation and delivery when the limit ended more than 5 days ago",
            ),
            (
                {"condition": "terms", "scope": "rating", "rating": "C"},
                "Block at confirmation and delivery when payment terms are longer than the "
                "customer's own, for rating C",
            ),
            (
                {"condition": "overdue", "effect": "exclude", "days": 100, "excludes": "all"},
                "Don't check all rules at confirmation and delivery while less than 100 days "
                "overdue",
            ),
        ):
            text = text.replace(f"{money}\N{NO-BREAK SPACE}", money) if money == "$" else text
            name = self._rule(**values).name.replace("\N{NO-BREAK SPACE}", "")
            self.assertEqual(name, text.replace("\N{NO-BREAK SPACE}", ""), values)

    def test_sentence_names_its_customers(self):
        """A rule for some customers says for whom; a new name shows at once."""
        partner = self._customer(name="Nordwind")
        rule = self._rule(condition="overdue", scope="customer", partner_ids=partner.ids)
        self.assertIn(", for Nordwind", rule.name)

    def test_sentence_while_typing(self):
        """The screen tells the sentence of a rule that isn't saved yet."""
        with Form(self.env["credit.policy"].with_user(self.manager)) as policy:
            policy.name = "Typed"
            with policy.rule_ids.new() as rule:
                rule.condition = "overdue"
                rule.days = 3
                self.assertEqual(
                    rule.name,
                    "Block at confirmation and delivery when anything is more than 3 days overdue",
                )
                rule.scope = "customer"
                rule.partner_ids.add(self._customer(name="Nordwind"))
                self.assertIn("for Nordwind", rule.name)
        self.assertEqual(policy.record.rule_ids.days, 3)

    # ------------------------------------------------------------------ constraints

    @mute_logger("odoo.sql_db")
    def test_thresholds_arent_negative(self):
        """Percent, days, amounts and the horizon can't be below 0."""
        policy = self._policy({})
        for name in ("percent", "days", "amount", "grace_days"):
            with self.assertRaises(CheckViolation), self.env.cr.savepoint():
                policy.rule_ids.write({name: -1})
                self.env.flush_all()
        with self.assertRaises(CheckViolation), self.env.cr.savepoint():
            policy.horizon_days = -1
            self.env.flush_all()

    def test_scope_needs_somebody(self):
        """A scope without customers, groups or a rating is refused with what to do."""
        for scope in ("customer", "group", "rating"):
            with self.assertRaisesRegex(ValidationError, "Choose the"):
                self._rule(scope=scope)

    def test_scope_takes_whole_customers(self):
        """A contact can't be chosen; the message names whom to choose."""
        partner = self._customer(name="Nordwind")
        contact = self.env["res.partner"].create({"name": "Ms. Wei", "parent_id": partner.id})
        with self.assertRaisesRegex(ValidationError, "choose Nordwind"):
            self._rule(scope="customer", partner_ids=contact.ids)

    def test_exclusion_needs_a_bound(self):
        """Leaving a check out for everybody without a bound is refused."""
        for values in (
            {"condition": "overdue"},
            {"condition": "order_amount"},
            {"condition": "limit", "percent": 0},
            {"condition": "terms"},
            {"condition": "expired"},
        ):
            with self.assertRaisesRegex(ValidationError, "needs a bound"):
                self._rule(effect="exclude", **values)
        self._rule(effect="exclude", condition="terms", scope="rating", rating="A")
        self._rule(effect="exclude", condition="overdue", days=3)

    def test_companies_fit(self):
        """A policy of one company can't judge customers, groups or the company of another."""
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self._policy({}, company_id=other.id)
        partner = self._customer(limit=10)
        with self.assertRaises(ValidationError):
            self._account(partner).policy_id = foreign
        with self.assertRaises(ValidationError):
            self.company.credit_policy_id = foreign
        group = self.env["credit.group"].create({"name": "G", "company_id": self.company.id})
        with self.assertRaises(ValidationError):
            group.policy_id = foreign
        with self.assertRaises(ValidationError):
            self._policy({"scope": "group", "group_ids": group.ids}, company_id=other.id)
        own = self._policy({})
        self._account(partner).policy_id = own
        with self.assertRaisesRegex(ValidationError, "make a copy"):
            own.company_id = other
        own.company_id = False

    def test_policy_in_use_stays(self):
        """A policy that judges somebody can't be deleted or archived, by anyone."""
        policy = self._policy({})
        account = self._account(self._customer(limit=10))
        for record, name in ((account, "policy_id"), (self.company, "credit_policy_id")):
            record[name] = policy
            with self.assertRaisesRegex(UserError, "uses it"):
                policy.unlink()
            with self.assertRaisesRegex(UserError, "archived"):
                policy.active = False
            record[name] = False
        policy.active = False
        policy.unlink()
        self.assertFalse(policy.exists())

    # ------------------------------------------------------------------ changes

    def test_each_change_raises_the_version(self):
        """One save is one version, whatever it changes; a save of the same or of words none."""
        policy = self._policy({"condition": "limit"}, {"condition": "overdue", "days": 5})
        self.assertEqual(policy.version, 1)
        limit, overdue = policy.rule_ids
        policy.write(
            {
                "horizon_days": 90,
                "rule_ids": [
                    Command.update(limit.id, {"percent": 90}),
                    Command.delete(overdue.id),
                    Command.create({"condition": "expired"}),
                ],
            }
        )
        self.assertEqual(policy.version, 2)
        limit.percent = 95
        self.assertEqual(policy.version, 3)
        limit.percent = 95
        policy.note = "Only words"
        self.assertEqual(policy.version, 3)
        limit.active = False
        limit.unlink()
        self.assertEqual(policy.version, 4)
        self.env["credit.rule"].create({"policy_id": policy.id, "condition": "terms"})
        policy.version = 99
        self.assertEqual(policy.version, 5)

    def test_change_is_on_record(self):
        """Decision and ledger keep the old and the new rules, who and when."""
        policy = self._policy({"condition": "overdue", "days": 5})
        before = len(self._entries())
        policy.with_user(self.manager).rule_ids.days = 7
        decision = self._decisions(policy)[-1]
        self.assertEqual((decision.kind, decision.outcome), ("credit.policy", "changed"))
        self.assertEqual((decision.user_id, decision.rule_version), (self.manager, "2"))
        self.assertIn("anything is more than 5 days overdue", decision.explanation)
        self.assertIn("anything is more than 7 days overdue", decision.explanation)
        self.assertEqual(decision.rule_label, "Ours")
        entry = self._entries()[before:]
        self.assertEqual(len(entry), 1)
        data = json.loads(entry.payload)["data"]
        self.assertEqual(
            (data["before"]["rules"][0]["days"], data["after"]["rules"][0]["days"]), (5, 7)
        )
        self.assertEqual(entry.user_id, self.manager)

    def test_nothing_on_record_while_off(self):
        """Where credit isn't controlled a policy may be prepared without a trace."""
        self.company.credit_control = "off"
        before = len(self._entries())
        policy = self._policy({"condition": "limit"})
        policy.rule_ids.percent = 50
        self.assertEqual((policy.version, len(self._entries())), (2, before))
        self.assertFalse(self._decisions(policy))

    def test_change_counts_at_once(self):
        """A looser rule releases what it held, in the same transaction; both race-proof."""
        policy = self._policy({"condition": "limit", "percent": 50})
        partner = self._customer(limit=100)
        account = self._account(partner)
        account.policy_id = policy
        order = self._confirmed(partner, 60)
        self.assertEqual(order.credit_state, "hold")
        version = account.version
        policy.rule_ids.percent = 60
        self.assertEqual(order.state, "sale")
        account.invalidate_recordset()
        self.assertGreater(account.version, version)

    def test_another_policy_counts_at_once(self):
        """Customer, group and company: a change is on record and judges anew."""
        strict = self._policy({"condition": "limit", "percent": 50}, name="Strict")
        easy = self._policy({"condition": "limit", "percent": 200}, name="Easy")
        group = self.env["credit.group"].create(
            {"name": "G", "limit_kind": "unlimited", "company_id": self.company.id}
        )
        partner = self._customer(limit=100)
        account = self._account(partner)
        self.company.credit_policy_id = strict
        order = self._confirmed(partner, 60)
        self.assertEqual(order.credit_state, "hold")
        before = len(self._entries())
        account.group_id = group
        group.policy_id = easy
        self.assertEqual(order.state, "sale")
        account.policy_id = strict
        self.assertEqual(len(self._entries()), before + 2)
        decision = self._decisions(account).filtered(lambda rec: rec.kind == "credit.policy")
        self.assertIn("from none of its own to Strict", decision[-1].explanation)
        self.assertTrue(account.is_locked)

    def test_who_is_judged(self):
        """The policy of the account, else of the group, else of the company."""
        own, groups, companys = (self._policy({}, name=name) for name in ("A", "G", "C"))
        group = self.env["credit.group"].create({"name": "G", "company_id": self.company.id})
        one, two, three = (
            self._account(self._customer(limit=10, name=name)) for name in ("1", "2", "3")
        )
        self.company.credit_policy_id = companys
        group.policy_id = groups
        (one | two).group_id = group
        one.policy_id = own
        for policy, account in ((own, one), (groups, two)):
            self.assertEqual(policy.account_count, 1)
            self.assertEqual(
                self.env["credit.account"].search(policy.action_open_accounts()["domain"]), account
            )
        judged = self.env["credit.account"].search(companys._account_domain())
        self.assertIn(three, judged)
        self.assertFalse(judged & (one | two))

    # ------------------------------------------------------------------ rights

    def test_credit_managers_alone(self):
        """Others read policies and change nothing, not even through a rule."""
        policy = self._policy({"condition": "limit"})
        policy.with_user(self.manager).rule_ids.percent = 90
        for user in (self.salesman, self.sales_boss):
            with self.assertRaises(AccessError):
                policy.with_user(user).read(["rule_ids"])
        for user in (self.accountant, self.controller):
            mine = policy.with_user(user)
            self.assertEqual(mine.rule_ids.percent, 90)
            with self.assertRaises(AccessError):
                mine.name = "Mine"
            with self.assertRaises(AccessError):
                mine.rule_ids.percent = 1000
            with self.assertRaises(AccessError):
                mine.rule_ids.unlink()
            with self.assertRaises(AccessError):
                mine.copy()
        self.assertEqual(policy.version, 2)

    # ------------------------------------------------------------------ ready policies

    def test_ready_policies_are_chosen_by_nobody(self):
        """They can be chosen in every company and change nothing by being there."""
        for name, rules in (("trader", 5), ("maker", 7), ("cash", 1)):
            policy = self.env.ref(f"credit_risk.credit_policy_{name}")
            self.assertFalse(policy.company_id)
            self.assertTrue(policy.note)
            self.assertEqual(len(policy.rule_ids), rules)
            self.assertFalse(policy._direct_users())
            copy = policy.copy()
            self.assertEqual(copy.rule_ids.mapped("name"), policy.rule_ids.mapped("name"))

    # ------------------------------------------------------------------ payment terms

    def test_terms_have_a_rank(self):
        """The longest line counts; an end of month is 30 days more; it can be set by hand."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 45 days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 45}),
                ],
            }
        )
        self.assertEqual(term.credit_rank, 45)
        term.line_ids[1].delay_type = "days_after_end_of_month"
        self.assertEqual(term.credit_rank, 75)
        term.line_ids[1].delay_type = "days_after_end_of_next_month"
        self.assertEqual(term.credit_rank, 105)
        term.credit_rank = 80
        self.assertEqual(term.credit_rank, 80)
