from datetime import datetime

from odoo import Command
from odoo.tests import tagged

from .common import SupplyCase
from .scenario import ScenarioMixin


@tagged("post_install", "-at_install")
class TestPromises(ScenarioMixin, SupplyCase):
    """What a quotation is promised: the earliest day that makes nobody else's goods late."""

    def keep(self):
        """The company keeps promises against orders that are wanted earlier."""
        self.company.supply_keep_promises = True

    def ask(self, product, quantity, due=None):
        (promise,) = self.quote(product, quantity, due).get_promises()
        return promise

    def days(self, order):
        """Promise day of each line."""
        return [self.offset(promise["date"]) for promise in order.get_promises()]

    def reserve(self, order, day):
        """As the salesperson's button does: the plan keeps the goods."""
        for line in order.order_line:
            line.sudo().write(
                {
                    "reserved_quantity": line.product_uom_qty,
                    "reserved_until": datetime(2099, 1, 1),
                    "promise_told_date": self.day(day),
                    "reserved_date": self.day(day),
                }
            )
        self.planner._plan_products(order.order_line.product_id)

    # -- look-ahead -----------------------------------------------------------------------------

    def test_c04(self):
        """C04: stock 10, SO 4 @+30, PO 5 @+10, lead 14; quotes 6/10/11/12 → T/T/+10/+14."""
        product = self.make_product("C04", stock=10, lead=14)
        self.purchase(product, 5, 10)
        self.sell(product, 4, 30)
        for quantity, day in ((6, 0), (10, 0), (11, 10), (12, 14)):
            with self.subTest(quantity=quantity):
                self.assertEqual(self.quoted(product, quantity)[0], day)
        self.assertEqual(self.quoted(product, 12)[1], [(10, 0), (1, 10), (1, 14)])

    def test_confirmed_quote_keeps_both_promises(self):
        """C04 with 10 confirmed: it ships today, the order of +30 lives on the purchase order."""
        product = self.make_product("C04 confirmed", stock=10, lead=14)
        self.purchase(product, 5, 10)
        first = self.sell(product, 4, 30)
        order = self.quote(product, 10)
        order.action_confirm()
        self.assertEqual(self.promise(order), (0, 0))
        self.assertEqual(self.promise(first), (30, 0))
        self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_a_rush_order_takes_nothing_that_was_promised(self):
        """Stock 10 for an order of +5; a customer who wants 10 at once gets the vendor's day, and
        the first order keeps its own."""
        product = self.make_product("Rush", stock=10, lead=14)
        first = self.sell(product, 10, 5)
        rush = self.quote(product, 10)
        self.assertEqual(self.days(rush), [14])
        rush.action_confirm()
        self.assertEqual(self.promise(first), (5, 0))
        self.assertEqual(self.promise(rush), (14, 0))
        self.assertEqual(self.offset(rush.order_line.promised_date), 14)
        self.assertEqual(self.plan(product), [("buy", 10.0, 0, 14)])
        self.assertUnchanged()

    def test_a_rush_order_with_a_date(self):
        """The same with a delivery date of today: who wants goods earlier gets them earlier, unless
        the company keeps promises."""
        product = self.make_product("Rush dated", stock=10, lead=14)
        first = self.sell(product, 10, 5)
        rush = self.sell(product, 10, 0)
        self.assertEqual(self.offset(rush.order_line.promised_date), 14)
        self.assertEqual((self.promise(first), self.promise(rush)), ((14, 9), (0, 0)))
        self.keep()
        self.planner.run(self.warehouse.ids)
        self.assertEqual((self.promise(first), self.promise(rush)), ((5, 0), (14, 14)))
        self.assertEqual(self.plan(product), [("buy", 10.0, 0, 0)])
        self.assertUnchanged()

    def test_what_becomes_free_goes_to_whoever_waits_longest(self):
        """The first order is cancelled: the rush order ships from stock, nothing is bought."""
        self.keep()
        product = self.make_product("Rush freed", stock=10, lead=14)
        first, rush = self.sell(product, 10, 5), self.sell(product, 10, 0)
        first._action_cancel()
        self.assertEqual(self.promise(rush), (0, 0))
        self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_nothing_to_be_had_takes_from_nobody(self):
        """Without a vendor no day can be promised; confirmed all the same, it gets what is left."""
        self.keep()
        product = self.make_product("No vendor", stock=10)
        first = self.sell(product, 10, 5)
        late = self.quote(product, 4)
        self.assertEqual(self.days(late), [None])
        late.action_confirm()
        self.assertTrue(late.order_line.promised_none)
        self.assertEqual(self.promise(first), (5, 0))
        self.assertFalse(late.order_line.promise_date)
        self.assertUnchanged()

    def test_purchase_for_a_later_order_stays_with_it(self):
        """PO 10 @+30 for an order of +30, lead 14: a quote of today is bought anew for +14, and
        stays so when it is confirmed."""
        self.keep()
        product = self.make_product("PO of another", lead=14)
        self.purchase(product, 10, 30)
        first = self.sell(product, 10, 30)
        rush = self.quote(product, 10)
        self.assertEqual(self.days(rush), [14])
        rush.action_confirm()
        self.assertEqual((self.promise(rush)[0], self.promise(first)[0]), (14, 30))
        self.assertEqual(self.tell_messages(product), [])
        self.assertUnchanged()

    def test_raised_line_is_promised_anew(self):
        """2 of a stock of 10 become 12 while 8 are promised to +5: the line gets the vendor's day,
        the other order keeps its own."""
        self.keep()
        product = self.make_product("Raised", stock=10, lead=14)
        order = self.sell(product, 2, 0)
        other = self.sell(product, 8, 5)
        order.order_line.product_uom_qty = 12
        self.assertEqual(self.offset(order.order_line.promised_date), 14)
        self.assertEqual(self.promise(other), (5, 0))
        self.assertEqual(self.promise(order)[0], 14)
        self.assertUnchanged()

    def test_cancelled_and_confirmed_again(self):
        """A cancelled order has no promise; confirmed again it gets one of that day."""
        product = self.make_product("Again", stock=10, lead=14)
        order = self.sell(product, 10, 0)
        order._action_cancel()
        self.assertFalse(order.order_line.promised_date)
        self.sell(product, 10, 3)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.offset(order.order_line.promised_date), 14)
        self.assertUnchanged()

    # -- several lines, lots, vendors -------------------------------------------------------------

    def test_lines_don_t_get_the_same_goods(self):
        """Two lines of 6 and a stock of 10: today, and with the vendor's lead."""
        product = self.make_product("Two lines", stock=10, lead=7)
        order = self.quote(product, 6)
        order.order_line = [Command.create({"product_id": product.id, "product_uom_qty": 6})]
        self.assertEqual(self.days(order), [0, 7])
        self.assertEqual(
            [split["quantity"] for split in order.get_promises()[1]["splits"]], [4.0, 2.0]
        )

    def test_rest_of_a_minimum_serves_the_next_line(self):
        """Minimum 100: 40 and 50 come with one delivery of the fast vendor's minimum."""
        product = self.make_product("Minimum")
        self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=100)
        order = self.quote(product, 40)
        order.order_line = [Command.create({"product_id": product.id, "product_uom_qty": 50})]
        self.assertEqual(self.days(order), [5, 5])

    def test_rest_of_a_proposed_lot_comes_when_ordered_today(self):
        """A proposed lot of 100 for an order of +40 has 60 left; a quote of 50 gets them in 5 days:
        the plan orders sooner."""
        product = self.make_product("Lot", supply_multiple=100)
        self.add_vendor(product, self.vendor_1, 1.0, 5)
        self.sell(product, 40, 40)
        self.assertEqual(self.days(self.quote(product, 50)), [5])

    def test_locked_purchase_is_not_waited_for(self):
        """PO 10 @+60 whose day is fixed, lead 7: bought anew for +7."""
        product = self.make_product("Locked", lead=7)
        self.purchase(product, 10, 60).order_line.supply_locked = True
        self.assertEqual(self.days(self.quote(product, 10)), [7])

    def test_open_purchase_and_what_would_make_it_earlier(self):
        """PO 10 @+60, lead 7: +60 as things stand; +7 when the vendor brings it at once."""
        product = self.make_product("Open", lead=7)
        order = self.purchase(product, 10, 60)
        promise = self.ask(product.with_context(lang="en_US"), 10)
        self.assertEqual(self.offset(promise["date"]), 60)
        self.assertIn(order.name, promise["driver"])
        self.assertEqual([self.offset(entry["date"]) for entry in promise["earlier"]], [0, 7])
        self.assertIn(order.name, promise["earlier"][1]["text"])

    def test_late_days_are_counted_from_the_wish(self):
        """Wanted on +3, possible on +7: 4 days late; wanted on +9: none."""
        product = self.make_product("Wish", lead=7)
        self.assertEqual(self.ask(product, 1, 3)["late_days"], 4)
        self.assertEqual(self.ask(product, 1, 9)["late_days"], 0)

    def test_unit_of_the_line(self):
        """2 dozen with 6 pieces here: half a dozen today, the rest with the vendor."""
        product = self.make_product("Dozen", stock=6, lead=7)
        order = self.quote(product, 2)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        (promise,) = order.get_promises()
        self.assertEqual(
            [(split["quantity"], self.offset(split["date"])) for split in promise["splits"]],
            [(0.5, 0), (1.5, 7)],
        )

    def test_security_days_are_added_once(self):
        """Two days between leaving and the promised day: T and the vendor's day, each two later."""
        self.company.security_lead = 2
        product = self.make_product("Security", stock=5, lead=7)
        self.assertEqual(self.quoted(product, 5)[0], 2)
        order = self.quote(product, 6)
        self.assertEqual(self.days(order), [9])
        order.action_confirm()
        self.assertEqual(self.offset(order.order_line.promised_date), 9)
        self.assertEqual(self.offset(order.order_line.promise_date), 9)

    def test_unsaved_order_has_promises(self):
        """While typing nothing is saved: the same answer for records without an id."""
        product = self.make_product("Typing", stock=4, lead=7)
        order = self.env["sale.order"].new(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [Command.create({"product_id": product.id, "product_uom_qty": 10.0})],
            }
        )
        ((line, promise),) = order._line_promises().items()
        self.assertEqual(line, order.order_line)
        self.assertEqual(self.offset(promise["date"]), 7)

    # -- reservations ---------------------------------------------------------------------------

    def test_reserved_goods_are_promised_to_nobody_else(self):
        """Stock 10, 6 reserved for a quotation: another one gets 4 today, the rest at +14; the
        reserving one all of it today."""
        product = self.make_product("Reserved", stock=10, lead=14)
        mine = self.quote(product, 6)
        self.reserve(mine, 0)
        self.assertEqual(self.quoted(product, 10), (14, [(4, 0), (6, 14)]))
        self.assertEqual(self.days(mine), [0])
        self.assertTrue(mine.get_promises()[0]["reserved"])

    def test_a_confirmed_order_leaves_reserved_goods(self):
        """Another order of 10 is confirmed: it gets 4 of the stock and buys 6; the reservation
        still has its 6, and nothing is bought for it."""
        product = self.make_product("Kept", stock=10, lead=14)
        mine = self.quote(product, 6)
        self.reserve(mine, 0)
        other = self.quote(product, 10)
        other.action_confirm()
        self.assertEqual(self.offset(other.order_line.promise_date), 14)
        self.assertEqual(self.days(mine), [0])
        self.assertEqual([line[:2] for line in self.plan(product)], [("buy", 6.0)])
        mine.action_confirm()
        self.assertEqual(self.promise(mine), (0, 0))
        self.assertUnchanged()

    def test_what_is_ordered_for_a_reservation_is_tentative(self):
        """10 reserved with a stock of 4: a tentative line of 6, which can't be released."""
        product = self.make_product("Tentative", stock=4, lead=14)
        self.reserve(self.quote(product, 10), 14)
        line = self.lines(product)
        self.assertEqual((line.quantity, line.tentative), (6.0, True))
        self.assertUnchanged()

    def test_ended_reservation_is_free_again(self):
        """The reservation ends: the next quotation gets the stock."""
        product = self.make_product("Ended", stock=10, lead=14)
        mine = self.quote(product, 10)
        self.reserve(mine, 0)
        self.assertEqual(self.quoted(product, 10)[0], 14)
        mine.order_line.sudo().reserved_quantity = 0
        self.planner._plan_products(product)
        self.assertEqual(self.quoted(product, 10)[0], 0)

    def test_raised_beyond_what_can_be_had(self):
        """10 promised for today from stock; raised to 11 without a vendor: the promise stays."""
        product = self.make_product("Raised none", stock=10)
        order = self.sell(product, 10, 0)
        order.order_line.product_uom_qty = 11
        line = order.order_line
        self.assertEqual((self.offset(line.promised_date), line.promised_none), (0, False))
        self.assertEqual(self.offset(line.promise_claim_date), 0)

    def test_day_is_the_company_s(self):
        """A user in New York sells for a company in Shanghai: its day counts, planned or not."""
        self.env.user.tz = "America/New_York"
        plain = self.make_product("Plain", supply_mode="rules")
        planned = self.make_product("Planned", stock=5)
        order = self.quote(plain, 1)
        order.order_line = [Command.create({"product_id": planned.id, "product_uom_qty": 1})]
        self.assertEqual(self.days(order), [0, 0])

    def test_rest_of_a_lot_has_its_reason(self):
        """Minimum 100, nothing here, lead 30: the second line gets the rest of the first one's lot,
        and is told the vendor's lead, not the stock."""
        product = self.make_product("Rest").with_context(lang="en_US")
        self.add_vendor(product, self.vendor_1, 1.0, 30, minimum=100)
        order = self.quote(product, 20)
        order.order_line = [Command.create({"product_id": product.id, "product_uom_qty": 30})]
        self.assertEqual(self.days(order), [30, 30])
        drivers = {promise["driver"] for promise in order.get_promises()}
        self.assertEqual(len(drivers), 1)
        self.assertIn("30", drivers.pop())
