from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .bill_case import BillCase


@tagged("post_install", "-at_install")
class TestBillRules(BillCase):
    """Who may take which step when, and what stays as it is."""

    def test_steps_in_order_once(self):
        """No step twice, none out of order, none before the receipt or in the future."""
        partner = self._customer(1000)
        bill = self._note(partner, 100, days=0)
        tomorrow = self.today + timedelta(days=1)
        steps = {
            "endorse": lambda: bill.action_endorse(self.vendor.id),
            "discount": lambda: bill.action_discount(self.bank.id, 90),
            "mature": lambda: bill.action_mature(self.bank.id),
            "dishonour": lambda: bill.action_dishonour("x"),
            "cancel": lambda: bill.action_cancel("x"),
            "receive": bill.action_receive,
        }
        for name in ("endorse", "discount", "mature", "dishonour"):
            with self.assertRaises(UserError):
                steps[name]()
        with self.assertRaises(UserError):
            bill.action_receive(tomorrow)
        bill.action_receive()
        for wrong in (
            bill.action_receive,
            lambda: bill.action_mature(self.bank.id, self.today - timedelta(days=1)),
            bill.action_mature,
            lambda: bill.action_mature(self.company_data["default_journal_sale"].id),
            lambda: bill.action_dishonour("  "),
            lambda: bill.action_endorse(0),
        ):
            with self.assertRaises(UserError):
                wrong()
        bill.action_mature(self.bank.id)
        for step in steps.values():
            with self.assertRaises(UserError):
                step()
        self.assertEqual(len(bill.sudo().move_ids), 2)
        self.assertEqual(self._decisions(bill), ["received", "matured"])

    def test_fixed_once_received(self):
        """Amounts and the state can't be written, entries can't be undone, bills not deleted."""
        partner = self._customer(1000)
        bill = self._received(partner, 100)
        for vals in (
            {"amount": 1},
            {"partner_id": self._customer().id},
            {"maturity_date": self.today},
            {"state": "matured"},
            {"booked_amount": 0},
            {"invoice_ids": [Command.clear()]},
            {"move_ids": [Command.clear()]},
        ):
            with self.assertRaises(UserError):
                bill.write(vals)
        bill.write({"acceptor": "工商银行", "note": "ok"})
        with self.assertRaises(UserError):
            bill.unlink()
        entry = bill.sudo().move_ids.sudo(False).with_user(self.chief_accountant)
        for undo in (
            entry.button_draft,
            entry.button_cancel,
            entry._reverse_moves,
            lambda: entry.write({"state": "draft"}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                undo()
        self.env.invalidate_all()
        forged = self._note(partner, 100, state="received", booked_amount=-1000)
        self.assertEqual((forged.state, forged.booked_amount), ("draft", 0))
        copied = bill.copy({"name": "another"})
        self.assertEqual((copied.state, copied.booked_amount), ("draft", 0))
        forged.unlink()
        self.assertEqual(self._parts(partner), (-100, 100, 0, 0))

    def test_limits_of_the_data(self):
        """Amount above zero, maturity after issue, each number once."""
        partner = self._customer(1000)
        with self.assertRaises(ValidationError):
            self._note(partner, 100, issue_date=self.today + timedelta(days=91))
        self._note(partner, 100, name="13025")
        for values in ({"amount": 0, "name": "1"}, {"amount": 1, "name": "13025"}):
            with (
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self._note(partner, values["amount"], name=values["name"])

    def test_roles(self):
        """Finance handles bills; salespeople read those of their customers; others nothing."""
        partner = self._customer(1000, user_id=self.salesman.id)
        other = self._customer(1000, user_id=self.sales_boss.id)
        bill, hidden = self._received(partner, 100), self._note(other, 100)
        self.assertEqual(bill.with_user(self.salesman).amount, 100)
        found = self.env["credit.bill"].with_user(self.salesman).search([])
        self.assertEqual(found & (bill | hidden).sudo(False), bill.with_user(self.salesman))
        for user in (self.salesman, self.sales_boss):
            seen = bill.with_user(user)
            for call in (
                lambda seen=seen: seen.action_mature(self.bank.id),
                lambda seen=seen: seen.action_dishonour("x"),
                lambda seen=seen: seen.action_cancel("x"),
                lambda seen=seen: seen.action_endorse(self.vendor.id),
                lambda seen=seen: seen.action_discount(self.bank.id, 90),
                lambda seen=seen: seen.write({"note": "x"}),
                lambda seen=seen: seen.copy(),
                lambda seen=seen: seen.unlink(),
            ):
                with self.assertRaises(AccessError):
                    call()
        with self.assertRaises(AccessError):
            bill.with_user(self.storekeeper).read(["amount"])
        with self.assertRaises(AccessError):
            hidden.with_user(self.salesman).read(["amount"])
        self.assertEqual(bill.state, "received")


@tagged("post_install", "-at_install")
class TestBillSettings(BillCase):
    """Accounts, journal, dialogs and what time does."""

    def test_accounts(self):
        """Asked for when missing; from a chart of China taken by itself; only a fitting one."""
        self.company.credit_bill_account_id = False
        bill = self._note(self._customer(1000), 100)
        with self.assertRaises(UserError) as caught:
            bill.action_receive()
        self.assertIn("Bills Receivable", str(caught.exception))
        account = self.bill_account.copy({"code": "1121", "reconcile": False})
        name = self.env["account.chart.template"].company_xmlid("l10n_cn_common_account_1121")
        module, __, name = name.partition(".")
        self.env["ir.model.data"].create(
            {"module": module, "name": name, "model": account._name, "res_id": account.id}
        )
        with self.assertRaises(ValidationError):
            self.company.credit_bill_account_id = account
        bill.action_receive()
        self.assertEqual((self.company.credit_bill_account_id, account.reconcile), (account, True))
        self.company.credit_discount_account_id = False
        with self.assertRaises(UserError):
            bill.action_discount(self.bank.id, 90)

    def test_journal(self):
        """Entries stand in the journal of the settings."""
        journal = self.env["account.journal"].create(
            {"name": "票据", "code": "PJ", "type": "general"}
        )
        first = self._received(self._customer(1000), 100).sudo()
        self.assertEqual(first.move_ids.journal_id.type, "general")
        self.assertNotEqual(first.move_ids.journal_id, self.company.currency_exchange_journal_id)
        self.company.credit_bill_journal_id = journal
        second = self._received(self._customer(1000), 100).sudo()
        self.assertEqual(second.move_ids.journal_id, journal)

    def test_dialogs(self):
        """The dialogs take each step as the accountant."""
        partner = self._customer(1000)
        self._vendor_bill(100)
        bill = self._note(partner, 100, days=0)

        def ask(step, **values):
            action = bill.with_context(default_step=step).action_ask()
            wizard = self.env["credit.bill.step"].with_user(self.accountant)
            form = Form(wizard.with_context(**action["context"]))
            for name, value in values.items():
                form[name] = value
            form.save().action_apply()

        ask("receive")
        self.assertEqual(bill.state, "received")
        ask("discount", proceeds=99)
        self.assertEqual((bill.state, bill.discount_cost), ("discounted", 1))
        ask("mature")
        self.assertEqual(bill.state, "matured")
        for step, values, state in (
            ("endorse", {"endorsee_id": self.vendor}, "endorsed"),
            ("dishonour", {"reason": "拒付"}, "dishonoured"),
            ("cancel", {"reason": "错"}, "cancelled"),
            ("mature", {"journal_id": self.bank}, "matured"),
        ):
            bill = self._received(partner, 100, days=0)
            ask(step, **values)
            self.assertEqual(bill.state, state)
        action = self._account(partner).action_open_bills()
        self.assertEqual(action["res_model"], "credit.bill")
        self.assertEqual(bill.action_open_entries()["res_model"], "account.move")

    def test_reminder(self):
        """On the day of maturity the clerk is asked once to present the bill."""
        due = self._received(self._customer(1000), 100, days=0)
        later = self._received(self._customer(1000), 100, days=1)
        self._run_cron()
        self._run_cron()
        self.assertEqual(due.activity_ids.user_id, self.accountant)
        self.assertEqual(len(due.activity_ids), 1)
        self.assertEqual(due.activity_ids.date_deadline, self.today)
        self.assertFalse(later.activity_ids)
        due.action_mature(self.bank.id)
        self.assertFalse(due.activity_ids)

    def test_endorsed_closes_by_itself(self):
        """Nobody came back 10 days after maturity: it counts as paid, what fits is released."""
        partner = self._customer(500)
        self._bill(partner, 500)
        bill = self._received(partner, 500)
        self._vendor_bill(500)
        bill.action_endorse(self.vendor.id)
        order = self._confirmed(partner, 100)
        bill._keep({"maturity_date": self.today - timedelta(days=10)})
        self._run_cron()
        self.assertEqual((bill.state, order.credit_state), ("endorsed", "hold"))
        bill._keep({"maturity_date": self.today - timedelta(days=11)})
        self._run_cron()
        self.assertEqual((bill.state, order.credit_state), ("matured", "released"))
        self.assertEqual(self._exposure(partner), 100)
        self.assertEqual(self._decisions(bill), ["received", "endorsed", "matured"])
        self.assertEqual(len(bill.sudo().move_ids), 2)

    def _run_cron(self):
        """The daily job, whose batches must not be committed here."""
        crons = self.env.registry["ir.cron"]
        self.patch(crons, "_commit_progress", api.model(lambda *args, **kwargs: 1.0))
        self.env["credit.bill"]._cron_maturity()
