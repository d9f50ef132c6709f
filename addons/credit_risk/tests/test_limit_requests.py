from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLimitRequests(CreditCase):
    """How a higher limit is asked for, decided and applied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            "credit_gm",
            "base.group_user,base.group_system",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _matrix(self, kind, *lines):
        return (
            self.env["credit.approval"]
            .sudo()
            .create(
                [
                    {
                        "company_id": self.company.id,
                        "kind": kind,
                        "sequence": index,
                        "max_percent": percent,
                        "max_amount": amount,
                        "group_id": self.env.ref(group).id,
                    }
                    for index, (percent, amount, group) in enumerate(lines)
                ]
            )
        )

    def _limit_matrix(self):
        """Up to 120,000 credit managers decide, above it the general manager."""
        return self._matrix(
            "limit",
            (0, 120000, "credit_risk.group_credit_manager"),
            (0, 0, "base.group_system"),
        )

    def _request(self, partner, user, amount, **values):
        request = (
            self.env["credit.limit.request"]
            .with_user(user)
            .create(
                {
                    "account_id": self._account(partner).id,
                    "new_limit_kind": "limited",
                    "new_limit_amount": amount,
                    "reason": "Larger project",
                    **values,
                }
            )
        )
        request.action_submit()
        return request

    # ------------------------------------------------------------------ requests

    def test_request(self):
        """B12: finance asks for 150,000 instead of 100,000, above 120,000 the general manager
        decides: pending, limit unchanged, then applied with old, new, reason and who."""
        partner = self._customer(100000)
        self._limit_matrix()
        account = self._account(partner)
        with self.assertRaises(AccessError):
            account.with_user(self.salesman).write({"limit_amount": 150000})
        request = self._request(partner, self.accountant, 150000)
        self.assertEqual((request.state, account.limit_amount), ("pending", 100000))
        self.assertEqual(request.needed_group_id, self.env.ref("base.group_system"))
        self.assertEqual((request.judged_amount, request.increase_percent), (150000, 50))
        self.assertIn(self.boss, request.activity_ids.user_id)
        for user in (self.accountant, self.controller, self.manager):
            self.assertFalse(request.with_user(user).can_decide)
            with self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        self.assertEqual(account.limit_amount, 100000)
        request.with_user(self.boss).action_approve("Known for years")
        self.assertEqual((request.state, account.limit_amount), ("approved", 150000))
        self.assertFalse(request.activity_ids)
        entries = self.env["suite.ledger.entry"].sudo().search([], order="id desc", limit=2)
        self.assertEqual(entries.mapped("kind"), ["credit.limit.request", "credit.limit"])
        for part in ("100000", "150000", "Larger project", f'"request_id":{request.id}'):
            self.assertIn(part, entries[1].payload.replace('": ', '":'))
        self.assertEqual(entries.user_id, self.boss)
        self.assertIn("Known for years", entries[0].payload)
        self.assertEqual(
            self.env["suite.decision"]
            .search([("res_model", "=", request._name), ("res_id", "=", request.id)])
            .mapped("outcome"),
            ["approved", "pending"],
        )

    def test_request_releases(self):
        """An approved limit releases the held order in the same transaction."""
        partner = self._customer(100)
        order = self._confirmed(partner, 120)
        request = self._request(partner, self.controller, 120)
        self.assertEqual(order.state, "draft")
        request.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "sale")

    def test_direct_raise_is_refused(self):
        """With a matrix even managers raise no limit directly, by whatever path; they lower it
        with a reason."""
        self._limit_matrix()
        partner = self._customer()
        account = self._account(partner)
        request = self._request(partner, self.accountant, 100)
        request.with_user(self.manager).action_approve()
        self.assertEqual((account.limit_kind, account.limit_amount), ("limited", 100))
        mine = account.with_user(self.manager)
        group = self.env["credit.group"].create(
            {"name": "Rich", "member_limit_kind": "unlimited", "limit_kind": "unlimited"}
        )
        line = {"account_id": account.id, "kind": "deposit", "amount": 50, "reason": "x"}
        line_model = self.env["credit.limit.line"].with_user(self.manager)
        attempts = (
            lambda: mine.write({"limit_amount": 101, "limit_reason": "x"}),
            lambda: mine.write({"limit_kind": "unlimited", "limit_reason": "x"}),
            lambda: mine.write({"limit_kind": "default", "limit_reason": "x"}),
            lambda: mine.sudo().write({"limit_amount": 101, "limit_reason": "x"}),
            lambda: mine.with_context(
                request_id=request.id, default_state="approved", limit_reason="x"
            ).write({"limit_amount": 101, "limit_reason": "x"}),
            lambda: partner.with_user(self.manager).write({"credit_limit": 101}),
            lambda: line_model.create(line),
            lambda: mine.write({"limit_line_ids": [Command.create(line)], "limit_reason": "x"}),
            lambda: (
                self.env["credit.account"]
                .with_user(self.manager)
                .create(
                    {
                        "partner_id": self.env["res.partner"].create({"name": "Neu"}).id,
                        "company_id": self.company.id,
                        "limit_kind": "unlimited",
                    }
                )
                and self._customer(5)
            ),
        )
        for index, attempt in enumerate(attempts[:-1]):
            with self.assertRaises(AccessError, msg=index), self.cr.savepoint():
                attempt()
        with self.assertRaises(UserError):
            mine.limit_amount = 90
        mine.write({"limit_amount": 90, "limit_reason": "Late payer"})
        self.assertEqual(account.limit_amount, 90)
        poor = self._account(self._customer())
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 10})
        with self.assertRaises(AccessError):
            poor.with_user(self.manager).write({"group_id": group.id, "limit_reason": "x"})

    def test_prolonging_is_a_raise(self):
        """A limit that would last longer needs the approval as well."""
        partner = self._customer(100)
        account = self._account(partner)
        account.limit_valid_to = "2026-12-31"
        self._limit_matrix()
        mine = account.with_user(self.manager)
        for value in ("2027-01-01", False):
            with self.assertRaises(AccessError):
                mine.write({"limit_valid_to": value, "limit_reason": "x"})
        mine.write({"limit_valid_to": "2026-11-30", "limit_reason": "x"})

    def test_shared_limit_is_raised(self):
        """A shared limit is raised only by those whom the matrix lets decide such a limit."""
        self._limit_matrix()
        group = self.env["credit.group"].create({"name": "G", "limit_amount": 100000})
        mine = group.with_user(self.manager)
        with self.assertRaises(AccessError):
            mine.write({"limit_amount": 120001, "limit_reason": "x"})
        with self.assertRaises(AccessError):
            mine.write({"active": False, "limit_reason": "x"})
        with self.assertRaises(UserError):
            mine.write({"limit_amount": 120000})
        mine.write({"limit_amount": 120000, "limit_reason": "x"})
        self.assertEqual(group.limit_amount, 120000)

    def test_four_eyes(self):
        """Who asked can't approve, even with every right."""
        partner = self._customer(100)
        request = self._request(partner, self.manager, 200)
        self.assertEqual(request.state, "pending")
        with self.assertRaises(AccessError):
            request.with_user(self.manager).action_approve()
        request.with_user(self.manager).action_cancel()
        self.assertEqual(request.state, "cancelled")

    def test_changed_meanwhile(self):
        """A limit that was changed since the request isn't overwritten."""
        partner = self._customer(100)
        request = self._request(partner, self.accountant, 200)
        self._account(partner).with_user(self.manager).limit_amount = 50
        with self.assertRaises(UserError) as error:
            request.with_user(self.manager).action_approve()
        self.assertIn("100", str(error.exception))
        self.assertIn("50", str(error.exception))
        request.with_user(self.manager).action_refuse("Changed already")
        self.assertEqual((request.state, self._account(partner).limit_amount), ("refused", 50))
        with self.assertRaises(UserError):
            request.with_user(self.manager).action_approve()

    def test_temporary_limit(self):
        """A request for a temporary limit makes its line when it is approved."""
        partner = self._customer(100000)
        self._limit_matrix()
        request = self._request(
            partner,
            self.accountant,
            100000,
            kind="line",
            line_kind="temporary_set",
            line_amount=115000,
            line_date_from=self.today,
            line_date_to=self.today,
        )
        self.assertEqual((request.judged_amount, request.increase_percent), (115000, 15))
        request.with_user(self.manager).action_approve()
        account = self._account(partner)
        self.assertEqual((account.limit_amount, account.effective_limit), (100000, 115000))
        self.assertEqual(account.limit_line_ids.reason, "Larger project")

    def test_group_request(self):
        """A request may put a customer under a shared limit."""
        partner = self._customer(100)
        group = self.env["credit.group"].create({"name": "G", "limit_amount": 50})
        request = self._request(partner, self.accountant, 100, kind="shared", new_group_id=group.id)
        request.with_user(self.manager).action_approve()
        self.assertEqual(self._account(partner).group_id, group)

    def test_lowering_holds_at_once(self):
        """A credit manager's request that lowers the limit needs nobody else."""
        partner = self._customer(100)
        self._limit_matrix()
        request = self._request(partner, self.manager, 60)
        self.assertEqual((request.state, self._account(partner).limit_amount), ("approved", 60))

    def test_who_may_ask(self):
        """Finance and controllers for all, salespeople for their own customers only."""
        partner = self._customer(100)
        for user in (self.salesman, self.storekeeper):
            with self.assertRaises(AccessError):
                self._request(partner, user, 200)
        partner.user_id = self.salesman
        request = self._request(partner, self.salesman, 200)
        self.assertEqual((request.state, request.requested_by_id), ("pending", self.salesman))
        action = self._account(partner).with_user(self.salesman).action_request_limit()
        self.assertEqual(action["res_model"], "credit.limit.request")

    def test_forged_request(self):
        """State and decision can't be written, defaulted or changed after sending."""
        partner = self._customer(100)
        model = self.env["credit.limit.request"].with_user(self.accountant)
        values = {
            "account_id": self._account(partner).id,
            "new_limit_kind": "limited",
            "new_limit_amount": 200,
            "reason": "x",
        }
        forged = model.with_context(default_state="approved").create(
            values | {"state": "pending", "requested_by_id": self.manager.id}
        )
        self.assertEqual((forged.state, forged.requested_by_id), ("draft", self.accountant))
        for change in (
            {"state": "approved"},
            {"requested_by_id": self.manager.id},
            {"old_values": {}},
            {"account_id": self._account(self._customer(5)).id},
        ):
            with self.assertRaises(AccessError):
                forged.write(change)
        forged.action_submit()
        with self.assertRaises(AccessError):
            forged.write({"new_limit_amount": 1e6})
        with self.assertRaises(AccessError):
            forged.with_user(self.controller).write({"reason": "y"})
        with self.assertRaises(UserError):
            forged.unlink()
        self.assertEqual(self._account(partner).limit_amount, 100)

    def test_matrix_rights(self):
        """Only administrators change the matrix; each change is in the ledger."""
        lines = self._limit_matrix()
        for user in (self.salesman, self.sales_boss, self.controller, self.manager):
            for attempt in (
                lambda user=user: lines.with_user(user).write({"max_amount": 0}),
                lambda user=user: lines.with_user(user).unlink(),
                lambda user=user: lines[0].with_user(user).copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        lines[0].with_user(self.boss).max_amount = 90000
        entry = self.env["suite.ledger.entry"].sudo().search([], order="id desc", limit=1)
        self.assertEqual(entry.kind, "credit.approval")
        self.assertIn("90000", entry.payload)
