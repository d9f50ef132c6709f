from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.inventory_link.engine import insight_vendor
from odoo.addons.inventory_link.tests.common import SupplyCase


@tagged("post_install", "-at_install")
class TestVendorPerformance(SupplyCase):
    """Purchase orders with hand-made receipts: days are offsets from today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["supply.vendor.performance"]
        cls.part = cls.make_product("轴承", lead=5, price=10.0)

    def ordered(self, quantity=10, confirmed=-20, promised=-10, price=10.0, **values):
        """A purchase line confirmed and promised on these days."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor_1.id,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "date_order": self.noon(confirmed),
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "date_planned": self.noon(promised),
                        }
                    )
                ],
                **values,
            }
        )
        order.order_line.price_unit = price
        order.button_confirm()
        order.date_approve = self.noon(confirmed)
        return order.order_line

    def receive(self, line, day, quantity=None, close=False):
        """Receive so much on a day; ``close``: nothing of the rest is to come."""
        picking = line.move_ids.picking_id.filtered(lambda one: one.state not in ("done", "cancel"))
        move = picking.move_ids
        move.quantity = move.product_uom_qty if quantity is None else quantity
        move.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        picking.date_done = move.date = self.noon(day)
        if close:
            (line.move_ids - move).filtered(lambda one: one.state != "done")._action_cancel()
        return picking

    def row(self, line):
        return self.report.browse(line.id)

    def test_on_time(self):
        """Everything on the promised day: on time, no day late, exact quantity and price."""
        line = self.ordered()
        self.receive(line, -10)
        row = self.row(line)
        self.assertEqual(
            (row.state, row.on_time_rate, row.days_late, row.quantity_rate, row.receipts),
            ("on_time", 1.0, 0.0, 1.0, 1),
        )
        self.assertEqual((row.list_rate, row.lead_days, row.lead_listed), (0.0, 0.0, 5))

    def test_late(self):
        """4 days after the promise is late; within a tolerance of 4 days it isn't."""
        line = self.ordered()
        self.receive(line, -6)
        row = self.row(line)
        self.assertEqual((row.state, row.on_time_rate, row.days_late), ("late", 0.0, 4.0))
        self.assertEqual(row.lead_days, 14.0)  # from -20 to -6
        self.company.supply_vendor_tolerance = 4
        row.invalidate_recordset()
        self.assertEqual((row.state, row.on_time_rate), ("on_time", 1.0))

    def test_partial(self):
        """7 on the day, 3 a week late: 70 % on time, 3 x 7 / 10 = 2.1 days late."""
        line = self.ordered()
        self.receive(line, -10, 7)
        self.receive(line, -3)
        row = self.row(line)
        self.assertEqual((row.state, row.receipts, row.on_time_rate), ("late", 2, 0.7))
        self.assertAlmostEqual(row.days_late, 2.1)
        self.assertEqual(row.quantity_rate, 1.0)

    def test_overdue(self):
        """6 came in time, 4 are open and 10 days late: they count as of today."""
        line = self.ordered()
        self.receive(line, -10, 6)
        row = self.row(line)
        self.assertEqual((row.state, row.on_time_rate), ("overdue", 0.6))
        self.assertAlmostEqual(row.days_late, 4.0)  # 4 x 10 / 10
        self.assertFalse(row.quantity_rate)

    def test_waiting(self):
        """What isn't due yet is no line of any rate."""
        line = self.ordered(promised=5)
        row = self.row(line)
        self.assertEqual((row.state, row.lines_due), ("waiting", 0))
        ((rate, lines),) = self.report._read_group(
            [("line_id", "=", line.id)], [], ["on_time_rate:avg", "lines_due:sum"]
        )
        self.assertEqual((rate or 0, lines), (0, 0))

    def test_missing(self):
        """8 of 10 came and the rest was cancelled: 80 % of the quantity."""
        line = self.ordered()
        self.receive(line, -10, 8, close=True)
        row = self.row(line)
        self.assertEqual((row.state, row.on_time_rate, row.quantity_rate), ("late", 0.8, 0.8))

    def test_return(self):
        """2 of 10 sent back count against the quantity, refunded or not."""
        line = self.ordered()
        picking = self.receive(line, -10)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 2
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": 2, "picked": True, "to_refund": False})
        back.button_validate()
        row = self.row(line)
        self.assertEqual((row.returned, row.quantity_rate, row.on_time_rate), (2.0, 0.8, 1.0))

    def test_first_promise(self):
        """Moving the date doesn't make the vendor better, unless the company measures by the
        latest day, or we asked for it ourselves."""
        line = self.ordered()
        self.assertEqual(line.date_promised_first, self.day(-10))
        line.date_planned = self.noon(-6)
        self.receive(line, -6)
        row = self.row(line)
        self.assertEqual((row.date_due, row.days_late), (self.day(-10), 4.0))
        self.company.supply_vendor_basis = "latest"
        row.invalidate_recordset()
        self.assertEqual((row.date_due, row.days_late, row.state), (self.day(-6), 0.0, "on_time"))
        self.assertEqual(row.date_first, self.day(-10))

    def test_own_wish(self):
        """A plan message that postpones is our wish: the promise moves with it."""
        line = self.ordered(confirmed=0, promised=5)
        message = self.env["supply.message"].create(
            {
                "kind": "postpone",
                "product_id": self.part.id,
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "purchase_line_id": line.id,
                "date_now": self.day(5),
                "date_needed": self.day(30),
            }
        )
        message._apply()
        self.assertEqual(line.date_promised_first, self.day(30))

    def test_promise_is_kept_by_the_system(self):
        """A buyer can't write what was promised; a copy has no promise."""
        line = self.ordered()
        buyer = self.make_user("buyer", "purchase.group_purchase_user")
        with self.assertRaises(AccessError):
            line.with_user(buyer).date_promised_first = self.day(0)
        self.assertFalse(line.order_id.copy().order_line.date_promised_first)

    def test_unit(self):
        """A dozen received in pieces is a dozen."""
        line = self.ordered()
        dozen = self.env.ref("uom.product_uom_dozen")
        order = line.order_id.copy({"date_order": self.noon(-20)})
        order.order_line.write({"product_uom_id": dozen.id, "product_qty": 2})
        order.order_line.date_planned = self.noon(-10)
        order.button_confirm()
        self.receive(order.order_line, -10)
        row = self.row(order.order_line)
        self.assertEqual((row.ordered, row.received, row.quantity_rate), (2.0, 2.0, 1.0))

    def test_currency(self):
        """Prices in company currency at the day's rate. 1 company unit = 2 EUX at the order, 4
        at the bill. List 20 EUX, ordered at 22 (+10 %), billed at 24.2 (+10 %): the rate isn't
        the vendor's doing."""
        eux = self.env["res.currency"].create({"name": "EUX", "symbol": "€x", "rounding": 0.01})
        self.env["res.currency.rate"].create(
            [
                {"currency_id": eux.id, "company_id": self.company.id, "name": day, "rate": rate}
                for day, rate in ((self.day(-40), 2), (self.day(-5), 4))
            ]
        )
        self.part.seller_ids.write({"currency_id": eux.id, "price": 20.0})
        line = self.ordered(currency_id=eux.id, price=22.0)
        self.receive(line, -10)
        self.assertEqual(line.supply_price_listed, 20.0)
        bill = self._bill(line, 24.2, eux)
        self.assertEqual(bill.state, "posted")
        row = self.row(line)
        self.assertAlmostEqual(row.list_base, 100.0)  # 10 x 20 / 2
        self.assertAlmostEqual(row.list_difference, 10.0)
        self.assertAlmostEqual(row.list_rate, 0.1)
        self.assertAlmostEqual(row.bill_base, 55.0)  # 10 x 22 / 4
        self.assertAlmostEqual(row.bill_difference, 5.5)
        self.assertAlmostEqual(row.bill_rate, 0.1)

    def _bill(self, line, price, currency):
        account = self.env["account.account"].create(
            {"name": "进货", "code": "INS501", "account_type": "expense"}
        )
        payable = self.env["account.account"].create(
            {"name": "应付", "code": "INS202", "account_type": "liability_payable"}
        )
        self.vendor_1.property_account_payable_id = payable
        journal = self.env["account.journal"].create(
            {
                "name": "Bills",
                "code": "INSB",
                "type": "purchase",
                "company_id": self.company.id,
                "default_account_id": account.id,
            }
        )
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "journal_id": journal.id,
                "partner_id": self.vendor_1.id,
                "currency_id": currency.id,
                "invoice_date": self.day(-2),
                "date": self.day(-2),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.part.id,
                            "quantity": 10,
                            "price_unit": price,
                            "account_id": account.id,
                            "purchase_line_id": line.id,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        return bill

    def test_group(self):
        """Groups tell the true median and ninth of ten, not means of means."""
        for late in (0, 0, 0, 2, 8):
            self.receive(self.ordered(), -10 + late)
        ((vendor, lines, rate, mean, median, p90),) = self.report._read_group(
            [("vendor_id", "=", self.vendor_1.id)],
            ["vendor_id"],
            [
                *("lines_due:sum", "on_time_rate:avg", "days_late:avg"),
                *("days_late_median:avg", "days_late_p90:avg"),
            ],
        )
        self.assertEqual((vendor, lines, mean, median), (self.vendor_1, 5, 2.0, 0.0))
        self.assertAlmostEqual(rate, 0.6)
        self.assertAlmostEqual(p90, 5.6)  # between 2 and 8: 2 + 0.6 x 6
        self.assertAlmostEqual(self.vendor_1.supply_on_time_rate, 0.6)

    def test_lead_time(self):
        """Three late receipts took 12, 14 and 18 days against 5 listed: 18 are proposed, taken
        over by purchasing with a decision; two receipts propose nothing."""
        price = self.part.seller_ids
        for day in (-8, -6):
            self.receive(self.ordered(), day)
        self.assertEqual(price.supply_lead_needed, 0)
        with self.assertRaises(UserError):
            price.action_set_lead_time()
        self.receive(self.ordered(), -2)
        price.invalidate_recordset()
        self.assertEqual(price.supply_lead_needed, 18)
        buyer = self.make_user("buyer", "purchase.group_purchase_user")
        price.with_user(buyer).action_set_lead_time()
        self.assertEqual(price.delay, 18)
        decision = self.env["suite.decision"].search(
            [("kind", "=", "supply.lead"), ("res_id", "=", price.id)]
        )
        self.assertEqual(decision.user_id, buyer)
        self.assertEqual(decision.inputs[0]["value"], 5)

    def test_lead_time_of_all_companies(self):
        """Two receipts here took 12 and 14 days, one of another company of the buyer 18: a price
        row without a company is proposed 18 in either company, this company's own row nothing."""
        other = self.env["res.company"].create({"name": "分公司", "supply_planning": True})
        other.partner_id.tz = "Asia/Shanghai"
        buyer = self.make_user("buyer", "purchase.group_purchase_user")
        buyer.write({"company_ids": [Command.link(other.id)]})
        price = self.part.seller_ids
        price.company_id = False
        own = price.copy({"company_id": self.company.id})
        for day in (-8, -6):
            self.receive(self.ordered(), day)
        self.env.user.company_ids += other
        place = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self.receive(self.ordered(company_id=other.id, picking_type_id=place.in_type_id.id), -2)
        self.env.invalidate_all()
        for company in (self.company, other):
            seen = price.with_user(buyer).with_context(allowed_company_ids=company.ids)
            self.assertEqual(seen.supply_lead_needed, 18)
        self.assertEqual(own.with_user(buyer).supply_lead_needed, 0)
        other.supply_planning = False
        price.invalidate_recordset()
        self.assertEqual(price.with_user(buyer).supply_lead_needed, 0)

    def test_not_planned(self):
        """A company that doesn't plan keeps no promises, and neither forms nor price lists read
        its history."""
        self.receive(self.ordered(), -10)
        self.assertEqual(self.vendor_1.supply_on_time_rate, 1.0)
        self.company.supply_planning = False
        self.env.invalidate_all()
        with patch.object(insight_vendor, "query", side_effect=AssertionError):
            self.assertFalse(self.vendor_1.supply_has_receipts)
            self.assertFalse(self.part.seller_ids.supply_lead_needed)
        line = self.ordered()
        self.assertEqual((line.date_promised_first, line.supply_lead_listed), (False, 0))

    def test_history_of_the_vendor_alone(self):
        """The stat button reads the lines of this vendor in the planning companies, of nobody
        else: the condition is in the first step of the query, not on its result."""
        code = insight_vendor.query(
            fields.Datetime.now(), companies=self.company, vendors=self.vendor_1
        ).code
        first = code[: code.index("), received AS")]
        self.assertIn("AND o.company_id = ANY(", first)
        self.assertIn("AND v.commercial_partner_id = ANY(", first)
        self.receive(self.ordered(), -10)
        rates = self.report._on_time_rates(self.vendor_1 | self.vendor_2)
        self.assertEqual(rates, {self.vendor_1.id: 1.0})

    def test_approved_together(self):
        """Six lines of two days are remembered by two writes."""
        new = [{"product_id": self.part.id, "product_qty": 1 + number} for number in range(6)]
        order = self.ordered().order_id.copy({"order_line": [Command.create(one) for one in new]})
        lines = order.order_line
        for number, line in enumerate(lines):
            line.date_planned = self.noon(5 + number % 2)
        writes = []
        original = type(lines).write

        def write(records, values):
            if "date_promised_first" in values:
                writes.append(len(records))
            return original(records, values)

        with patch.object(type(lines), "write", write):
            order.button_confirm()
        self.assertEqual(writes, [3, 3])
        self.assertEqual(
            [(line.date_promised_first, line.supply_lead_listed) for line in lines],
            [(self.day(5 + number % 2), 5) for number in range(6)],
        )

    def test_ordered_with_time_to_spare(self):
        """Ordered 60 days ahead and received in time: not a lead time of 60 days."""
        line = self.ordered(confirmed=-70, promised=-10)
        self.receive(line, -10)
        self.assertFalse(self.row(line).lead_days)

    def test_rights(self):
        """Prices of vendors are for purchasing and planners: salespeople, warehouse and the other
        company see nothing."""
        line = self.ordered()
        self.receive(line, -10)
        for login, group in (
            ("seller", "sales_team.group_sale_salesman"),
            ("storeman", "stock.group_stock_user"),
        ):
            user = self.make_user(login, group)
            with self.assertRaises(AccessError):
                self.report.with_user(user).search([])
            with self.assertRaises(AccessError):
                self.part.seller_ids.with_user(user).action_set_lead_time()
        other = self.env["res.company"].create({"name": "别的公司"})
        buyer = self.make_user("buyer2", "purchase.group_purchase_user")
        self.assertEqual(self.report.with_user(buyer).search([]).line_id, line)
        buyer.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(
            self.report.with_user(buyer).with_context(allowed_company_ids=other.ids).search([])
        )

    def test_day_of_the_company(self):
        """A receipt at 17:00 UTC is the next day in Shanghai."""
        line = self.ordered()
        picking = self.receive(line, -10)
        evening = fields.Datetime.to_datetime(self.day(-10)) + timedelta(hours=17)
        picking.date_done = evening
        self.assertEqual(self.row(line).date_received, self.day(-9))
