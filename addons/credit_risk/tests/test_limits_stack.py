from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLimitStack(CreditCase):
    """What the effective limit is made of, and what happens when a part of it changes."""

    def _line(self, partner, kind, amount, start=None, end=None, **values):
        return self.env["credit.limit.line"].create(
            {
                "account_id": self._account(partner).id,
                "kind": kind,
                "amount": amount,
                "date_from": start,
                "date_to": end,
                **values,
            }
        )

    def _effective(self, partner):
        account = self._account(partner)
        return account._figures()[account.id].limit

    def _is_held(self, order):
        return order.state == "draft" and order.credit_hold_ids.filtered(
            lambda hold: hold.state == "open"
        )

    # ------------------------------------------------------------------ B1

    def test_insured(self):
        """B1: 100,000 and an insurance of 50,000 at 50 % make 125,000; E 120,000: 5,000 passes,
        5,000.01 doesn't. "Part of the limit": 75,000."""
        partner = self._customer(100000)
        self._line(partner, "insured", 50000, percent=50)
        self._bill(partner, 120000)
        self.assertEqual(self._effective(partner), 125000)
        held = self._confirmed(partner, 5000.01)
        self.assertTrue(self._is_held(held))
        self.assertEqual(self._confirmed(partner, 5000).state, "sale")
        self.company.credit_insurance_mode = "included"
        self.assertEqual(self._effective(partner), 75000)

    def test_insurance_ends(self):
        """B1: an insurance that ended yesterday leaves 100,000; undelivered goods are held."""
        partner = self._customer(100000)
        with freeze_time("2026-06-30 12:00:00"):
            self._line(partner, "insured", 50000, "2026-01-01", "2026-06-30", percent=50)
            order = self._confirmed(partner, 110000)
            self.assertEqual(order.state, "sale")
            self.assertFalse(self._account(partner).is_locked)
        with freeze_time("2026-07-01 12:00:00"):
            self.assertEqual(self._effective(partner), 100000)
            self._account(partner)._reassess("Scheduled check")
            self.assertEqual(order.state, "sale")
            picking = order.picking_ids
            self.assertEqual(picking.credit_hold_ids.mapped("state"), ["open"])
            self._prepare(picking)
            with self.assertRaises(UserError), self.cr.savepoint():
                self._validate(picking)
            self.assertNotEqual(picking.state, "done")

    # ------------------------------------------------------------------ B3

    def _temporary(self, kind, amount):
        partner = self._customer(50000)
        with freeze_time("2026-10-20 12:00:00"):
            self._line(partner, kind, amount, "2026-11-01", "2026-11-30")
            self._bill(partner, 60000, days_late=-90)
            self.assertEqual(self._effective(partner), 50000)
        with freeze_time("2026-11-30 12:00:00"):
            order = self._confirmed(partner, 15000)
            self.assertEqual(order.state, "sale")
            self.assertEqual(self._effective(partner), 80000)
            self.assertEqual(self._exposure(partner), 75000)
        with freeze_time("2026-12-01 12:00:00"):
            self.assertEqual(self._effective(partner), 50000)
            picking = order.picking_ids
            self._prepare(picking)
            with self.assertRaises(UserError), self.cr.savepoint():
                self._validate(picking)
            self.assertNotEqual(picking.state, "done")
            figures = self._account(partner)._figures()[self._account(partner).id]
            self.assertEqual((figures.reasons(), figures.excess()), (("LIMIT",), 25000))

    def test_temporary_set(self):
        """B3: 80,000 instead of 50,000 through November; shipping on 1 December is held."""
        self._temporary("temporary_set", 80000)

    def test_temporary_add(self):
        """B3: +30,000 through November does the same."""
        self._temporary("temporary_add", 30000)

    def test_temporary_lower(self):
        """B3: −10,000 leaves 40,000."""
        partner = self._customer(50000)
        self._line(partner, "temporary_add", -10000, self.today, self.today)
        self.assertEqual(self._effective(partner), 40000)

    def test_temporary_begins_and_ends(self):
        """An order that is held is released by the hourly check on the first day; the delivery
        is locked by it after the last."""
        partner = self._customer(50000)
        with freeze_time("2026-10-31 12:00:00"):
            self._line(partner, "temporary_set", 80000, "2026-11-01", "2026-11-30")
            order = self._confirmed(partner, 75000)
            self.assertTrue(self._is_held(order))
        with freeze_time("2026-11-01 12:00:00"):
            self._run_cron()
            self.assertEqual(order.state, "sale")
            self.assertFalse(order.picking_ids.credit_hold_ids)
        with freeze_time("2026-12-01 12:00:00"):
            self._run_cron()
            self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["open"])

    def _run_cron(self):
        """The hourly check, without its commits."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            self.env["credit.account"].sudo()._cron_reassess()

    def test_line_releases_at_once(self):
        """E3: a temporary change of 20 that holds today releases the order over by 20; taking
        it away again locks the delivery."""
        partner = self._customer(100)
        order = self._confirmed(partner, 120)
        self.assertTrue(self._is_held(order))
        line = self._line(partner, "temporary_add", 20, self.today, self.today)
        self.assertEqual(order.state, "sale")
        version = self._account(partner).version
        line.with_user(self.manager).amount = 10
        self.assertGreater(self._account(partner).version, version)
        self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["open"])
        line.with_user(self.manager).amount = 20
        self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["closed"])
        line.with_user(self.manager).unlink()
        self.assertIn("open", order.picking_ids.credit_hold_ids.mapped("state"))

    def test_deposit(self):
        """A deposit adds to the limit; several parts add up."""
        partner = self._customer(100)
        self._line(partner, "deposit", 30)
        self._line(partner, "insured", 40, percent=50)
        self._line(partner, "temporary_add", -5, self.today, self.today)
        self.assertEqual(self._effective(partner), 145)
        text = self._account(partner).limit_explanation
        for part in ("Own limit", "Temporary change", "Insured part", "Deposits", "= "):
            self.assertIn(part, text)

    def test_line_is_on_record(self):
        """Making, changing and deleting a line leaves a decision and a ledger entry each."""
        partner = self._customer(100)
        before = self._entries()
        line = self._line(partner, "deposit", 30, reason="Cash deposit")
        line.amount = 40
        line.reference = "R-1"
        line.unlink()
        entries = self._entries()[: -len(before)]
        self.assertEqual(len(entries), 4)
        self.assertIn("Cash deposit", entries[-1].payload)
        self.assertIn('"deleted"', entries[0].payload)
        decisions = self.env["suite.decision"].search(
            [("res_model", "=", "credit.account"), ("res_id", "=", self._account(partner).id)]
        )
        self.assertEqual(
            decisions.mapped("outcome")[:4], ["deleted", "changed", "changed", "created"]
        )

    def _entries(self):
        domain = [("kind", "=", "credit.limit"), ("company_id", "=", self.company.id)]
        return self.env["suite.ledger.entry"].sudo().search(domain, order="sequence desc")

    @mute_logger("odoo.sql_db")
    def test_line_checks(self):
        """Amount above 0 (but for a change), cover 0–100, days in order and needed, one
        temporary limit at a time."""
        partner = self._customer(100)
        today = self.today
        wrong = (
            ("temporary_set", 0, today, today, {}),
            ("temporary_set", -1, today, today, {}),
            ("deposit", -1, None, None, {}),
            ("temporary_add", 0, today, today, {}),
            ("temporary_set", 5, today, None, {}),
            ("temporary_add", 5, None, today, {}),
        )
        for kind, amount, start, end, values in wrong:
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._line(partner, kind, amount, start, end, **values)
        for values in ({"percent": 101}, {"percent": -1}):
            with self.assertRaises(Exception), self.cr.savepoint():  # noqa: B017
                self._line(partner, "insured", 5, **values)
        with self.assertRaises(Exception), self.cr.savepoint():  # noqa: B017
            self._line(partner, "deposit", 5, date(2026, 2, 1), date(2026, 1, 1))
        self._line(partner, "temporary_set", 50, date(2026, 1, 1), date(2026, 1, 31))
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._line(partner, "temporary_set", 60, date(2026, 1, 31), date(2026, 2, 10))
        self._line(partner, "temporary_set", 60, date(2026, 2, 1), date(2026, 2, 10))
        other = self._customer(100)
        line = self._line(other, "temporary_set", 60, date(2026, 1, 1), date(2026, 2, 10))
        with self.assertRaises(UserError):
            line.account_id = self._account(partner)

    def test_line_rights(self):
        """Only credit managers make, change or delete lines."""
        partner = self._customer(100)
        line = self._line(partner, "deposit", 30)
        for user in (self.salesman, self.sales_boss, self.accountant, self.controller):
            for attempt in (
                lambda user=user: line.with_user(user).write({"amount": 1000}),
                lambda user=user: line.with_user(user).unlink(),
                lambda user=user: line.with_user(user).copy(),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.assertEqual(self._effective(partner), 130)

    # ------------------------------------------------------------------ B8, B10, B11

    def test_companies(self):
        """B8: a limit and an exposure for each company, whichever is selected."""
        other = self.setup_other_company()["company"]
        other.write({"credit_control": "block"})
        self.env.user.company_ids |= other
        partner = self._customer(100)
        self._account(partner, other).write({"limit_kind": "limited", "limit_amount": 300})
        both = [self.company.id, other.id]
        second = self.env(context=dict(self.env.context, allowed_company_ids=both[::-1]))
        values = {
            "partner_id": partner.id,
            "company_id": other.id,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.delivery_goods.id,
                        "price_unit": 90,
                        "technical_price_unit": 0.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

        def confirmed(price):
            order = second["sale.order"].create(values)
            order.order_line.price_unit = price
            order.action_confirm()
            return order

        self.assertEqual(confirmed(90).state, "sale")
        for companies in ([self.company.id], both):
            env = self.env(context=dict(self.env.context, allowed_company_ids=companies))
            exposures = [
                env["credit.account"].sudo()._for(partner.with_env(env), company).exposure
                for company in (self.company, other)
            ]
            self.assertEqual(exposures, [0, 90])
        self.assertEqual(confirmed(210.01).state, "draft")
        self.assertEqual(confirmed(210).state, "sale")

    def test_expiry_by_date(self):
        """B10: valid to 31 October, grace 5 days: 5 November passes, 6 November is EXPIRED."""
        self.company.credit_limit_grace_days = 5
        partner = self._customer(100)
        self._account(partner).limit_valid_to = date(2026, 10, 31)
        with freeze_time("2026-11-05 12:00:00"):
            self.assertEqual(self._confirmed(partner, 10).state, "sale")
        with freeze_time("2026-11-06 12:00:00"):
            order = self._confirmed(partner, 10)
            self.assertEqual(order.credit_hold_ids.reason_codes, "EXPIRED")

    def test_lower_below_exposure(self):
        """B11: E 80, limit from 100 to 60 with a reason: accepted, the order stays confirmed,
        its delivery is held, over by 20."""
        partner = self._customer(100)
        order = self._confirmed(partner, 80)
        account = self._account(partner).with_user(self.manager)
        account.write({"limit_amount": 60, "limit_reason": "Late payer"})
        self.assertEqual((order.state, account.excess), ("sale", 20))
        hold = order.picking_ids.credit_hold_ids
        self.assertEqual((hold.state, hold.reason_codes, hold.excess_amount), ("open", "LIMIT", 20))
        self.assertIn("Late payer", self._entries()[0].payload)
        self.assertFalse(account.limit_reason)

    # ------------------------------------------------------------------ A11, A15

    def test_limit_in_another_currency(self):
        """A11: company in USD, limit 60 EUR, 1 EUR = 2 USD; orders of 100, 20 and 0.02 USD make
        50.00, 60.00, 60.01 EUR: the last one is held."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "rate": 0.5,
                "currency_id": euro.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self.company.currency_id.name, "USD")
        partner = self._customer()
        account = self._account(partner)
        account.write({"currency_id": euro.id, "limit_kind": "limited", "limit_amount": 60})
        for price, exposure in ((100, 50), (20, 60)):
            self.assertEqual(self._confirmed(partner, price).state, "sale")
            self.assertEqual((account.exposure, account.currency_id), (exposure, euro))
        order = self._confirmed(partner, 0.02)
        self.assertTrue(self._is_held(order))
        self.assertEqual(account.exposure, 60)

    def test_limit_kinds(self):
        """A15: company default 100; blank means 100, 0 holds the smallest order, unlimited
        never holds."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 100})
        blank, none, unlimited = self._customer(), self._customer(0), self._customer()
        self._account(unlimited).limit_kind = "unlimited"
        self.assertEqual(self._effective(blank), 100)
        self.assertTrue(self._is_held(self._confirmed(blank, 100.01)))
        self.assertEqual(self._confirmed(blank, 100).state, "sale")
        self.assertTrue(self._is_held(self._confirmed(none, 0.01)))
        self.assertEqual(self._confirmed(unlimited, 1e7).state, "sale")

    def test_default_chain(self):
        """Own limit, else that of the group's members, else the company's default."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 100})
        partner = self._customer()
        account = self._account(partner)
        group = self.env["credit.group"].create({"name": "Group", "limit_kind": "unlimited"})
        account.group_id = group
        self.assertEqual(self._effective(partner), 100)
        group.write({"member_limit_kind": "limited", "member_limit_amount": 70})
        self.assertEqual(self._effective(partner), 70)
        account.write({"limit_kind": "limited", "limit_amount": 30})
        self.assertEqual(self._effective(partner), 30)
        account.limit_kind = "default"
        group.active = False
        self.assertEqual(self._effective(partner), 100)
