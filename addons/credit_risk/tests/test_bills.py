from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CreditCase


class BillCase(CreditCase):
    """A company that takes bills of exchange: an account for them, a bank, a vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"]
        cls.bill_account = account.create(
            {
                "code": "112100",
                "name": "Notes Receivable 应收票据",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls.cost_account = account.create(
            {"code": "660300", "name": "Financial Expenses 财务费用", "account_type": "expense"}
        )
        cls.company.write(
            {
                "credit_bill_account_id": cls.bill_account.id,
                "credit_discount_account_id": cls.cost_account.id,
                "receivable_user_id": cls.accountant.id,
            }
        )
        cls.bank = cls.company_data["default_journal_bank"]
        cls.vendor = cls.env["res.partner"].create({"name": "钢材供应商", "is_company": True})

    def _note(self, partner, amount, days=90, **values):
        """A draft bill that matures in ``days`` days."""
        return (
            self.env["credit.bill"]
            .with_user(self.accountant)
            .create(
                {
                    "name": f"1302584000{self.env['credit.bill'].search_count([])}",
                    "partner_id": partner.id,
                    "amount": amount,
                    "maturity_date": self.today + timedelta(days=days),
                    **values,
                }
            )
        )

    def _received(self, partner, amount, days=90, **values):
        bill = self._note(partner, amount, days, **values)
        bill.action_receive()
        return bill

    def _vendor_bill(self, amount):
        move = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "钢", "price_unit": amount, "tax_ids": [Command.clear()]}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _parts(self, partner):
        account = self._account(partner)
        return account.receivable, account.bills, account.open_orders, account.exposure

    def _balance(self, bill, account):
        lines = bill.sudo().move_ids.line_ids
        return sum(lines.filtered(lambda line: line.account_id == account).mapped("balance"))

    def _decisions(self, bill):
        return (
            self.env["suite.decision"]
            .search(
                [
                    ("kind", "=", "credit.bill"),
                    ("res_model", "=", "credit.bill"),
                    ("res_id", "=", bill.id),
                ],
                order="id",
            )
            .mapped("outcome")
        )


@tagged("post_install", "-at_install")
class TestBills(BillCase):
    """A bill from the customer until it's paid: entries, exposure and what is held by it."""

    def test_receive(self):
        """A bill pays the oldest open invoices; the exposure only changes its part."""
        partner = self._customer(1000)
        old, new = self._bill(partner, 300, days_late=5), self._bill(partner, 400)
        self.assertEqual(self._parts(partner), (700, 0, 0, 700))
        bill = self._received(partner, 500)
        self.assertEqual(self._parts(partner), (200, 500, 0, 700))
        self.assertEqual((bill.state, bill.booked_amount), ("received", 500))
        self.assertEqual((old.payment_state, old.amount_residual), ("paid", 0))
        self.assertEqual((new.payment_state, new.amount_residual), ("partial", 200))
        self.assertEqual(self._balance(bill, self.bill_account), 500)
        self.assertEqual(bill.sudo().move_ids.mapped("state"), ["posted"])
        self.assertEqual(bill.received_date, self.today)
        self.assertEqual(self._decisions(bill), ["received"])

    def test_receive_for_chosen_invoices(self):
        """It pays the invoices that were chosen, what is left over stays to be applied."""
        partner = self._customer(1000)
        old, new = self._bill(partner, 300, days_late=5), self._bill(partner, 400)
        self._received(partner, 500, invoice_ids=[Command.set(new.ids)])
        self.assertEqual((old.amount_residual, new.amount_residual), (300, 0))
        self.assertEqual(self._parts(partner), (200, 500, 0, 700))
        stranger = self._bill(self._customer(1000), 100)
        wrong = self._note(partner, 100, invoice_ids=[Command.set(stranger.ids)])
        with self.assertRaises(UserError):
            wrong.action_receive()

    def test_receive_from_a_contact(self):
        """A bill of a contact pays what the company owes, on every receivable account."""
        partner = self._customer(1000)
        contact = self.env["res.partner"].create({"name": "财务", "parent_id": partner.id})
        other = self.company_data["default_account_receivable"].copy({"code": "112299"})
        first = self._bill(partner, 300, days_late=3)
        self.env["account.move"].browse(first.id)
        partner.property_account_receivable_id = other
        second = self._bill(partner, 200)
        self.assertEqual(second.line_ids.account_id & other, other)
        bill = self._received(contact, 450)
        self.assertEqual(self._parts(partner), (50, 450, 0, 500))
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 50))
        self.assertEqual(bill.booked_amount, 450)

    def test_endorse(self):
        """Handing the bill on to a vendor pays his bills and leaves the exposure as it is."""
        partner = self._customer(1000)
        self._bill(partner, 500)
        owed = self._vendor_bill(800)
        bill = self._received(partner, 500)
        bill.action_endorse(self.vendor.id)
        self.assertEqual(self._parts(partner), (0, 500, 0, 500))
        self.assertEqual((bill.state, bill.endorsee_id), ("endorsed", self.vendor))
        self.assertEqual(bill.endorsed_date, self.today)
        self.assertEqual(owed.amount_residual, 300)
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        lines = bill.sudo().move_ids.line_ids
        self.assertEqual(
            set(
                lines.filtered(lambda line: line.account_id == self.bill_account).mapped(
                    "reconciled"
                )
            ),
            {True},
        )
        self.assertEqual(self._decisions(bill), ["received", "endorsed"])

    def test_endorse_for_chosen_bills(self):
        """It pays the vendor bills that were chosen."""
        partner = self._customer(1000)
        first, second = self._vendor_bill(300), self._vendor_bill(300)
        bill = self._received(partner, 200)
        bill.action_endorse(self.vendor.id, None, second.ids)
        self.assertEqual((first.amount_residual, second.amount_residual), (300, 100))

    def test_mature(self):
        """Paid at maturity: the exposure falls and what fits is released in the same call."""
        partner = self._customer(500)
        self._bill(partner, 500)
        bill = self._received(partner, 500, days=0)
        order = self._confirmed(partner, 400)
        self.assertEqual(order.credit_state, "hold")
        bill.action_mature(self.bank.id)
        self.assertEqual(bill.state, "matured")
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertIn(bill.name, order.credit_hold_ids.release_reason)
        self.assertEqual(self._parts(partner), (0, 0, 400, 400))
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        money = self.bank.inbound_payment_method_line_ids.payment_account_id[:1]
        self.assertEqual(self._balance(bill, money or self.bank.default_account_id), 500)

    def test_dishonour(self):
        """The customer owes again, at once overdue; goods not yet shipped are locked."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 500, days_late=-30)
        order = self._confirmed(partner, 300)
        bill = self._received(partner, 500, days=0)
        self.assertEqual(self._parts(partner), (0, 500, 300, 800))
        self.assertFalse(order.picking_ids.shipment_locked)
        bill.action_dishonour("账户余额不足")
        self.assertEqual(self._parts(partner), (500, 0, 300, 800))
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (500, 1))
        self.assertTrue(order.picking_ids.shipment_locked)
        hold = order.picking_ids.credit_hold_ids
        self.assertEqual((hold.state, hold.reason_codes), ("open", "OVERDUE"))
        self.assertEqual((bill.state, bill.reason), ("dishonoured", "账户余额不足"))
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        # not due yet: its match stays, the claim from the bill is an item of its own
        self.assertEqual(invoice.amount_residual, 0)
        with self.assertRaises(UserError):
            self._ship(order)

    def test_dishonour_opens_late_invoices(self):
        """Invoices that are late are open again with their own age; the rest is a new item."""
        partner = self._customer(1000)
        late, later = (
            self._bill(partner, 300, days_late=40),
            self._bill(partner, 200, days_late=-30),
        )
        bill = self._received(partner, 600, days=0)
        self.assertEqual(self._parts(partner), (-100, 600, 0, 500))
        self.assertEqual(self._account(partner).overdue_amount, 0)
        bill.action_dishonour("拒付")
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))
        self.assertEqual((late.amount_residual, later.amount_residual), (300, 0))
        account = self._account(partner)
        self.assertEqual((account.overdue_amount, account.overdue_days), (500, 40))

    def test_dishonour_endorsed(self):
        """A bill that comes back from the vendor: we owe him again, and the customer owes us."""
        partner = self._customer(1000)
        invoice = self._bill(partner, 500, days_late=2)
        bill = self._received(partner, 500, days=0)
        self._vendor_bill(500)
        bill.action_endorse(self.vendor.id)
        payable = self.company_data["default_account_payable"]
        self.assertEqual(self._balance(bill, payable), 500)
        bill.action_dishonour("拒付")
        self.assertEqual(self._balance(bill, payable), 0)
        self.assertEqual(invoice.amount_residual, 500)
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))
        owed = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.vendor.id),
                ("account_id", "=", payable.id),
                ("reconciled", "=", False),
            ]
        )
        self.assertEqual(sum(owed.mapped("amount_residual")), -500)

    def test_discount(self):
        """Sold to a bank: cash less cost now, exposure until maturity; recourse if dishonoured."""
        partner = self._customer(1000)
        self._bill(partner, 500)
        bill = self._received(partner, 500)
        for proceeds in (0, -1, 500.01):
            with self.assertRaises(UserError):
                bill.action_discount(self.bank.id, proceeds)
        bill.action_discount(self.bank.id, 488)
        self.assertEqual((bill.state, bill.discount_cost), ("discounted", 12))
        self.assertEqual(self._parts(partner), (0, 500, 0, 500))
        money = self.bank.inbound_payment_method_line_ids.payment_account_id[:1]
        money = money or self.bank.default_account_id
        self.assertEqual(self._balance(bill, money), 488)
        self.assertEqual(self._balance(bill, self.cost_account), 12)
        self.assertEqual(self._balance(bill, self.bill_account), 0)
        bill.action_dishonour("拒付")
        self.assertEqual(self._balance(bill, money), -12)
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))

    def test_cancel(self):
        """A receipt taken back: the invoices are open again, nothing is released on the way."""
        partner = self._customer(500)
        invoice = self._bill(partner, 500)
        bill = self._received(partner, 500)
        order = self._confirmed(partner, 100)
        self.assertEqual(order.credit_state, "hold")
        with self.assertRaises(UserError):
            bill.action_cancel()
        bill.action_cancel("填错了")
        self.assertEqual((bill.state, invoice.amount_residual), ("cancelled", 500))
        self.assertEqual(self._parts(partner), (500, 0, 0, 500))
        self.assertEqual(order.credit_state, "hold")
        self.assertEqual(len(bill.sudo().move_ids), 2)
        draft = self._note(partner, 10)
        draft.action_cancel()
        self.assertEqual((draft.state, draft.sudo().move_ids.ids), ("cancelled", []))

    def test_nothing_is_released_on_the_way(self):
        """Receiving lowers the receivable before it raises the bills: no order slips through."""
        partner = self._customer(500)
        self._bill(partner, 500)
        order = self._confirmed(partner, 100)
        bill = self._received(partner, 500)
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self._vendor_bill(500)
        bill.action_endorse(self.vendor.id)
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        bill.action_mature()
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))

    def test_bill_ends_overdue(self):
        """A bill for a late invoice ends the overdue and frees what only that had locked."""
        partner = self._customer(1000)
        self._bill(partner, 500, days_late=30)
        order = self._confirmed(partner, 100)
        self.assertEqual(order.credit_hold_ids.reason_codes, "OVERDUE")
        self._received(partner, 500)
        self.assertEqual((order.state, order.credit_state), ("sale", "released"))
        self.assertEqual(self._parts(partner), (0, 500, 100, 600))

    def test_foreign_currency(self):
        """Rates differ between invoice, bill and maturity: the exposure stays what it was."""
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        partner = self._customer(1000)
        invoice = self._bill(partner, 100, days_late=5, currency_id=currency.id)
        self.assertEqual(self._parts(partner), (200, 0, 0, 200))
        self._rate(currency, 0.4)
        bill = self._received(partner, 100, days=0, currency_id=currency.id)
        self.assertEqual((bill.booked_amount, invoice.amount_residual), (200, 0))
        self.assertEqual(self._parts(partner), (0, 200, 0, 200))
        self.assertEqual(self._balance(bill, self.bill_account), 250)
        self._rate(currency, 0.25)
        again = self._received(partner, 10, currency_id=currency.id)
        self.assertEqual((again.booked_amount, self._exposure(partner)), (40, 200))
        bill.action_dishonour("拒付")
        self.assertEqual(invoice.amount_residual, 100)
        self.assertEqual(self._parts(partner), (160, 40, 0, 200))
        lines = bill.sudo().move_ids.line_ids
        lines = lines.filtered(lambda line: line.account_id == self.bill_account)
        self.assertEqual(sum(lines.mapped("amount_residual")), 0)

    def _rate(self, currency, rate):
        self.env["res.currency.rate"].search(
            [("currency_id", "=", currency.id), ("name", "=", self.today)]
        ).unlink()
        currency.rate_ids = [
            Command.create(
                {"name": self.today, "rate": rate, "company_id": self.company.root_id.id}
            )
        ]

    def test_foreign_bill_pays_local_invoice(self):
        """A bill in another currency than its invoice."""
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        partner = self._customer(1000)
        invoice = self._bill(partner, 300)
        bill = self._received(partner, 100, currency_id=currency.id)
        self.assertEqual((bill.booked_amount, invoice.amount_residual), (200, 100))
        self.assertEqual(self._parts(partner), (100, 200, 0, 300))

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

    def test_control_off(self):
        """Without credit control bills are booked all the same and make no accounts."""
        self.company.credit_control = "off"
        partner = self.env["res.partner"].create({"name": "无信用", "is_company": True})
        invoice = self._bill(partner, 100)
        bill = self._received(partner, 100)
        bill.action_mature(self.bank.id)
        self.assertEqual((bill.state, invoice.payment_state), ("matured", "paid"))
        self.assertFalse(self.env["credit.account"].search([("partner_id", "=", partner.id)]))


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
