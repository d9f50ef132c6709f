from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosC(ProductionScenarioCase):
    """Dates: backward from the need, forward from today, working days, quotes."""

    def test_c01(self):
        """C01: RM lead 30, FG lead 5, due +20: RM ordered today, in +30; FG +30…+35, late 15."""
        rm = self.make_product("RM", lead=30)
        fg = self.make_product("FG")
        self.bom(fg, 5, (rm, 2))
        order = self.sell(fg, 10, 20)
        self.assertEqual([line[:2] for line in self.plan(rm)], [("buy", 20.0)])
        self.assertEqual(self.dates(rm), [(0, 15, 30, 15)])
        self.assertEqual([line[:2] for line in self.plan(fg)], [("make", 10.0)])
        self.assertEqual(self.dates(fg), [(30, 20, 35, 15)])
        self.assertEqual(self.promise(order), (35, 15))
        for text in (order.order_line.promise_reason, self.lines(fg).driver, self.lines(rm).driver):
            self.assertIn("RM", text)
            self.assertIn("30", text)
        made = self.release_lines(fg).production_id
        bought = self.release_lines(rm).purchase_line_id
        self.assertEqual(
            (self._day(made.date_start), self._day(made.date_finished)), ("+30", "+35")
        )
        self.assertEqual(self._day(bought.date_planned), "+30")
        self.assertGreaterEqual(bought.order_id.date_order.date(), self.today)
        self.assertEqual(self.promise(order), (35, 15))
        self.assertEqual(self.tell_messages(fg, rm), [])
        self.assertUnchanged()

    def test_c05(self):
        """C05: FG stock 3 lead 2 = SA + 2 RM2; SA stock 4 lead 3 = RM1; RM1 stock 1 lead 8."""
        rm1 = self.make_product("RM1", stock=1, lead=8)
        rm2 = self.make_product("RM2", stock=1000)
        sa = self.make_product("SA", stock=4)
        fg = self.make_product("FG", stock=3)
        self.bom(sa, 3, (rm1, 1))
        self.bom(fg, 2, (sa, 1), (rm2, 2))
        for quantity, day in ((3, 0), (7, 2), (8, 5), (9, 13)):
            with self.subTest(quantity=quantity):
                self.assertEqual(self.quoted(fg, quantity)[0], day)

    # -- working days ---------------------------------------------------------------------------

    def monday(self):
        """A Monday about three months away: ``(day, offset)``."""
        offset = 90 - self.day(90).weekday()
        return self.day(offset), offset

    def workweek(self):
        """Monday to Friday, 8 to 16."""
        return self.env["resource.calendar"].create(
            {
                "name": "Mon–Fri",
                "company_id": self.company.id,
                "tz": "Asia/Shanghai",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create(
                        {
                            "name": f"day {day}",
                            "dayofweek": str(day),
                            "hour_from": 8,
                            "hour_to": 16,
                            "day_period": "morning",
                        }
                    )
                    for day in range(5)
                ],
            }
        )

    def close_vendor(self, first, last):
        self.env["supply.closing"].create(
            {
                "partner_id": self.vendor_1.id,
                "date_from": first,
                "date_to": last,
                "name": "Spring Festival",
            }
        )

    def test_c08(self):
        """C08: lead 5 working days (Mon–Fri), vendor closed Thu…Thu before, due Monday: ordered
        on the Friday 17 days before."""
        monday, offset = self.monday()
        self.vendor_1.supply_calendar_id = self.workweek()
        self.close_vendor(monday - timedelta(days=11), monday - timedelta(days=4))
        product = self.make_product("C08", lead=5)
        self.sell(product, 10, offset)
        self.assertEqual(self.plan(product), [("buy", 10.0, offset - 17, offset)])
        self.assertEqual(self.lines(product).order_date.weekday(), 4)
        self.assertEqual(self.dates(product), [(offset - 17, offset, offset, 0)])
        self.assertUnchanged()

    def test_c08_without_closing(self):
        """Five working days before a Monday are the Monday before; without a calendar five days."""
        _monday, offset = self.monday()
        plain = self.make_product("C08 plain", lead=5)
        self.sell(plain, 10, offset)
        self.assertEqual(self.plan(plain), [("buy", 10.0, offset - 5, offset)])
        self.vendor_1.supply_calendar_id = self.workweek()
        worked = self.make_product("C08 worked", lead=5)
        self.sell(worked, 10, offset)
        self.assertEqual(self.plan(worked), [("buy", 10.0, offset - 7, offset)])
        self.assertUnchanged()

    def test_c08_closing_without_calendar(self):
        """A vendor without calendar works every day but those on which he is closed."""
        monday, offset = self.monday()
        self.close_vendor(monday - timedelta(days=4), monday - timedelta(days=3))
        product = self.make_product("C08 closed", lead=5)
        self.sell(product, 10, offset)
        self.assertEqual(self.plan(product), [("buy", 10.0, offset - 7, offset)])
        self.assertUnchanged()

    def test_c08_other_vendor_is_open(self):
        """A closing makes a vendor late: another one who is open and on time is chosen."""
        self.close_vendor(self.day(1), self.day(20))
        product = self.make_product("C08 other")
        self.add_vendor(product, self.vendor_1, 1.0, 5)
        self.add_vendor(product, self.vendor_2, 2.0, 5)
        self.sell(product, 10, 15)
        line = self.lines(product)
        self.assertEqual((line.vendor_id, line.late_days), (self.vendor_2, 0))
        self.assertEqual(self.plan(product), [("buy", 10.0, 10, 15)])
        self.assertUnchanged()

    def test_c08_forward(self):
        """Closed from tomorrow for 20 days, lead 5, only vendor: possible on day 25, late 10."""
        self.close_vendor(self.day(1), self.day(20))
        product = self.make_product("C08 forward", lead=5)
        order = self.sell(product, 10, 15)
        self.assertEqual(self.dates(product), [(0, 15, 25, 10)])
        self.assertEqual(self.promise(order), (25, 10))
        self.assertUnchanged()

    def test_c08_production_days(self):
        """Five working days of the company before a Monday start on the Monday before."""
        _monday, offset = self.monday()
        self.company.supply_calendar_id = self.workweek()
        part = self.make_product("C08 part", lead=3)
        fg = self.make_product("C08 FG")
        self.bom(fg, 5, (part, 1))
        self.sell(fg, 10, offset)
        self.assertEqual(self.plan(fg), [("make", 10.0, offset - 7, offset)])
        self.assertEqual(self.plan(part), [("buy", 10.0, offset - 10, offset - 7)])
        self.assertUnchanged()
