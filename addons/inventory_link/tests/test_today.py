from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestToday(SupplyCase):
    """The day of a warehouse: what comes, what goes, what waits for an answer."""

    def setUp(self):
        super().setUp()
        self.user = self.make_user("supply_today", "stock.group_stock_user")

    def today_of(self, period="today", user=None, warehouse=None):
        model = self.env["stock.warehouse"].with_user(user or self.user)
        model = model.with_context(allowed_company_ids=self.company.ids)
        data = model.get_today(period, (warehouse or self.warehouse).id)
        return {section["key"]: section for section in data["sections"]}

    def names(self, section):
        return [card["name"] for card in section["cards"]]

    def test_shipment(self):
        """An order for today: customer, what is there and what is missing, the promise."""
        product = self.make_product("Shipped", stock=4, lead=3)
        order = self.sell(product, 10, 0)
        order.picking_ids.action_assign()
        (card,) = self.today_of()["shipments"]["cards"]
        self.assertEqual(
            (card["partner"], card["purposes"]), (self.customer.display_name, [order.name])
        )
        self.assertEqual(
            [(part["name"], part["quantity"], part["missing"]) for part in card["products"]],
            [("Shipped", "10 Units", "6 Units")],
        )
        self.assertEqual((card["state"], card["overdue"]), ("partial", 0))
        self.assertTrue(card["promise"])
        self.assertFalse(card["lock"])
        self.put_in_stock(product, 6)
        order.picking_ids.action_assign()
        (card,) = self.today_of()["shipments"]["cards"]
        self.assertEqual((card["state"], card["missing"]), ("ready", 0))

    def test_promised_day(self):
        """Promised for today and by the plan possible in 4 days: today is told, late. The plan in
        time: not late. Without a promise the plan's day is told."""
        product = self.make_product("Promised", stock=10)
        order = self.sell(product, 10, 0)
        (card,) = self.today_of()["shipments"]["cards"]
        self.assertFalse(card["promise_late"])
        line = order.order_line.sudo()
        for promised, possible, told, late in (
            (0, 4, 0, True),
            (3, 3, 3, False),
            (3, 1, 3, False),
            (None, 4, 4, False),
            (-1, -1, -1, True),
        ):
            line.write(
                {
                    "promised_date": promised is not None and self.day(promised),
                    "promise_date": self.day(possible),
                }
            )
            (card,) = self.today_of()["shipments"]["cards"]
            day = self.warehouse._today_text(self.day(told))
            self.assertEqual((card["promise"], card["promise_late"]), (day, late), promised)

    def test_yesterday_is_what_was_done(self):
        """Planned for tomorrow and done yesterday: yesterday's. Planned for yesterday and done
        today: today's work, not yesterday's. Planned for yesterday and still open: left over."""
        product = self.make_product("Done", stock=10)
        early, late, left = (self.sell(product, 1, 1) for _each in range(3))
        for order, planned, done in ((early, 1, -1), (late, -1, 0), (left, -1, None)):
            picking = order.picking_ids
            picking.scheduled_date = self.noon(planned)
            if done is not None:
                picking.move_ids.quantity = 1
                picking.move_ids.picked = True
                picking.button_validate()
                picking.date_done = self.noon(done)
                picking.scheduled_date = self.noon(planned)
            order.order_line.sudo().promised_date = self.day(-1)
        section = self.today_of("yesterday")["shipments"]
        self.assertEqual(
            {
                card["name"]: (card["day"], card["overdue"], card["promise_late"])
                for card in section["cards"]
            },
            {
                early.picking_ids.name: (self.warehouse._today_text(self.day(-1)), 0, False),
                left.picking_ids.name: (self.warehouse._today_text(self.day(-1)), 1, True),
            },
        )
        self.assertEqual((section["count"], section["overdue"]), (2, 1))

    def test_days_are_those_of_the_company(self):
        """Overdue stands under today, tomorrow under tomorrow, +5 in the 7 days, +9 nowhere; the
        first and the last minute of the day in Shanghai are today."""
        product = self.make_product("Days", stock=100)
        orders = {day: self.sell(product, 1, day) for day in (-3, 0, 1, 5, 9)}
        first, last = self.sell(product, 1, 0), self.sell(product, 1, 0)
        midnight = self.env["stock.warehouse"].browse(self.warehouse.id)._today_moment(self.today)
        first.picking_ids.scheduled_date = midnight
        last.picking_ids.scheduled_date = midnight.replace(hour=15, minute=59) + (
            self.day(1) - self.today
        )
        orders[-3].picking_ids.scheduled_date = self.noon(-3)
        expected = {
            "today": {orders[-3], orders[0], first, last},
            "tomorrow": {orders[1]},
            "week": {orders[-3], orders[0], orders[1], orders[5], first, last},
            "yesterday": set(),
        }
        for period, wanted in expected.items():
            with self.subTest(period):
                self.assertEqual(
                    set(self.names(self.today_of(period)["shipments"])),
                    {order.picking_ids.name for order in wanted},
                )
        cards = {card["name"]: card for card in self.today_of()["shipments"]["cards"]}
        self.assertEqual(cards[orders[-3].picking_ids.name]["overdue"], 3)
        self.assertEqual(self.today_of()["shipments"]["overdue"], 1)

    def test_receipt_tells_who_waits(self):
        """A purchase for today that an order needs names the order and its customer."""
        product = self.make_product("Received", lead=3)
        self.purchase(product, 10, 0)
        order = self.sell(product, 10, 5)
        (card,) = self.today_of()["receipts"]["cards"]
        self.assertEqual(card["purposes"], [f"{order.name} for {self.customer.display_name}"])
        self.assertEqual(card["partner"], self.vendor_1.display_name)
        self.assertEqual(card["products"][0]["quantity"], "10 Units")

    def test_lines_wait_for_an_answer(self):
        """A line to be ordered today waits, one of next month doesn't; approved it is gone."""
        soon, later = self.make_product("Soon", lead=5), self.make_product("Later", lead=5)
        self.sell(soon, 3, 5)
        self.sell(later, 3, 40)
        section = self.today_of()["answers"]
        self.assertEqual(self.names(section), ["Soon"])
        (card,) = section["cards"]
        self.assertEqual((card["type"], card["quantity"]), ("line", "3 Units"))
        line = self.env["supply.plan.line"].with_user(self.user).browse(card["id"])
        line.action_approve()
        self.assertEqual(self.today_of()["answers"]["cards"], [])

    def test_lock_is_told(self):
        """Whoever locks says why, what frees it and who may; the counter counts it."""
        product = self.make_product("Locked", stock=5)
        order = self.sell(product, 5, 0)
        lock = {"reason": "r", "help": "h", "who": "w"}
        with patch.object(
            type(self.env["suite.outlook"]),
            "_shipment_locks",
            lambda _self, deliveries: dict.fromkeys(deliveries.ids, lock),
        ):
            section = self.today_of()["shipments"]
        self.assertEqual((section["locked"], section["cards"][0]["lock"]), (1, lock))
        self.assertEqual(self.names(section), [order.picking_ids.name])

    def test_rights(self):
        """Salespeople and buyers don't see it; nobody sees another company's warehouse; a
        warehouse user approves and changes nothing else."""
        for login, group in (
            ("supply_today_sale", "sales_team.group_sale_salesman"),
            ("supply_today_buy", "purchase.group_purchase_user"),
        ):
            with self.assertRaises(AccessError):
                self.today_of(user=self.make_user(login, group))
        company = self.env["res.company"].create({"name": "别家"})
        theirs = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        with self.assertRaises(AccessError):
            self.today_of(warehouse=theirs)
        with self.assertRaises(UserError):
            self.today_of("someday")
        product = self.make_product("Price", lead=5)
        self.sell(product, 3, 5)
        line = self.lines(product).with_user(self.user)
        for values in ({"price_unit": 1}, {"quantity": 9}, {"vendor_id": self.vendor_2.id}):
            with self.assertRaises(AccessError):
                line.write(values)

    def test_queries_dont_grow(self):
        """50 deliveries and 50 receipts take as many queries as 5."""
        product = self.make_product("Many", stock=1000, lead=3)
        other = self.make_product("Bought", lead=3)

        def add(count):
            for _number in range(count):
                self.sell(product, 1, 0)
                self.purchase(other, 1, 0)
            self.sell(other, count, 5)

        def queries():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.today_of()
            return self.env.cr.sql_log_count - before

        add(5)
        queries()
        few = queries()
        add(45)
        section = self.today_of()["shipments"]
        self.assertEqual(section["count"], 50)
        self.assertLessEqual(queries(), few)

    def test_more_cards_than_shown(self):
        """What isn't shown is counted, also what of it is overdue or locked."""
        product = self.make_product("Mass", stock=100)
        orders = [self.sell(product, 1, 0) for _number in range(7)]
        for order in orders[:5]:
            order.picking_ids.scheduled_date -= timedelta(days=2)
        lock = {"reason": "r", "help": "h", "who": "w"}
        with (
            patch("odoo.addons.inventory_link.models.today.stock_warehouse.MOST_CARDS", 3),
            patch.object(
                type(self.env["suite.outlook"]),
                "_shipment_locks",
                lambda _self, deliveries: dict.fromkeys(sorted(deliveries.ids)[2:], lock),
            ),
        ):
            section = self.today_of()["shipments"]
        self.assertEqual((section["count"], len(section["cards"])), (7, 3))
        self.assertEqual((section["overdue"], section["locked"]), (5, 5))
        self.assertEqual([bool(card["lock"]) for card in section["cards"]], [False, False, True])
