from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosOD(ProductionScenarioCase):
    """What stock Odoo gets wrong (OD-1…OD-10) is right here."""

    def given(self, stock=0):
        """FG (lead 5) = 2 RM (lead 30)."""
        self.rm = self.make_product("RM", lead=30, stock=stock)
        self.fg = self.make_product("FG")
        self.bom(self.fg, 5, (self.rm, 2))

    def test_od_1(self):
        """OD-1: FG needs RM lead 30, made in 5: the date of a quotation is +35, not today."""
        self.given()
        self.assertEqual(self.quoted(self.fg, 10), (35, [(10.0, 35)]))
        order = self.sell(self.fg, 10, 0)
        self.assertEqual(self.promise(order), (35, 35))

    def use_mto(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.action_unarchive()
        self.fg.route_ids = mto | self.env.ref("mrp.route_warehouse0_manufacture")
        self.rm.route_ids = mto | self.env.ref("purchase_stock.route_warehouse0_buy")

    def test_od_2_planned(self):
        """OD-2: MTO SO 10 @+20, late: no past date; 10→6→12→+60→cancel: 6/12, 12/24, 0."""
        self.given()
        self.use_mto()
        order = self.sell(self.fg, 10, 20)
        self.assertFalse(self.made(self.fg) | self.env["mrp.production"])
        self.assertFalse(self.bought(self.rm))
        self.assertEqual(self.dates(self.rm), [(0, 15, 30, 15)])
        self.assertEqual(self.promise(order), (35, 15))
        for quantity in (6, 12):
            order.order_line.product_uom_qty = quantity
            self.assertEqual([line[1] for line in self.plan(self.fg)], [quantity])
            self.assertEqual([line[1] for line in self.plan(self.rm)], [2 * quantity])
        order.commitment_date = self.noon(60)
        self.assertEqual(self.plan(self.fg), [("make", 12.0, 55, 60)])
        self.assertEqual(self.plan(self.rm), [("buy", 24.0, 25, 55)])
        self.assertEqual(self.promise(order), (60, 0))
        order._action_cancel()
        self.assertEqual(self.plan(self.fg) + self.plan(self.rm), [])
        self.assertUnchanged()

    def test_od_2_drafts(self):
        """OD-2 with the plan's drafts: 6 and 12, then 12 and 24 in all, moved, cancelled."""
        self.given()
        self.use_mto()
        order = self.sell(self.fg, 10, 60)
        self.release_lines(self.fg, self.rm)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.made(self.fg).mapped("product_qty"), [6])
        self.assertEqual(self.bought(self.rm).mapped("product_qty"), [12])
        order.order_line.product_uom_qty = 12
        self.assertEqual((self.supplied(self.fg), self.supplied(self.rm)), (12, 24))
        order.commitment_date = self.noon(100)
        self.assertEqual({self._day(made.date_finished) for made in self.made(self.fg)}, {"+100"})
        self.assertEqual({self._day(line.date_planned) for line in self.bought(self.rm)}, {"+95"})
        order._action_cancel()
        self.assertFalse(self.made(self.fg))
        self.assertFalse(self.bought(self.rm))
        self.assertEqual((self.supplied(self.fg), self.supplied(self.rm)), (0, 0))
        self.assertUnchanged()

    def test_od_2_confirmed(self):
        """OD-2 with confirmed documents: messages, nothing moves or goes by itself."""
        self.given()
        order = self.sell(self.fg, 10, 60)
        self.release_lines(self.fg, self.rm)
        self.made(self.fg).filtered(lambda made: made.state == "draft").action_confirm()
        self.bought(self.rm).order_id.button_confirm()
        self.planner.run(self.warehouse.ids)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.tell_messages(self.fg), [("decrease", 10, 6, 60, 60)])
        self.assertEqual(self.tell_messages(self.rm), [("decrease", 20, 12, 55, 55)])
        order.order_line.product_uom_qty = 12
        self.assertEqual(self.tell_messages(self.fg, self.rm), [])
        self.assertEqual((self.supplied(self.fg), self.supplied(self.rm)), (12, 24))
        order._action_cancel()
        self.assertEqual(self.tell_messages(self.fg), [("cancel", 10, 0, 60, 60)])
        self.assertEqual(self.tell_messages(self.rm), [("cancel", 20, 0, 55, 55)])
        self.assertEqual(self.made(self.fg).state, "confirmed")
        self.assertEqual(self.bought(self.rm).order_id.state, "purchase")
        self.assertUnchanged()

    def test_od_3(self):
        """OD-3: MOQ 100, need 20: 100 at the price of the minimum, or the other vendor."""
        product = self.make_product("OD-3")
        self.add_vendor(product, self.vendor_1, 4.0, 5, minimum=100)
        self.sell(product, 20, 30)
        bought = self.release_lines(product).purchase_line_id
        self.assertEqual((bought.product_qty, bought.price_unit), (100, 4.0))
        other = self.make_product("OD-3 other")
        self.add_vendor(other, self.vendor_1, 4.0, 5, minimum=100)
        self.add_vendor(other, self.vendor_2, 6.0, 5)
        self.sell(other, 20, 30)
        bought = self.release_lines(other).purchase_line_id
        self.assertEqual(
            (bought.partner_id, bought.product_qty, bought.price_unit), (self.vendor_2, 20, 6.0)
        )
        self.assertUnchanged()

    def test_od_4(self):
        """OD-4: V1 9.00 lead 30 first in sequence, V2 5.00 lead 3; due +10 → V2, order +7."""
        product = self.make_product("OD-4")
        self.add_vendor(product, self.vendor_1, 9.0, 30, sequence=1)
        self.add_vendor(product, self.vendor_2, 5.0, 3, sequence=2)
        self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [("buy", 10.0, 7, 10)])
        bought = self.release_lines(product).purchase_line_id
        self.assertEqual((bought.partner_id, bought.price_unit), (self.vendor_2, 5.0))
        self.assertEqual(self._day(bought.date_planned), "+10")
        self.assertGreaterEqual(bought.order_id.date_order.date(), self.today)

    def test_od_5(self):
        """OD-5: demand 10 @+10, PO 10 @+60: expedite, no silence."""
        product = self.make_product("OD-5", lead=7)
        self.purchase(product, 10, 60)
        self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_messages(product), [("expedite", 10, 10, 60, 10)])

    def test_od_6(self):
        """OD-6: due +30, RM lead 3: everything starts backward from +30; less is less."""
        rm = self.make_product("RM 6", lead=3)
        sa, fg = self.make_product("SA 6"), self.make_product("FG 6")
        self.bom(sa, 4, (rm, 1))
        self.bom(fg, 5, (sa, 1))
        order = self.sell(fg, 4, 30)

        def expected(quantity):
            return [
                ("make", quantity, 25, 30),
                ("make", quantity, 21, 25),
                ("buy", quantity, 18, 21),
            ]

        def planned():
            return self.plan(fg) + self.plan(sa) + self.plan(rm)

        self.assertEqual(planned(), expected(4.0))
        order.order_line.product_uom_qty = 2
        self.assertEqual(planned(), expected(2.0))
        order._action_cancel()
        self.assertEqual(planned(), [])
        self.assertUnchanged()

    def test_od_7(self):
        """OD-7: vendor groups all; 3 @+10 and 7 @+40 stay two lines, each with its order."""
        self.vendor_1.group_rfq = "all"
        product = self.make_product("OD-7", lead=7)
        orders = [self.sell(product, 3, 10), self.sell(product, 7, 40)]
        bought = self.release_lines(product).purchase_line_id.sorted("date_planned")
        self.assertEqual(
            [(line.product_qty, self._day(line.date_planned)) for line in bought],
            [(3, "+10"), (7, "+40")],
        )
        for line, order in zip(bought, orders, strict=True):
            self.assertEqual(order.order_line.supply_peg_ids.supply_purchase_line_id, line)

    def test_od_8(self):
        """OD-8: stock 10 for two productions of 10; the one that starts first has it."""
        part = self.make_product("C 8", stock=10)
        fg = self.make_product("FG 8")
        self.bom(fg, 0, (part, 1))
        late = self.production(fg, 10, 5)
        early = self.production(fg, 10, 2)
        self.assertEqual((early.kit_rate, self.offset(early.ready_date)), (1.0, 0))
        self.assertEqual((late.kit_rate, late.ready_date), (0.0, False))

    def test_od_9(self):
        """OD-9: 10 to make, C 7 on hand of 2 each, D 100: 3 can be built."""
        c, d = self.make_product("C 9", stock=7), self.make_product("D 9", stock=100)
        fg = self.make_product("FG 9")
        self.bom(fg, 1, (c, 2), (d, 1))
        production = self.production(fg, 10, 20)
        self.assertEqual(production.buildable_quantity, 3)
        self.assertEqual(production.kit_rate, 0.5)

    def test_od_10(self):
        """OD-10: lots of at most 4 for 10: 4, 4, 2; in whole lots of 4: 4, 4, 4 with 2 free."""
        for multiple, lots, free in ((0, [2.0, 4.0, 4.0], 0), (4, [4.0, 4.0, 4.0], 2)):
            with self.subTest(multiple=multiple):
                part = self.make_product(f"C 10 {multiple}", stock=100)
                fg = self.make_product(
                    f"FG 10 {multiple}", supply_max_lot=4, supply_multiple=multiple
                )
                self.bom(fg, 1, (part, 1))
                self.sell(fg, 10, 20)
                lines = self.lines(fg)
                self.assertEqual(sorted(lines.mapped("quantity")), lots)
                self.assertEqual(sum(lines.mapped("free_quantity")), free)
                self.release_lines(fg)
                self.assertEqual(sorted(self.made(fg).mapped("product_qty")), lots)
        self.assertUnchanged()
