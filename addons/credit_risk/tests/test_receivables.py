from datetime import date, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.credit_risk.tools.receivables_sql import residuals_at

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestReceivables(CreditCase):
    """What is due and how late, also for a past date; who is warned when."""

    def _dated_bill(self, partner, amount, day):
        return self._bill(partner, amount, days_late=(self.today - day).days)

    def test_past_date(self):
        """F8: as of 30 April what was paid in May is still open: 149,000 in three buckets."""
        partner = self._customer()
        self.init_payment(1000, post=True, partner=partner, date=date(2025, 2, 15))
        march = [self._dated_bill(partner, 10000, date(2025, 3, 15)) for __ in range(5)]
        self._dated_bill(partner, 100000, date(2025, 4, 15))
        self.init_payment(49000, post=True, partner=partner, date=date(2025, 5, 10))
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_type", "=", "asset_receivable"),
                ("date", "!=", date(2025, 4, 15)),
            ]
        )
        items.reconcile()
        self.assertEqual([move.payment_state for move in march].count("not_paid"), 0)
        ageing = self.env["receivable.ageing"]
        [row] = ageing.at("2025-04-30", partner_ids=partner.ids)
        self.assertEqual(row["not_due"], 0)
        self.assertEqual(row["buckets"], [100000, 50000, -1000, 0])
        self.assertEqual((row["total"], row["partner_id"]), (149000, partner.id))
        [row] = ageing.at(self.today, partner_ids=partner.ids)
        self.assertEqual((row["buckets"], row["total"]), ([0, 0, 0, 100000], 100000))

    def test_buckets(self):
        """F9: the edges of the buckets, an overflow bucket, and buckets that add up."""
        partner = self._customer()
        for number, days in enumerate((0, 1, 30, 31, 400)):
            self._bill(partner, 10**number, days_late=days)
        ageing = self.env["receivable.ageing"]
        [row] = ageing.at(self.today, partner_ids=partner.ids)
        self.assertEqual((row["not_due"], row["buckets"]), (1, [110, 1000, 0, 10000]))
        [row] = ageing.at(self.today, limits=(30,), partner_ids=partner.ids)
        self.assertEqual((row["not_due"], row["buckets"]), (1, [110, 11000]))
        self.assertEqual(row["total"], 11111)
        self.assertEqual(ageing.at("2000-01-01", partner_ids=partner.ids), [])
        for limits in ((), (30, 30), (60, 30), (0, 5)):
            with self.assertRaises(ValidationError):
                ageing.at(self.today, limits=limits)

    def test_who_may_see_it(self):
        """Accounting sees the ageing, others don't; a contact stands for its company."""
        partner = self._customer()
        contact = self.env["res.partner"].create({"name": "赵六", "parent_id": partner.id})
        self._bill(contact, 100, days_late=5)
        ageing = self.env["receivable.ageing"]
        for user in (self.salesman, self.storekeeper):
            with self.assertRaises(AccessError):
                ageing.with_user(user).at(self.today)
        [row] = ageing.with_user(self.accountant).at(self.today, partner_ids=contact.ids)
        self.assertEqual((row["partner_id"], row["buckets"][0]), (partner.id, 100))

    def test_list(self):
        """One row an instalment with its age; salespeople see their own customers' items."""
        term = self.env["account.payment.term"].create(
            {
                "name": "两期",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        partner = self._customer()
        self._bill(
            partner,
            100,
            days_late=10,
            invoice_payment_term_id=term.id,
            invoice_user_id=self.salesman.id,
        )
        self._bill(partner, 70, days_late=95, invoice_user_id=self.sales_boss.id)
        self.init_payment(20, post=True, partner=partner, date=self.today)
        items = self.env["receivable.item"].search([("partner_id", "=", partner.id)])
        self.assertEqual(
            items.mapped(lambda item: (item.residual, item.days_late, item.bucket)),
            [(70, 95, "4_older"), (50, 10, "1_30"), (-20, 0, "0_not_due"), (50, -20, "0_not_due")],
        )
        own = items.with_user(self.salesman).search([("partner_id", "=", partner.id)])
        self.assertEqual(own.mapped("residual"), [50, 50])
        with self.assertRaises(AccessError):
            items.with_user(self.storekeeper).search([])
        groups = items._read_group([("partner_id", "=", partner.id)], ["bucket"], ["residual:sum"])
        self.assertEqual(dict(groups), {"0_not_due": 30, "1_30": 50, "4_older": 70})

    def test_warnings(self):
        """Before due, on due and at 1, 7, 15, 30 days late: each once, to whom it concerns."""
        self.company.write({"receivable_warning_days": 3, "receivable_user_id": self.accountant.id})
        team = self.env["crm.team"].create({"name": "一部", "user_id": self.sales_boss.id})
        partner = self._customer()
        values = {"invoice_user_id": self.salesman.id, "team_id": team.id}
        bills = {
            days: self._bill(partner, 100 + days, days_late=days, **values)
            for days in (-4, -3, 0, 1, 6, 7, 15, 29, 30, 60)
        }
        paid = self._bill(partner, 5, days_late=7, **values)
        self._register_payment(paid)
        for __ in range(2):
            self.env["receivable.warning"].sudo()._cron_warn()
        self.env.invalidate_all()
        told = {days: bill.activity_ids.user_id for days, bill in bills.items()}
        nobody = self.env["res.users"]
        self.assertEqual(
            told,
            {
                -4: nobody,
                -3: self.salesman,
                0: self.salesman,
                1: self.salesman,
                6: self.salesman,
                7: self.sales_boss,
                15: self.accountant,
                29: self.accountant,
                30: self.accountant,
                60: self.accountant,
            },
        )
        self.assertEqual([len(bill.activity_ids) for bill in bills.values()], [0] + [1] * 9)
        self.assertFalse(paid.activity_ids)
        self.assertIn("7", bills[7].activity_ids.summary)
        self._register_payment(bills[7])
        self.env["receivable.warning"].sudo()._cron_warn()
        self.assertFalse(bills[7].activity_ids)

    def test_warnings_in_chinese(self):
        """The warning is written in the language of who gets it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.salesman.lang = "zh_CN"
        partner = self._customer(name="东方机械")
        bill = self._bill(partner, 100, days_late=1, invoice_user_id=self.salesman.id)
        self.env["receivable.warning"].sudo()._cron_warn()
        self.assertIn("东方机械", bill.activity_ids.summary)
        self.assertIn("逾期", bill.activity_ids.summary)

    def test_hourly_check(self):
        """What falls due over night locks deliveries and frees what is in order again."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 60)
        self._bill(partner, 10)
        line = self.env["account.move.line"].search(
            [("partner_id", "=", partner.id), ("account_type", "=", "asset_receivable")]
        )
        line._write({"date_maturity": self.today - timedelta(days=1)})
        self.env.invalidate_all()
        with (
            patch.object(self.env.registry["ir.cron"], "_commit_progress") as progress,
            patch("odoo.addons.credit_risk.models.credit_account_events.BATCH", 1),
        ):
            self.env["credit.account"].sudo()._cron_reassess()
        self.assertEqual(order.picking_ids.credit_hold_ids.reason_codes, "OVERDUE")
        controlled = self.env["credit.account"].search_count(
            [("company_id.credit_control", "!=", "off")]
        )
        self.assertEqual(progress.call_count, controlled)
        self.assertEqual(progress.call_args.kwargs, {"remaining": 0})

    def test_days_are_the_company_s(self):
        """At 01:00 in Shanghai it is still yesterday in UTC; the books are Shanghai's."""
        self.company.partner_id.tz = "Asia/Shanghai"
        partner = self._customer(1000)
        invoice = self._dated_bill(partner, 100, date(2026, 3, 1))
        payment = self._register_payment(invoice, payment_date=date(2026, 3, 10))
        self.assertEqual(invoice.amount_residual, 0)
        partial = invoice.line_ids.matched_credit_ids
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET create_date = '2026-03-31 17:00' WHERE id = %s",
            (partial.id,),
        )
        open_on = {
            day: [
                amount
                for __, __, amount in residuals_at(
                    self.env, self.company.id, day, partner_ids=partner.ids
                )
            ]
            for day in (date(2026, 3, 31), date(2026, 4, 1))
        }
        self.assertTrue(payment)
        self.assertEqual(sorted(open_on[date(2026, 3, 31)]), [-100, 100])
        self.assertEqual(open_on[date(2026, 4, 1)], [])

    def test_shipped_at_night(self):
        """Goods that left at 01:00 local time are billed by an invoice of that local day only."""
        self.company.partner_id.tz = "Asia/Shanghai"
        partner = self._customer(1000)
        picking = self._manual_delivery(partner, 60)
        self._validate(picking)
        product = picking.move_ids.product_id
        picking.move_ids.date = "2026-03-31 17:00:00"
        for day, exposure in ((date(2026, 3, 31), 120), (date(2026, 4, 1), 120)):
            self._bill(
                partner,
                60,
                invoice_date=day,
                invoice_date_due=self.today,
                invoice_line_ids=[
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 60,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            )
            self.assertEqual(self._exposure(partner), exposure)
