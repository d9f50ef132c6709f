from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestFigures(CreditCase):
    """What the figures count, and that who reads them later doesn't read old ones."""

    # ------------------------------------------------------------------ payments that are drafts

    def _late_and_paid(self, *parts):
        """An invoice of 1,000, 90 days late; payments of these parts, matched and reset."""
        partner = self._customer(5000)
        invoice = self._bill(partner, 1000, days_late=90)
        payments = self.env["account.payment"]
        for amount in parts:
            payments |= self._register_payment(invoice, amount=amount)
        self.assertEqual(self._account(partner).receivable, 1000 - sum(parts))
        payments.move_id.button_draft()
        return partner, invoice

    def test_payment_reset_to_draft_leaves_it_overdue(self):
        """A reset payment settles nothing: what it was matched with is owed and late again."""
        partner, invoice = self._late_and_paid(1000)
        account = self._account(partner)
        self.assertEqual((account.receivable, account.exposure), (1000, 1000))
        self.assertEqual((account.overdue_amount, account.overdue_days), (1000, 90))
        self.assertTrue(account.is_overdue)
        self.assertEqual(self._confirmed(partner, 10).credit_hold_ids.reason_codes, "OVERDUE")
        (item,) = account._credit_open_items()[account.id]
        self.assertEqual(
            (item.move_id, item.name, item.amount, item.days_late),
            (invoice.id, invoice.name, 1000, 90),
        )

    def test_part_reset_beside_a_credit(self):
        """400 reset of 1,000 paid in part, and 150 unapplied: 850 are late, of one invoice."""
        partner, invoice = self._late_and_paid(400)
        self.init_payment(150, post=True, partner=partner)
        account = self._account(partner)
        self.assertEqual((account.receivable, account.overdue_amount), (850, 850))
        (item,) = account._credit_open_items()[account.id]
        self.assertEqual((item.move_id, item.amount), (invoice.id, 850))

    # ------------------------------------------------------------------ limits

    def test_far_orders_of_other_members(self):
        """A shared limit counts nobody's orders beyond his horizon: a member's order for 200 days
        ahead leaves all of the shared 100 to the other."""
        self.company.credit_policy_id = self.env["credit.policy"].create(
            {
                "name": "90 days",
                "company_id": self.company.id,
                "horizon_days": 90,
                "rule_ids": [Command.create({"condition": "limit"})],
            }
        )
        group = self.env["credit.group"].create(
            {"name": "集团", "limit_kind": "limited", "limit_amount": 100}
        )
        first, second = self._customer(1000), self._customer(1000)
        for partner in (first, second):
            self._account(partner).group_id = group
        far = datetime.combine(self.today + timedelta(days=200), time(12))
        self.assertEqual(self._confirmed(first, 80, commitment_date=far).state, "sale")
        held = self._confirmed(second, 100.01)
        self.assertEqual(held.credit_hold_ids.reason_codes, "LIMIT")
        self.assertEqual(held.credit_hold_ids.excess_amount, 0.01)
        self.assertEqual(self._confirmed(second, 100).state, "sale")

    def test_temporary_limit_after_expiry(self):
        """A temporary limit of 800 takes the place of the one that has expired, while it runs."""
        partner = self._customer(1000)
        account = self._account(partner)
        account.limit_valid_to = self.today - timedelta(days=24)
        self.assertEqual(self._confirmed(partner, 10).credit_hold_ids.reason_codes, "EXPIRED")
        line = {"kind": "temporary_set", "amount": 800}
        dates = {"date_from": self.today, "date_to": self.today + timedelta(days=6)}
        account.limit_line_ids = [Command.create(line | dates)]
        self.assertEqual(self._confirmed(partner, 700).state, "sale")
        self.assertEqual(self._confirmed(partner, 200).credit_hold_ids.reason_codes, "LIMIT")
        account.limit_line_ids.date_from = self.today + timedelta(days=1)
        self.assertIn("EXPIRED", self._confirmed(partner, 1).credit_hold_ids.reason_codes)

    # ------------------------------------------------------------------ readers

    def _locked(self, count):
        """Deliveries of this number of customers who are late."""
        pickings = self.env["stock.picking"]
        for __ in range(count):
            partner = self._customer(1000)
            pickings |= self._confirmed(partner, 60).picking_ids
            self._bill(partner, 10, days_late=3)
        return pickings

    def _queries(self, records, *names):
        """Queries that a list of these fields needs."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.read(names)
        return self.env.cr.sql_log_count - before

    def test_list_of_locked_deliveries(self):
        """Twelve locked deliveries in a list cost what two cost, with or without their texts."""
        few, many = self._locked(2), self._locked(12)
        self.assertEqual(set((few | many).mapped("credit_state")), {"hold"})
        self.assertTrue(all(picking.credit_message for picking in many))
        for names in (("credit_state",), ("credit_state", "credit_message")):
            two, twelve = self._queries(few, *names), self._queries(many, *names)
            self.assertLessEqual(twelve, two + 5, names)

    def test_preview_without_account_access(self):
        """Who can't read the account still sees that the quotation would be held."""
        partner = self._customer(100)
        self.env["res.partner"].flush_model()
        partner.user_id = self.sales_boss
        order = self._order(partner, 200)
        account = self._account(partner).with_user(self.storekeeper)
        self.assertFalse(account.has_access("read"))
        order = order.with_user(self.storekeeper).sudo()
        self.assertFalse(order.credit_fits)
        self.assertTrue(order.credit_message)

    def test_nothing_old_after_a_payment(self):
        """What was read before a payment is read anew after it, in the same transaction."""
        partner = self._customer(100)
        group = self.env["credit.group"].create(
            {"name": "集团", "limit_kind": "limited", "limit_amount": 200}
        )
        account = self._account(partner)
        account.group_id = group
        self._bill(partner, 80)
        quote = self._order(partner, 50)
        held = self._confirmed(partner, 90, quantity=2)
        self.assertFalse(quote.credit_fits)
        self.assertEqual((group.exposure, group.available), (80, 120))
        self.assertIn("80.00 of", account.limit_explanation.replace("$ ", "").replace("\xa0", ""))
        cure = held.credit_hold_ids.cure
        self.assertEqual((held.credit_part_fits, held.credit_hold_ids.part_fits), (False, False))
        self.init_payment(40, post=True, partner=partner)
        self.assertTrue(quote.credit_fits)
        self.assertEqual((group.exposure, group.available), (40, 160))
        self.assertIn("40.00 of", account.limit_explanation.replace("$ ", "").replace("\xa0", ""))
        self.assertNotEqual(held.credit_hold_ids.cure, cure)

    def test_search_is_the_same_as_the_figures(self):
        """Locked and overdue are found as the figures say: late, over, expired, held by hand,
        alone or in a group, by the company's own rules and by a policy."""
        yesterday = fields.Date.to_string(self.today - timedelta(days=1))
        accounts = self._account(self._customer(100))
        for values, owed, late in (
            ({}, 50, 0),
            ({}, 100, 0),
            ({}, 100.01, 0),
            ({}, 10, 3),
            ({"limit_valid_to": yesterday}, 10, 0),
            ({"manual_hold": True}, 0, 0),
            ({"limit_kind": "unlimited"}, 500, 0),
            ({"limit_kind": "unlimited"}, 500, 5),
        ):
            account = self._account(self._customer(100))
            account.write(values)
            if owed:
                self._bill(account.partner_id, owed, days_late=late)
            accounts |= account
        policy = self.env["credit.policy"].create(
            {
                "name": "Half",
                "company_id": self.company.id,
                "rule_ids": [Command.create({"condition": "limit", "percent": 50})],
            }
        )
        for used in (False, policy):
            self.company.credit_policy_id = used
            figures = accounts._figures()
            for name, matches in (
                ("is_locked", lambda found: bool(found.reasons())),
                ("is_overdue", lambda found: found.is_overdue),
            ):
                expected = {key for key, found in figures.items() if matches(found)}
                for value, ids in ((True, expected), (False, set(accounts.ids) - expected)):
                    found = accounts.search([(name, "=", value), ("id", "in", accounts.ids)])
                    self.assertEqual(set(found.ids), ids, (name, value, used))
            locked = [found for found in figures.values() if found.reasons()]
            self.assertEqual(len(locked), 3 if used else 5)
