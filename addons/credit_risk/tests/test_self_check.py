from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.credit_risk.tools import reference

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestSelfCheck(CreditCase):
    """Each night some accounts are computed a second time; what differs is told and kept."""

    def setUp(self):
        super().setUp()
        # The job commits each batch; here it stays in the test's transaction.
        patcher = patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: float("inf")
        )
        patcher.start()
        self.addCleanup(patcher.stop)
        self.env["res.company"].search([("id", "!=", self.company.id)]).credit_control = "off"

    def _run(self, seconds=600):
        self.env["credit.account"].sudo()._cron_self_check(seconds)
        return self.env["credit.self.check"].search([("company_id", "=", self.company.id)], limit=1)

    def test_all_is_well(self):
        """Orders, deliveries and invoices that agree leave a line without drift, no decision."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 10, 5)
        self._ship(order, 2)
        self._bill(partner, 30)
        check = self._run()
        self.assertEqual((check.drift_count, check.drift_max, check.drift or ""), (0, 0, ""))
        self.assertGreaterEqual(check.account_count, 1)
        self.assertFalse(self.env["suite.decision"].search([("kind", "=", "credit.drift")]))

    def test_drift_is_told(self):
        """A figure that differs by more than a cent: decision, activity once, line with it."""
        partner = self._customer(1000)
        self._bill(partner, 30)
        account = self._account(partner)
        right = reference.exposure_parts

        def wrong(asked):
            parts = right(asked)
            if asked == account:
                parts |= {"receivable": 30.02, "exposure": 30.02}
            return parts

        with patch.object(reference, "exposure_parts", wrong):
            check = self._run()
            self.assertEqual((check.drift_count, check.account_ids), (1, account))
            self.assertAlmostEqual(check.drift_max, 0.02)
            self.assertIn("receivable 30.00 / 30.02", check.drift)
            decision = self.env["suite.decision"].search([("kind", "=", "credit.drift")])
            self.assertEqual((decision.res_id, decision.outcome), (account.id, "warn"))
            self.assertIn(self.manager, account.activity_ids.user_id)
            told = len(account.activity_ids)
            account._bump()
            self._run()
            self.assertEqual(len(account.activity_ids), told)

    def test_a_cent_is_no_drift(self):
        """Rounding of a cent isn't told."""
        partner = self._customer(1000)
        self._bill(partner, 30)
        right = reference.exposure_parts
        with patch.object(
            reference, "exposure_parts", lambda rec: right(rec) | {"receivable": 30.01}
        ):
            self.assertNotIn(self._account(partner), self._run().account_ids)

    def test_changed_accounts_come_first(self):
        """What changed since its check comes first, then what wasn't checked the longest."""
        accounts = self.env["credit.account"].union(
            *(self._account(self._customer(10)) for __ in range(3))
        )
        marks = self.env["credit.self.check.mark"].sudo()
        self._run()
        for day, account in enumerate(accounts, 1):
            marks._set(account, f"2020-01-{day:02} 00:00:00")
        accounts[2]._bump()
        order = [rec for rec in marks._next_accounts(100, "2030-01-01") if rec in accounts]
        self.assertEqual(order, [accounts[2], accounts[0], accounts[1]])

    def test_time_box(self):
        """When its time is over the check ends after a batch; the next night goes on."""
        self._account(self._customer(10))
        with patch("odoo.addons.credit_risk.models.self_check.credit_account.BATCH", 1):
            self.assertEqual(self._run(seconds=-1).account_count, 1)

    def test_roles(self):
        """Credit managers read the results; nobody writes them, salespeople see nothing."""
        self._account(self._customer(10))
        check = self._run()
        self.assertTrue(check.with_user(self.manager).account_count)
        for user in (self.salesman, self.accountant, self.storekeeper):
            with self.assertRaises(AccessError):
                check.with_user(user).read(["drift"])
        with self.assertRaises(AccessError):
            check.with_user(self.manager).write({"drift": False})
