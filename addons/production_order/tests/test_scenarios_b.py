from odoo.exceptions import UserError
from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosB(ProductionScenarioCase):
    """Several levels."""

    def test_b01(self):
        """B01: three levels with stock on each: quantities, days, pegs and promise."""
        rm1 = self.make_product("RM1", stock=7, lead=10)
        rm2 = self.make_product("RM2", lead=5)
        sa = self.make_product("SA", stock=5)
        fg = self.make_product("FG", stock=2)
        self.bom(sa, 4, (rm1, 3))
        self.bom(fg, 3, (sa, 2), (rm2, 1))
        order = self.sell(fg, 10, 30)
        self.assertEqual(self.plan(fg), [("make", 8.0, 27, 30)])
        self.assertEqual(self.plan(sa), [("make", 11.0, 23, 27)])
        self.assertEqual(self.plan(rm2), [("buy", 8.0, 22, 27)])
        self.assertEqual(self.plan(rm1), [("buy", 26.0, 13, 23)])
        self.assertEqual(
            self.tell_pegs(fg), [("SO@+30", "make@+30", 8.0), ("SO@+30", "stock", 2.0)]
        )
        self.assertEqual(
            self.tell_pegs(sa), [("FG@+30", "make@+27", 11.0), ("FG@+30", "stock", 5.0)]
        )
        self.assertEqual(
            self.tell_pegs(rm1), [("SA@+27", "buy@+23", 26.0), ("SA@+27", "stock", 7.0)]
        )
        self.assertEqual(self.tell_pegs(rm2), [("FG@+30", "buy@+27", 8.0)])
        self.assertEqual(self.dates(fg), [(27, 30, 30, 0)])
        self.assertEqual(self.dates(rm1), [(13, 23, 23, 0)])
        self.assertEqual(self.promise(order), (30, 0))
        self.assertUnchanged()

    def shared_component(self, name, **values):
        """``(x, b, a)`` of B02 with SO A 6 @+20."""
        x = self.make_product(f"X{name}", stock=10, lead=5, **values)
        b, a = self.make_product(f"B{name}"), self.make_product(f"A{name}")
        self.bom(b, 3, (x, 2))
        self.bom(a, 2, (x, 1), (b, 1))
        self.sell(a, 6, 20)
        return x, b, a

    def test_b02(self):
        """B02: X on two levels: need 18, stock once and by the earlier need: 2 @+15, 6 @+18."""
        x, b, a = self.shared_component("")
        self.assertEqual(self.plan(a), [("make", 6.0, 18, 20)])
        self.assertEqual(self.plan(b), [("make", 6.0, 15, 18)])
        self.assertEqual(self.plan(x), [("buy", 2.0, 10, 15), ("buy", 6.0, 13, 18)])
        self.assertEqual(
            self.tell_pegs(x),
            [("A@+20", "buy@+18", 6.0), ("B@+18", "buy@+15", 2.0), ("B@+18", "stock", 10.0)],
        )
        self.assertUnchanged()

    def test_b02_bucket(self):
        """B02 with a 7-day bucket: one buy 8 due +15 order +10."""
        x, _b, _a = self.shared_component(" bucket", supply_bucket_days=7)
        self.assertEqual(self.plan(x), [("buy", 8.0, 10, 15)])
        self.assertEqual(
            self.tell_pegs(x),
            [
                ("A bucket@+20", "buy@+15", 6.0),
                ("B bucket@+18", "buy@+15", 2.0),
                ("B bucket@+18", "stock", 10.0),
            ],
        )
        self.assertUnchanged()

    def test_b03(self):
        """B03: S in lots of 50 for two orders, with a bucket and without: 20 free; R buy 175."""
        for bucket in (0, 7):
            with self.subTest(bucket=bucket):
                r = self.make_product(f"R{bucket}", stock=30, lead=6, supply_multiple=25)
                s = self.make_product(f"S{bucket}", supply_multiple=50, supply_bucket_days=bucket)
                f1, f2 = self.make_product(f"F1{bucket}"), self.make_product(f"F2{bucket}")
                self.bom(s, 3, (r, 4))
                self.bom(f1, 2, (s, 1))
                self.bom(f2, 4, (s, 2))
                self.sell(f1, 10, 20)
                self.sell(f2, 10, 24)
                self.assertEqual(self.plan(s), [("make", 50.0, 15, 18)])
                self.assertEqual(
                    self.tell_pegs(s),
                    [
                        (f"F1{bucket}@+20", "make@+18", 10.0),
                        (f"F2{bucket}@+24", "make@+18", 20.0),
                    ],
                )
                self.assertEqual(self.lines(s).free_quantity, 20)
                self.assertEqual(self.plan(r), [("buy", 175.0, 9, 15)])
                self.assertEqual(
                    self.tell_pegs(r),
                    [(f"S{bucket}@+18", "buy@+15", 170.0), (f"S{bucket}@+18", "stock", 30.0)],
                )
                self.assertEqual(self.lines(r).free_quantity, 5)
        self.assertUnchanged()

    def test_b04(self):
        """B04: kit of 2 C, SO 5, stock 3: buy 7; pegs from the order's kit line to C."""
        c = self.make_product("C", stock=3, lead=4)
        kit = self.make_product("K")
        self.bom(kit, 0, (c, 2), kind="phantom")
        order = self.sell(kit, 5, 20)
        self.assertEqual(self.plan(c), [("buy", 7.0, 16, 20)])
        self.assertEqual(self.plan(kit), [])
        self.assertEqual(self.tell_pegs(c), [("SO@+20", "buy@+20", 7.0), ("SO@+20", "stock", 3.0)])
        self.assertEqual(order.order_line.supply_peg_ids.sale_line_id.product_id, kit)
        self.assertEqual(self.lines(c).sale_line_ids, order.order_line)
        self.assertEqual(self.promise(order), (20, 0))
        self.assertUnchanged()

    def test_b04_kit_and_part_together(self):
        """A kit and its part in two orders: the stock goes to the earlier, once."""
        c = self.make_product("C both", stock=3, lead=4)
        kit = self.make_product("K both")
        self.bom(kit, 0, (c, 2), kind="phantom")
        self.sell(kit, 5, 20)
        self.sell(c, 2, 18)
        self.assertEqual(self.plan(c), [("buy", 9.0, 16, 20)])
        self.assertEqual(
            self.tell_pegs(c),
            [("SO@+18", "stock", 2.0), ("SO@+20", "buy@+20", 9.0), ("SO@+20", "stock", 1.0)],
        )
        self.assertUnchanged()

    def test_b05(self):
        """B05: A = 1 B, B = 1 A: both are named; nothing is made of them; others are planned."""
        a, b = self.make_product("Loop A"), self.make_product("Loop B")
        self.bom(a, 1, (b, 1))
        bill = self.bom(b, 1, (self.make_product("Loop other"), 1))
        # the form refuses a loop; imported data can still bring one in
        self.env.cr.execute(
            "UPDATE mrp_bom_line SET product_id = %s WHERE bom_id = %s", (a.id, bill.id)
        )
        self.env.invalidate_all()
        part = self.make_product("Loop part", lead=2)
        fine = self.make_product("Loop fine")
        self.bom(fine, 1, (part, 2))
        with self.assertLogs("odoo.addons", "WARNING") as logs:
            order = self.sell(a, 5, 10)
            self.sell(fine, 5, 10)
            self.planner.run(self.warehouse.ids)
        self.assertTrue(any("Loop A" in text and "Loop B" in text for text in logs.output))
        self.assertEqual(self.plan(fine), [("make", 5.0, 9, 10)])
        self.assertEqual(self.plan(part), [("buy", 10.0, 7, 9)])
        self.assertEqual(self.plan(b), [])
        self.assertFalse(order.order_line.promise_date)
        for line in self.lines(a):
            self.assertTrue(line.driver)
            line.action_approve()
            with self.assertRaises(UserError):
                line.action_release()
        self.assertFalse(self.made(a) | self.made(b))
        self.assertFalse(self.bought(a) | self.bought(b))

    def test_b08(self):
        """B08: two bills, 4 and 6 days, the first is chosen: start +16."""
        part = self.make_product("B08 part", lead=1)
        fg = self.make_product("B08")
        first = self.bom(fg, 4, (part, 1), sequence=1)
        self.bom(fg, 6, (part, 1), sequence=2)
        self.sell(fg, 5, 20)
        self.assertEqual(self.plan(fg), [("make", 5.0, 16, 20)])
        self.assertEqual(self.lines(fg).bom_id, first)
        self.assertEqual(self.plan(part), [("buy", 5.0, 15, 16)])

    def test_b10(self):
        """B10: MO 10, 4 made, 8 RM consumed, RM stock 5: 12 still needed → buy 7."""
        rm = self.make_product("RM b10", stock=8, lead=3)
        fg = self.make_product("FG b10")
        self.bom(fg, 5, (rm, 2))
        made = self.production(fg, 10, 40)
        made.qty_producing = 4
        made.move_raw_ids.write({"quantity": 8, "picked": True})
        made.with_context(skip_backorder=True, mo_ids_to_backorder=made.ids).button_mark_done()
        self.put_in_stock(rm, 5)
        self.sell(fg, 10, 40)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(fg), [])
        rest = self.made(fg)
        self.assertEqual(rest.product_qty, 6)
        self.assertEqual([line[:2] for line in self.plan(rm)], [("buy", 7.0)])
        day = self._day(self.lines(rm).due_date)
        self.assertEqual(
            self.tell_pegs(rm),
            [("MO FG b10", f"buy@{day}", 7.0), ("MO FG b10", "stock", 5.0)],
        )
        sold = [(need, quantity) for need, _supply, quantity in self.tell_pegs(fg)]
        self.assertEqual(sum(quantity for _need, quantity in sold), 10)
        self.assertUnchanged()
