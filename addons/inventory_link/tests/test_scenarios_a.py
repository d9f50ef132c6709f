from odoo.tests import tagged

from .scenario import ScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosA(ScenarioCase):
    """Single level: netting, pegs, dates, messages."""

    def test_a01(self):
        """A01: stock 4, lead 7, SO 10 @+20 → buy 6 order +13 due +20; SO←stock 4, SO←buy 6."""
        product = self.make_product("A01", stock=4, lead=7)
        order = self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [("buy", 6.0, 13, 20)])
        self.assertEqual(self.dates(product), [(13, 20, 20, 0)])
        self.assertEqual(
            self.tell_pegs(product), [("SO@+20", "buy@+20", 6.0), ("SO@+20", "stock", 4.0)]
        )
        self.assertEqual(self.promise(order), (20, 0))
        self.assertEqual(self.tell_messages(product), [])
        self.assertEqual(self.lines(product).free_quantity, 0)
        self.assertUnchanged()

    def test_a02a(self):
        """A02a: PO 10 @+60, SO 10 @+10: no line, expedite +60→+10, promise +60 late 50."""
        product = self.make_product("A02a", lead=7)
        self.purchase(product, 10, 60)
        order = self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_messages(product), [("expedite", 10, 10, 60, 10)])
        self.assertEqual(self.tell_pegs(product), [("SO@+10", "PO@+60", 10.0)])
        self.assertEqual(self.promise(order), (60, 50))
        self.assertUnchanged()

    def test_a02b(self):
        """A02b: the same, locked: buy 10 order +3 due +10, message cancel PO 10, promise +10."""
        product = self.make_product("A02b", lead=7)
        self.purchase(product, 10, 60).order_line.supply_locked = True
        order = self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [("buy", 10.0, 3, 10)])
        self.assertEqual(self.tell_messages(product), [("cancel", 10, 0, 60, 60)])
        self.assertEqual(self.tell_pegs(product), [("SO@+10", "buy@+10", 10.0)])
        self.assertEqual(self.promise(order), (10, 0))
        self.assertUnchanged()

    def test_a02_part_of_a_movable_order(self):
        """Two orders and one PO that is late for both: expedited to the earlier, nothing bought."""
        product = self.make_product("A02 part", lead=7)
        self.purchase(product, 10, 60)
        first = self.sell(product, 4, 10)
        second = self.sell(product, 6, 30)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_messages(product), [("expedite", 10, 10, 60, 10)])
        self.assertEqual((self.promise(first), self.promise(second)), ((60, 50), (60, 30)))
        third = self.sell(product, 5, 40)
        self.assertEqual(self.plan(product), [("buy", 5.0, 33, 40)])
        self.assertEqual(self.promise(third), (40, 0))
        self.assertUnchanged()

    def test_a03(self):
        """A03: PO 10 @+5, tolerance 7: SO @+60 postpone to +60; @+12 nothing; @+13 postpone."""
        self.company.supply_dampener_days = 7
        expected = {60: [("postpone", 10, 10, 5, 60)], 12: [], 13: [("postpone", 10, 10, 5, 13)]}
        for due, messages in expected.items():
            with self.subTest(due=due):
                product = self.make_product(f"A03 {due}", lead=1)
                self.purchase(product, 10, 5)
                order = self.sell(product, 10, due)
                self.assertEqual(self.plan(product), [])
                self.assertEqual(self.tell_messages(product), messages)
                self.assertEqual(self.tell_pegs(product), [(f"SO@+{due}", "PO@+5", 10.0)])
                self.assertEqual(self.promise(order)[1], 0)
        self.assertUnchanged()

    def test_a04(self):
        """A04: PO 10 @+10 and SO 10 @+10: same-day supply covers; nothing at all."""
        product = self.make_product("A04", lead=7)
        self.purchase(product, 10, 10)
        order = self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_messages(product), [])
        self.assertEqual(self.tell_pegs(product), [("SO@+10", "PO@+10", 10.0)])
        self.assertEqual(self.promise(order), (10, 0))
        self.assertUnchanged()

    def test_a05(self):
        """A05: safety 5, lead 3, SO 8 @+10. Stock 10 → buy 3 order +7 due +10."""
        product = self.make_product("A05", stock=10, lead=3, supply_safety_stock=5)
        order = self.sell(product, 8, 10)
        self.assertEqual(self.plan(product), [("buy", 3.0, 7, 10)])
        self.assertEqual(self.dates(product), [(7, 10, 10, 0)])
        sold = [peg for peg in self.tell_pegs(product) if peg[0] != "safety"]
        self.assertEqual(sold, [("SO@+10", "buy@+10", 3.0), ("SO@+10", "stock", 5.0)])
        self.assertEqual(self.promise(order), (10, 0))
        self.assertUnchanged()

    def test_a05_stock_below_safety(self):
        """A05 with stock 2: 3 for safety due today (possible +3), and 8 due +10."""
        product = self.make_product("A05 low", stock=2, lead=3, supply_safety_stock=5)
        order = self.sell(product, 8, 10)
        self.assertEqual(self.plan(product), [("buy", 3.0, 0, 0), ("buy", 8.0, 7, 10)])
        self.assertEqual(self.dates(product), [(0, 0, 3, 3), (7, 10, 10, 0)])
        pegs = [peg for peg in self.tell_pegs(product) if peg[1] != "stock"]
        self.assertEqual(pegs, [("SO@+10", "buy@+10", 8.0), ("safety", "buy@+0", 3.0)])
        self.assertEqual(self.promise(order), (10, 0))
        self.assertUnchanged()

    def test_a09(self):
        """A09: MOQ 100, lead 5; 20 @+10, @+12, @+14 → one buy 100 order +5; 20 each, 40 free."""
        product = self.make_product("A09")
        self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=100)
        orders = [self.sell(product, 20, due) for due in (10, 12, 14)]
        self.assertEqual(self.plan(product), [("buy", 100.0, 5, 10)])
        self.assertEqual(
            self.tell_pegs(product),
            [(f"SO@+{due}", "buy@+10", 20.0) for due in (10, 12, 14)],
        )
        self.assertEqual(self.lines(product).free_quantity, 40)
        self.assertEqual([self.promise(order) for order in orders], [(10, 0), (12, 0), (14, 0)])
        self.assertUnchanged()
        bought = self.release_lines(product).purchase_line_id
        self.assertEqual((len(bought), bought.product_qty, bought.price_unit), (1, 100, 1.0))
        self.assertUnchanged()

    def test_a10(self):
        """A10: demand 90 @+10, stock 20, PO 5 @+8 → 65."""
        product = self.make_product("A10", stock=20, lead=1)
        self.purchase(product, 5, 8)
        self.sell(product, 90, 10)
        self.assertEqual(self.plan(product), [("buy", 65.0, 9, 10)])
        self.assertEqual(
            self.tell_pegs(product),
            [
                ("SO@+10", "PO@+8", 5.0),
                ("SO@+10", "buy@+10", 65.0),
                ("SO@+10", "stock", 20.0),
            ],
        )
        self.assertEqual(self.tell_messages(product), [])
        self.assertUnchanged()

    def test_a11(self):
        """A11: stock 3, SO 10 @+20 → only the missing 7."""
        product = self.make_product("A11", stock=3, lead=1)
        self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [("buy", 7.0, 19, 20)])
        self.assertEqual(
            self.tell_pegs(product), [("SO@+20", "buy@+20", 7.0), ("SO@+20", "stock", 3.0)]
        )

    def test_a13(self):
        """A13: MOQ 1,234; 250+500 → one 1,234, 484 free; 250+1,000 → one 1,250; shares kept."""
        for second, quantity, free in ((500, 1234, 484), (1000, 1250, 0)):
            with self.subTest(second=second):
                product = self.make_product(f"A13 {second}", supply_bucket_days=7)
                self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=1234)
                self.sell(product, 250, 10)
                self.sell(product, second, 12)
                self.assertEqual(self.plan(product), [("buy", float(quantity), 5, 10)])
                self.assertEqual(
                    self.tell_pegs(product),
                    [
                        ("SO@+10", "buy@+10", 250.0),
                        ("SO@+12", "buy@+10", float(second)),
                    ],
                )
                self.assertEqual(self.lines(product).free_quantity, free)
        self.assertUnchanged()

    def test_a14(self):
        """A14: SO 2 dozen; boxes of 12, minimum 3 boxes → 3 boxes = 36; peg 24; 12 free."""
        unit = self.env.ref("uom.product_uom_unit")
        box = self.env["uom.uom"].create(
            {"name": "Box of 12", "relative_factor": 12, "relative_uom_id": unit.id}
        )
        product = self.make_product("A14")
        self.add_vendor(product, self.vendor_1, 24.0, 5, minimum=3, product_uom_id=box.id)
        order = self.quote(product, 2, 10)
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        line = self.lines(product)
        self.assertEqual(self.plan(product), [("buy", 36.0, 5, 10)])
        self.assertEqual(self.tell_pegs(product), [("SO@+10", "buy@+10", 24.0)])
        self.assertEqual((line.free_quantity, line.price_unit), (12.0, 2.0))
        bought = self.release_lines(product).purchase_line_id
        self.assertEqual(
            (bought.product_qty, bought.product_uom_id, bought.price_unit), (3, box, 24.0)
        )
        self.assertEqual(bought.product_uom_qty, 36)
        self.assertEqual(self.tell_pegs(product), [("SO@+10", "PO@+10", 24.0)])
        self.assertUnchanged()

    def test_a16(self):
        """A16: a need of 0.0000001 with rounding 0.01 → nothing, no line of 0.00."""
        product = self.make_product("A16", lead=1)
        order = self.sell(product, 1, 10)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET product_uom_qty = 0.0000001, product_qty = 0.0000001"
            " WHERE id = ANY(%s)",
            [order.picking_ids.move_ids.ids],
        )
        self.env.invalidate_all()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_pegs(product), [])
        self.assertUnchanged()

    def test_a16_no_drift(self):
        """Stock 0.1 and 0.2 for an order of 0.3; ten orders of 0.1 for a stock of 1.0: nothing."""
        kilo = self.env.ref("uom.product_uom_kgm")
        product = self.make_product("A16 0.3", lead=1, uom_id=kilo.id)
        self.put_in_stock(product, 0.1)
        self.put_in_stock(product, 0.2)
        self.sell(product, 0.3, 10)
        self.assertEqual(self.plan(product), [])
        ten = self.make_product("A16 ten", stock=1, lead=1, uom_id=kilo.id)
        self.confirm_all([self.quote(ten, 0.1, 10 + number) for number in range(10)])
        self.assertEqual(self.plan(ten), [])
        self.sell(ten, 0.01, 30)
        self.assertEqual(self.plan(ten), [("buy", 0.01, 29, 30)])
        self.assertUnchanged()
