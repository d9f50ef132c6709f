from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestPathsEdit(CreditCase):
    """D4: a confirmed order that is edited is judged again; nothing ships beyond the limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vat = cls.env["account.tax"].create(
            {"name": "13 %", "amount": 13, "company_id": cls.company.id}
        )
        cls.dollar_rates()

    @classmethod
    def dollar_rates(cls):
        """1 of the company's currency = 0.5 of the other today, and 2 a year ago."""
        currencies = cls.env["res.currency"].with_context(active_test=False)
        cls.foreign = currencies.search(
            [("name", "in", ("EUR", "CNY")), ("id", "!=", cls.company.currency_id.id)], limit=1
        )
        cls.foreign.active = True
        rates = cls.env["res.currency.rate"]
        rates.search([("currency_id", "=", cls.foreign.id)]).unlink()
        year = timedelta(days=365)
        rates.create(
            [
                {
                    "currency_id": cls.foreign.id,
                    "company_id": cls.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in ((cls.today, 0.5), (cls.today - year, 2.0))
            ]
        )
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": cls.foreign.id, "company_id": cls.company.id}
        )

    # ------------------------------------------------------------------ edits that raise

    def _more(self, order):
        order.order_line.with_user(self.salesman).product_uom_qty = 2

    def _dearer(self, order):
        order.order_line.with_user(self.salesman).price_unit = 120

    def _by_commands(self, order):
        order.with_user(self.salesman).write(
            {"order_line": [Command.update(order.order_line.id, {"product_uom_qty": 2})]}
        )

    def _new_line(self, order):
        order.with_user(self.salesman).write(
            {
                "order_line": [
                    Command.create(
                        {"product_id": self.goods.id, "price_unit": 60, "tax_ids": False}
                    )
                ]
            }
        )

    def _new_line_by_rpc(self, order):
        self.env["sale.order.line"].with_user(self.salesman).create(
            {
                "order_id": order.id,
                "product_id": self.goods.id,
                "price_unit": 60,
                "tax_ids": False,
            }
        )

    def _line_from_another_order(self, order):
        other = self._order(order.partner_id, 60)
        other.order_line.with_user(self.salesman).write({"order_id": order.id})

    def _no_discount(self, order):
        order.order_line.with_user(self.salesman).discount = -100

    def _tax(self, order):
        order.order_line.with_user(self.salesman).write(
            {"price_unit": 110, "tax_ids": [Command.set(self.vat.ids)], "discount": 0}
        )
        self.assertEqual(order.amount_total, 124.3)
        order.order_line.with_user(self.salesman).price_unit = 120 / 1.13

    def _pricelist(self, order):
        order.with_user(self.salesman).write({"pricelist_id": self.pricelist.id})
        self.assertEqual(order.currency_id, self.foreign)

    def _currency(self, order):
        order.with_user(self.salesman).write({"currency_id": self.foreign.id})
        self.assertEqual(order.currency_id, self.foreign)

    RAISE = (
        _currency,
        _more,
        _dearer,
        _by_commands,
        _new_line,
        _new_line_by_rpc,
        _line_from_another_order,
        _no_discount,
        _tax,
        _pricelist,
    )

    def test_raised(self):
        """60 becomes 120 of 100: refused or counted; if counted, bumped, on hold and locked."""
        for edit in self.RAISE:
            with self.subTest(edit.__name__):
                partner = self._customer(100)
                order = self._confirmed(partner, 60)
                account = self._account(partner)
                version = account.version
                try:
                    with self.env.cr.savepoint():
                        edit(self, order)
                        self.env.flush_all()
                except UserError:
                    self.env.invalidate_all()
                    self.assertEqual(self._exposure(partner), 60)
                    continue
                self.assertAlmostEqual(self._exposure(partner), 120, 2)
                self.assertGreater(account.version, version)
                open_pickings = order.picking_ids.filtered(lambda rec: rec.state != "cancel")
                self.assertTrue(all(open_pickings.mapped("shipment_locked")))
                self.assertEqual(set(open_pickings.credit_hold_ids.mapped("state")), {"open"})
                for picking in open_pickings:
                    self._prepare(picking)
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        self._validate(picking)

    def test_rate_of_another_day(self):
        """An order's date is written back to a dearer day: its value is counted by that rate."""
        partner = self._customer(100)
        order = self._order(partner, 60, pricelist_id=self.pricelist.id)
        order.action_confirm()  # 120 of the company's: held
        self.assertEqual(order.credit_state, "hold")
        order.order_line.price_unit = 50
        order.action_confirm()
        self.assertEqual((order.state, self._exposure(partner)), ("sale", 100))
        # a year ago the same 50 were 25 of the company's
        account = self._account(partner)
        order.with_user(self.salesman).date_order = fields.Datetime.now() - timedelta(days=364)
        self.env.flush_all()
        self.assertEqual(self._exposure(partner), 25)
        second = self._confirmed(partner, 75)
        self.assertEqual((second.state, self._exposure(partner)), ("sale", 100))
        version = account.version
        order.with_user(self.salesman).date_order = fields.Datetime.now()
        self.env.flush_all()
        self.assertEqual(self._exposure(partner), 175)
        self.assertGreater(account.version, version)
        self.assertTrue(order.picking_ids.shipment_locked)
        self.assertEqual(order.picking_ids.credit_hold_ids.state, "open")

    def test_unit(self):
        """Ordered in dozens instead of pieces: the value decides, whatever price the line has."""
        partner = self._customer(100)
        order = self._confirmed(partner, 60)
        dozen = self.env.ref("uom.product_uom_dozen")
        try:
            with self.env.cr.savepoint():
                order.order_line.with_user(self.salesman).write(
                    {"product_uom_id": dozen.id, "price_unit": 720}
                )
        except UserError:
            return
        self.assertEqual(self._exposure(partner), 720)
        self.assertTrue(all(order.picking_ids.mapped("shipment_locked")))

    # ------------------------------------------------------------------ edits that lower

    def _fewer(self, order):
        order.order_line.with_user(self.salesman).product_uom_qty = 1

    def _cheaper(self, order):
        order.order_line.with_user(self.salesman).price_unit = 30

    def _fewer_by_commands(self, order):
        order.with_user(self.salesman).write(
            {"order_line": [Command.update(order.order_line.id, {"product_uom_qty": 1})]}
        )

    def _discount(self, order):
        order.order_line.with_user(self.salesman).discount = 50

    def _to_nothing(self, order):
        order.order_line.with_user(self.salesman).product_uom_qty = 0

    LOWER = ((_fewer, 60), (_cheaper, 60), (_fewer_by_commands, 60), (_discount, 60),
             (_to_nothing, 0))  # fmt: skip

    def test_lowered(self):
        """120 of 100 is locked; each way down is allowed, unlocks, and frees a held order."""
        for edit, left in self.LOWER:
            with self.subTest(edit.__name__):
                partner = self._customer(120)
                order = self._confirmed(partner, 60, 2)
                waiting = self._confirmed(partner, 40)
                self.assertEqual(waiting.credit_state, "hold")
                account = self._account(partner)
                account.limit_amount = 100
                self.assertTrue(order.picking_ids.shipment_locked)
                edit(self, order)
                self.assertEqual(self._exposure(partner), left + 40)
                self.assertFalse(any(order.picking_ids.mapped("shipment_locked")))
                self.assertNotIn("open", order.picking_ids.credit_hold_ids.mapped("state"))
                self.assertEqual(waiting.state, "sale")
                self.assertEqual(waiting.credit_hold_ids.state, "released")
                self.assertTrue(waiting.credit_hold_ids.automatic)

    def test_there_and_back(self):
        """×2 and ÷2 in the end leave what was there: 60 of 100, free to ship."""
        partner = self._customer(100)
        order = self._confirmed(partner, 60)
        line = order.order_line.with_user(self.salesman)
        line.product_uom_qty = 2
        self.assertTrue(all(order.picking_ids.mapped("shipment_locked")))
        line.product_uom_qty = 1
        self.assertEqual(self._exposure(partner), 60)
        self._ship(order)
        self.assertIn("done", order.picking_ids.mapped("state"))

    def test_in_a_batch(self):
        """Two lines of two customers in one write: each customer is judged by his own."""
        fine, over = self._customer(1000), self._customer(100)
        orders = self._confirmed(fine, 60) | self._confirmed(over, 60)
        orders.order_line.with_user(self.salesman).write({"product_uom_qty": 2})
        self.assertEqual([self._exposure(fine), self._exposure(over)], [120, 120])
        locked = [any(order.picking_ids.mapped("shipment_locked")) for order in orders]
        self.assertEqual(locked, [False, True])

    def test_payer(self):
        """Another payer or customer of a confirmed order must have the credit, or is refused."""
        partner, poor = self._customer(100), self._customer(50)
        order = self._confirmed(partner, 60)
        for name in ("partner_invoice_id", "partner_id"):
            with self.subTest(name), self.assertRaises(UserError), self.env.cr.savepoint():
                order.with_user(self.salesman).write({name: poor.id, "partner_invoice_id": poor.id})
        self.env.invalidate_all()
        self.assertEqual((self._exposure(partner), self._exposure(poor)), (60, 0))
