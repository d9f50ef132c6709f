from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.credit_risk.tools.over_limit import over_limit_ids

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestOverLimit(CreditCase):
    """The quick search finds exactly those whose figures are over a limit."""

    def test_the_same_as_the_figures(self):
        """Own, default, foreign, temporary and shared limits, with each kind of exposure."""
        euro = (
            self.env["res.currency"].with_context(active_test=False).search([("name", "=", "EUR")])
        )
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.5,
            }
        )
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 99.99})
        group = self.env["credit.group"].create(
            {"name": "集团", "limit_kind": "limited", "limit_amount": 150}
        )
        accounts = self.env["credit.account"]
        for amount in (99.98, 99.99, 100, 100.01, 250):
            for values in (
                {},
                {"limit_kind": "unlimited"},
                {"limit_kind": "limited", "limit_amount": 100},
                {"limit_kind": "limited", "limit_amount": 0},
                {"limit_kind": "limited", "limit_amount": 50, "currency_id": euro.id},
            ):
                account = self._account(self._customer())
                account.write(values)
                self._bill(account.partner_id, amount)
                accounts |= account
        lines = [("temporary_set", 120), ("temporary_add", 1000), ("temporary_set", 10)]
        for kind, amount in lines:
            account = self._account(self._customer(100))
            dates = {"date_from": self.today, "date_to": self.today}
            account.limit_line_ids = [Command.create({"kind": kind, "amount": amount, **dates})]
            self._bill(account.partner_id, 110)
            accounts |= account
        members = [self._account(self._customer(100)) for __ in range(2)]
        for account in members:
            account.group_id = group
            self._bill(account.partner_id, 80)
        parent, child = (self._account(self._customer(100)) for __ in range(2))
        child.parent_id = parent
        self._confirmed(child.partner_id, 60)
        self._bill(parent.partner_id, 60)
        accounts |= members[0] | members[1] | parent | child
        for drafts in (False, True):
            self.company.credit_count_drafts = drafts
            self._bill(accounts[2].partner_id, 500, post=False)
            self._same(accounts)

    def _same(self, accounts):
        figures = accounts._figures()
        expected = {key for key, found in figures.items() if found.excess() > 0}
        todays = {self.company.id: self.company._credit_today()}
        self.assertEqual(set(over_limit_ids(self.env, todays)) & set(accounts.ids), expected)
        found = accounts.search([("is_over_limit", "=", True), ("id", "in", accounts.ids)])
        self.assertEqual(set(found.ids), expected)
        others = accounts.search([("is_over_limit", "=", False), ("id", "in", accounts.ids)])
        self.assertEqual(others, accounts.search([("id", "in", accounts.ids)]) - found)
        self.assertTrue(expected)
        self.assertLess(len(expected), len(accounts))
