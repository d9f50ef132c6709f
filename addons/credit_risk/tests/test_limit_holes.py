import csv
import json
from collections import Counter
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import file_open

from odoo.addons.credit_risk.hooks import uninstall_hook

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLimitHoles(CreditCase):
    """Ways around the approval of limits, limits in other currencies, changes kept once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.euro.id)]).unlink()
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cls.euro.id,
                "rate": 0.5,
                "name": cls.today,
                "company_id": cls.company.id,
            }
        )

    def _matrix(self, kind="limit", group="base.group_system"):
        self.env["credit.approval"].sudo().create(
            {"company_id": self.company.id, "kind": kind, "group_id": self.env.ref(group).id}
        )

    def _in_euro(self, limit):
        partner = self._customer()
        account = self._account(partner)
        account.write({"currency_id": self.euro.id, "limit_kind": "limited", "limit_amount": limit})
        return account

    def _made(self, account, model="suite.ledger.entry"):
        """How often each kind of act was recorded for the customer so far."""
        domain = [("company_id", "=", self.company.id)]
        if model == "suite.decision":
            domain += [("res_model", "=", account._name), ("res_id", "=", account.id)]
        return Counter(self.env[model].sudo().search(domain).mapped("kind"))

    def _reassessed(self, change):
        """The accounts that are looked at again by a change, one call an item."""
        calls = []
        holds = self.env.registry["credit.hold"]
        original = holds._release_what_fits

        def counted(hold, accounts, *args, **kwargs):
            calls.append(accounts)
            return original(hold, accounts, *args, **kwargs)

        with patch.object(holds, "_release_what_fits", counted):
            change()
        return calls

    # ------------------------------------------------------------------ approval

    def test_leaving_a_shared_limit_is_a_raise(self):
        """Own 100,000 in a group of 15,000 (or below a parent): out of it only by a request."""
        group = self.env["credit.group"].create({"name": "G", "limit_amount": 15000})
        other = self.env["credit.group"].create({"name": "H", "limit_amount": 99000})
        account = self._account(self._customer(100000))
        parent = self._account(self._customer(20000))
        account.write({"group_id": group.id, "parent_id": parent.id})
        self._matrix()
        mine = account.with_user(self.manager)
        for values in ({"group_id": False}, {"group_id": other.id}, {"parent_id": False}):
            with self.assertRaises(AccessError, msg=values):
                mine.write({**values, "limit_reason": "x"})
        with self.assertRaises(AccessError):
            group.with_user(self.manager).write({"account_ids": [Command.unlink(account.id)]})
        mine.write({"group_id": group.id, "parent_id": parent.id})
        self.assertEqual((account.group_id, account.parent_id), (group, parent))
        request = (
            self.env["credit.limit.request"]
            .with_user(self.manager)
            .create(
                {
                    "account_id": account.id,
                    "kind": "shared",
                    "new_group_id": False,
                    "new_parent_id": parent.id,
                    "reason": "Sold",
                }
            )
        )
        request.action_submit()
        self.assertEqual((request.state, account.group_id), ("pending", group))

    def test_new_account_in_a_rich_group(self):
        """A new account has no higher limit than the company's default, be it by its group or by
        a default of the context."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 10})
        rich = self.env["credit.group"].create(
            {"name": "Rich", "member_limit_kind": "unlimited", "limit_kind": "unlimited"}
        )
        poor = self.env["credit.group"].create(
            {"name": "Poor", "member_limit_kind": "limited", "member_limit_amount": 10}
        )
        self._matrix()
        accounts = self.env["credit.account"].with_user(self.manager)
        partner = self.env["res.partner"].create({"name": "新", "is_company": True})
        values = {
            "partner_id": partner.id,
            "company_id": self.company.id,
            "limit_kind": "default",
        }
        with self.assertRaises(AccessError):
            accounts.create({**values, "group_id": rich.id})
        del values["limit_kind"]
        with self.assertRaises(AccessError):
            accounts.with_context(default_limit_kind="unlimited").create(values)
        account = accounts.create({**values, "group_id": poor.id})
        self.assertEqual(account.effective_limit, 10)

    def test_unchanged_day_as_text(self):
        """The client sends days as text: the same day again is no change and needs no reason."""
        account = self._account(self._customer(100))
        account.limit_valid_to = "2026-12-31"
        self._matrix()
        account.with_user(self.manager).write({"limit_valid_to": "2026-12-31"})
        self.assertEqual(str(account.limit_valid_to), "2026-12-31")

    # ------------------------------------------------------------------ currency

    def test_lines_follow_the_currency(self):
        """A deposit of 50,000 is one of 25,000 € when the limit is in euro, at 1 € = 2; a line
        that comes with the new currency is in that one already."""
        account = self._account(self._customer(100000))
        line = {"account_id": account.id, "kind": "deposit", "amount": 50000, "reason": "x"}
        deposit = self.env["credit.limit.line"].create(line)
        self.assertEqual(account.effective_limit, 150000)
        self._matrix()
        account.with_user(self.manager).write(
            {"currency_id": self.euro.id, "limit_amount": 50000, "limit_reason": "In euro"}
        )
        self.assertEqual((deposit.amount, account.effective_limit), (25000, 75000))
        self.env["credit.approval"].sudo().search([]).unlink()
        account.write(
            {
                "currency_id": self.company.currency_id.id,
                "limit_line_ids": [Command.create({"kind": "deposit", "amount": 7})],
            }
        )
        self.assertEqual(sorted(account.limit_line_ids.mapped("amount")), [7, 50000])
        self.assertEqual(account.effective_limit, 100007)

    def test_nothing_is_released_by_another_currency(self):
        """While the currency changes nobody sees the old deposits in the new currency."""
        partner = self._customer(0)
        account = self._account(partner)
        self.env["credit.limit.line"].create(
            {"account_id": account.id, "kind": "deposit", "amount": 100}
        )
        order = self._confirmed(partner, 150)
        calls = self._reassessed(lambda: account.write({"currency_id": self.euro.id}))
        self.assertEqual((order.state, len(calls)), ("draft", 1))
        self.assertEqual(account.effective_limit, 50)

    def test_partner_shows_currencies(self):
        """Odoo's field is in the company's currency: 60 € are 120, 100 written are 50 €; exposure
        and what is available are in the account's."""
        account = self._in_euro(60)
        partner = account.partner_id
        self._bill(partner, 40)
        self.env.invalidate_all()
        self.assertEqual((partner.credit_limit, partner.credit_currency_id), (120, self.euro))
        self.assertEqual((partner.credit_exposure, partner.credit_available), (20, 40))
        search = self.env["res.partner"].search
        domain = [("id", "=", partner.id)]
        for operator, value, found in (("=", 120, 1), ("=", 60, 0), (">", 100, 1), ("<", 100, 0)):
            self.assertEqual(len(search([*domain, ("credit_limit", operator, value)])), found)
        partner.credit_limit = 100
        self.assertEqual((account.limit_amount, account.currency_id), (50, self.euro))
        self.env.invalidate_all()
        self.assertEqual(partner.credit_limit, 100)

    def test_uninstalling_converts(self):
        """Odoo's column gets 120 for a limit of 60 €, 0.01 for one of nothing."""
        some, none = self._in_euro(60), self._in_euro(0)
        uninstall_hook(self.env(su=True))
        for account, amount in ((some, 120), (none, 0.01)):
            self.env.cr.execute(
                "SELECT credit_limit FROM res_partner WHERE id = %s", (account.partner_id.id,)
            )
            self.assertEqual(self.env.cr.fetchone()[0], {str(self.company.id): amount})

    # ------------------------------------------------------------------ merging

    def test_merge_with_a_matrix(self):
        """Contacts merge where limits are approved: group, deposits and the lower limit are taken
        over without a request, and the reason is the merge."""
        keep, gone = self._customer(email="m@m.cn"), self._customer(email="m@m.cn")
        account, other = self._account(keep), self._account(gone)
        group = self.env["credit.group"].create({"name": "G", "limit_amount": 1000})
        other.write(
            {
                "currency_id": self.euro.id,
                "limit_kind": "limited",
                "limit_amount": 40,
                "group_id": group.id,
            }
        )
        self.env["credit.limit.line"].create(
            {"account_id": other.id, "kind": "deposit", "amount": 10}
        )
        self._matrix()
        self._merge(keep, gone)
        self.assertEqual((account.limit_amount, account.group_id), (80, group))
        self.assertEqual((account.limit_line_ids.amount, account.effective_limit), (20, 100))
        entries = self.env["suite.ledger.entry"].sudo().search([("kind", "=", "credit.limit")])
        reasons = [json.loads(entry.payload)["data"].get("reason") for entry in entries]
        self.assertEqual(reasons.count("Contacts merged"), 3)  # limit, group, deposit

    def test_no_group_raises_a_limit_by_merging(self):
        """The default of 100 stays when the other's group would give no limit at all."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 100})
        keep, gone = self._customer(email="n@n.cn"), self._customer(email="n@n.cn")
        rich = self.env["credit.group"].create(
            {"name": "Rich", "member_limit_kind": "unlimited", "limit_amount": 5000}
        )
        account = self._account(keep)
        self._account(gone).group_id = rich
        self._matrix()
        self._merge(keep, gone)
        self.assertEqual((account.group_id, account.effective_limit), (rich, 100))

    def _merge(self, keep, gone):
        self.manager.group_ids |= self.env.ref("base.group_partner_manager")
        self.env["base.partner.merge.automatic.wizard"].with_user(self.manager).create(
            {
                "partner_ids": [Command.set((keep | gone).ids)],
                "dst_partner_id": keep.id,
                "state": "selection",
            }
        ).action_merge()
        self.env.invalidate_all()
        self.assertFalse(gone.exists())

    # ------------------------------------------------------------------ who is asked

    def test_asked_are_those_who_may_decide(self):
        """A release is asked of the matrix' group; without a matrix of the controllers."""
        partner = self._customer(100)
        boss = new_test_user(
            self.env,
            "credit_boss_asked",
            "base.group_user,base.group_system",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        first, second = self._confirmed(partner, 150), self._confirmed(partner, 160)
        first.credit_hold_ids.with_user(self.salesman).action_ask_release("Urgent")
        asked = first.credit_hold_ids.activity_ids.user_id
        self.assertIn(self.controller, asked)
        self.assertNotIn(boss, asked)
        self._matrix("release")
        deciders = second.credit_hold_ids._deciders()
        self.assertIn(boss, deciders)
        self.assertFalse((self.controller | self.salesman) & deciders)
        self.assertLessEqual(len(deciders), 10)

    # ------------------------------------------------------------------ once

    def test_policy_of_a_customer_is_kept_once(self):
        """Another policy is one decision and one ledger entry; with a limit one more of each, and
        all is looked at again once."""
        policy = self.env["credit.policy"].create({"name": "Strict"})
        account = self._account(self._customer(100))
        before = [self._made(account, name) for name in ("suite.ledger.entry", "suite.decision")]
        calls = self._reassessed(lambda: account.write({"policy_id": policy.id}))
        after = [self._made(account, name) for name in ("suite.ledger.entry", "suite.decision")]
        for old, new in zip(before, after, strict=True):
            self.assertEqual(new - old, Counter({"credit.policy": 1}))
        self.assertEqual(len(calls), 1)
        calls = self._reassessed(
            lambda: account.write({"policy_id": False, "limit_amount": 90, "rating": "B"})
        )
        last = [self._made(account, name) for name in ("suite.ledger.entry", "suite.decision")]
        for old, new in zip(after, last, strict=True):
            self.assertEqual(new - old, Counter({"credit.policy": 1, "credit.limit": 2}))
        self.assertEqual(len(calls), 1)

    def test_policy_of_a_group_is_kept_once(self):
        """As above for a group: in the ledger of its members' companies, whoever's is active."""
        policy = self.env["credit.policy"].create({"name": "Strict", "company_id": False})
        group = self.env["credit.group"].create({"name": "G", "limit_amount": 1000})
        account = self._account(self._customer(100))
        account.group_id = group
        second = self.setup_other_company(name="South 华南")["company"]
        self.env.user.company_ids |= second
        before = self._made(group), self._made(group, "suite.decision")
        elsewhere = group.with_company(second).with_context(
            allowed_company_ids=(second | self.company).ids
        )
        calls = self._reassessed(lambda: elsewhere.write({"policy_id": policy.id}))
        after = self._made(group), self._made(group, "suite.decision")
        self.assertEqual(after[0] - before[0], Counter({"credit.policy": 1}))
        self.assertEqual(len(calls), 1)
        kinds = (
            self.env["suite.decision"]
            .sudo()
            .search([("res_model", "=", group._name), ("res_id", "=", group.id)])
        )
        self.assertEqual(Counter(kinds.mapped("kind"))["credit.policy"], 1)

    def test_each_access_row_stands_once(self):
        """Two rows of one name would hide each other; managers may delete policies."""
        with file_open("credit_risk/security/ir.model.access.csv") as stream:
            names = Counter(row["id"] for row in csv.DictReader(stream))
        self.assertEqual([name for name, number in names.items() if number > 1], [])
        row = self.env.ref("credit_risk.access_credit_policy_manager").sudo()
        self.assertTrue(row.perm_unlink)
