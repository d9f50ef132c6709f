from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestLevels(ProductionCase):
    def test_b01_three_levels(self):
        """B01: two levels of making, stock on each, exact quantities, days and pegs."""
        rm1 = self.make_product("B01 RM1", stock=7, lead=10)
        rm2 = self.make_product("B01 RM2", lead=5)
        sa = self.make_product("B01 SA", stock=5)
        fg = self.make_product("B01 FG", stock=2)
        self.bom(sa, 4, (rm1, 3))
        self.bom(fg, 3, (sa, 2), (rm2, 1))
        order = self.sell(fg, 10, 30)
        self.assertEqual(self.plan(fg), [("make", 8.0, 27, 30)])
        self.assertEqual(self.plan(sa), [("make", 11.0, 23, 27)])
        self.assertEqual(self.plan(rm2), [("buy", 8.0, 22, 27)])
        self.assertEqual(self.plan(rm1), [("buy", 26.0, 13, 23)])
        self.assertEqual(self.pegs(fg), [("plan", 8.0), ("stock", 2.0)])
        self.assertEqual(self.pegs(sa), [("plan", 11.0), ("stock", 5.0)])
        self.assertEqual(self.pegs(rm1), [("plan", 26.0), ("stock", 7.0)])
        self.assertEqual(self.offset(order.order_line.promise_date), 30)
        self.assertEqual(order.plan_line_count, 4)
        for product in (fg, sa, rm1, rm2):
            self.assertEqual(self.lines(product).sale_order_ids, order)
        self.assertUnchanged()

    def test_b02_shared_component_stock_used_once(self):
        """B02: X is used on two levels; its stock goes to the earlier need, once."""
        x = self.make_product("B02 X", stock=10, lead=5)
        b = self.make_product("B02 B")
        a = self.make_product("B02 A")
        self.bom(b, 3, (x, 2))
        self.bom(a, 2, (x, 1), (b, 1))
        self.sell(a, 6, 20)
        self.assertEqual(self.plan(b), [("make", 6.0, 15, 18)])
        self.assertEqual(self.plan(x), [("buy", 2.0, 10, 15), ("buy", 6.0, 13, 18)])
        x.supply_bucket_days = 7
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(x), [("buy", 8.0, 10, 15)])

    def test_b03_minimum_on_a_middle_level(self):
        """B03: S in lots of 50 for two orders; 20 free; R for the whole lot less stock → 175."""
        r = self.make_product("B03 R", stock=30, lead=6, supply_multiple=25)
        s = self.make_product("B03 S", supply_multiple=50, supply_bucket_days=7)
        f1, f2 = self.make_product("B03 F1"), self.make_product("B03 F2")
        self.bom(s, 3, (r, 4))
        self.bom(f1, 2, (s, 1))
        self.bom(f2, 4, (s, 2))
        self.sell(f1, 10, 20)
        self.sell(f2, 10, 24)
        self.assertEqual(self.plan(s), [("make", 50.0, 15, 18)])
        self.assertEqual(self.pegs(s), [("plan", 10.0), ("plan", 20.0)])
        self.assertEqual(self.lines(s).free_quantity, 20)
        self.assertEqual(self.plan(r), [("buy", 175.0, 9, 15)])
        self.assertUnchanged()

    def test_b04_kit_is_flattened_once(self):
        """B04: kit of 2 C, SO 5, stock 3 → buy 7; the peg is the kit line's."""
        c = self.make_product("B04 C", stock=3, lead=4)
        kit = self.make_product("B04 K")
        self.bom(kit, 0, (c, 2), kind="phantom")
        (promise,) = self.quote(kit, 5).get_promises()
        self.assertEqual(self.offset(promise["date"]), 4)
        order = self.sell(kit, 5, 20)
        self.assertEqual(self.plan(c), [("buy", 7.0, 16, 20)])
        self.assertEqual(self.plan(kit), [])
        self.assertEqual(self.pegs(c), [("plan", 7.0), ("stock", 3.0)])
        self.assertEqual(order.order_line.supply_peg_ids.product_id, c)
        self.assertUnchanged()

    def test_kit_inside_a_bill(self):
        """A kit as a component is its parts, over two levels of kits."""
        c = self.make_product("Kit C", lead=4)
        inner, outer, fg = (self.make_product(name) for name in ("Kit in", "Kit out", "Kit FG"))
        self.bom(inner, 0, (c, 3), kind="phantom")
        self.bom(outer, 0, (inner, 2), (c, 1), kind="phantom")
        self.bom(fg, 2, (outer, 1))
        self.sell(fg, 5, 20)
        self.assertEqual(self.plan(c), [("buy", 35.0, 14, 18)])
        self.assertEqual(self.plan(outer) + self.plan(inner), [])

    def test_b05_loop_is_named_and_others_are_planned(self):
        """B05: A = 1 B, B = 1 A → both named, their need shown with the reason; others planned."""
        a, b = self.make_product("B05 A"), self.make_product("B05 B")
        self.bom(a, 1, (b, 1))
        # the form refuses a loop; data can still bring one in
        bill = self.bom(b, 1, (self.make_product("B05 other"), 1))
        self.env.cr.execute(
            "UPDATE mrp_bom_line SET product_id = %s WHERE bom_id = %s", (a.id, bill.id)
        )
        self.env.invalidate_all()
        fine = self.make_product("B05 fine", lead=2)
        self.sell(fine, 5, 10)
        with self.assertLogs("odoo.addons.inventory_link.models.supply_planner") as logs:
            self.sell(a, 5, 10)
            result = self.planner.run(self.warehouse.ids)
        self.assertIn("B05 A, B05 B", logs.output[-1])
        self.assertEqual(result["loops"], ["B05 A", "B05 B"])
        self.assertEqual(self.plan(fine), [("buy", 5.0, 8, 10)])
        self.assertEqual(self.lines(a).driver_data[0], "bom_loop")
        self.assertEqual(self.plan(b), [])

    def test_b08_first_bill_counts(self):
        """B08: two bills, 4 and 6 days, the first is chosen: start +16."""
        part = self.make_product("B08 part", stock=100)
        fg = self.make_product("B08")
        self.bom(fg, 4, (part, 1), sequence=1)
        self.bom(fg, 6, (part, 1), sequence=2)
        self.sell(fg, 5, 20)
        self.assertEqual(self.plan(fg), [("make", 5.0, 16, 20)])

    def test_units_of_bills(self):
        """A bill for a dozen with components in dozens: quantities in each product's own unit."""
        dozen = self.env.ref("uom.product_uom_dozen")
        part = self.make_product("Unit part", lead=1)
        fg = self.make_product("Unit FG")
        bill = self.bom(fg, 1, (part, 1))
        bill.product_uom_id = dozen
        bill.bom_line_ids.product_uom_id = dozen
        bill.bom_line_ids.product_qty = 2
        self.sell(fg, 7, 20)
        self.assertEqual(self.plan(part), [("buy", 14.0, 18, 19)])

    def test_c01_material_makes_the_order_late(self):
        """C01: RM lead 30, FG lead 5, due +20 → RM ordered today, FG +30…+35, late 15, why."""
        rm = self.make_product("C01 RM", lead=30)
        fg = self.make_product("C01 FG")
        self.bom(fg, 5, (rm, 2))
        order = self.sell(fg, 10, 20)
        bought, made = self.lines(rm), self.lines(fg)
        self.assertEqual((bought.quantity, self.offset(bought.order_date)), (20, 0))
        self.assertEqual((self.offset(bought.feasible_date), bought.late_days), (30, 15))
        self.assertEqual(self.offset(made.order_date), 30)
        self.assertEqual((self.offset(made.feasible_date), made.late_days), (35, 15))
        line = order.order_line
        self.assertEqual((self.offset(line.promise_date), line.promise_late_days), (35, 15))
        self.assertEqual(line.promise_data, ["vendor_lead", rm.id, 30, [fg.id]])
        self.assertIn("30", line.promise_reason)
        self.assertUnchanged()

    def test_c02_c05_quotes_over_levels(self):
        """C02 and C05: the earliest day over all levels, from what is left everywhere."""
        rm = self.make_product("C02 RM", stock=6, lead=30)
        fg = self.make_product("C02 FG")
        self.bom(fg, 5, (rm, 2))
        for quantity, day in ((3, 5), (10, 35)):
            (promise,) = self.quote(fg, quantity).get_promises()
            self.assertEqual(self.offset(promise["date"]), day)
        rm1 = self.make_product("C05 RM1", stock=1, lead=8)
        rm2 = self.make_product("C05 RM2", stock=1000)
        sa = self.make_product("C05 SA", stock=4)
        fg = self.make_product("C05 FG", stock=3)
        self.bom(sa, 3, (rm1, 1))
        self.bom(fg, 2, (sa, 1), (rm2, 2))
        for quantity, day in ((3, 0), (7, 2), (8, 5), (9, 13)):
            (promise,) = self.quote(fg, quantity).get_promises()
            self.assertEqual(self.offset(promise["date"]), day)

    def test_g01_g03_g04_stable_lines(self):
        """G01, G03, G04: lots with surplus over three orders; cancel and change keep ids."""
        c = self.make_product("G01 C", stock=5, supply_multiple=5)
        self.add_vendor(c, self.vendor_1, 1.0, 10, minimum=20)
        f = self.make_product("G01 F")
        self.bom(f, 2, (c, 3))
        orders = [self.sell(f, quantity, due) for quantity, due in ((4, 30), (6, 33), (5, 50))]
        self.assertEqual(
            self.plan(f), [("make", 4.0, 28, 30), ("make", 6.0, 31, 33), ("make", 5.0, 48, 50)]
        )
        self.assertEqual(self.plan(c), [("buy", 20.0, 18, 28), ("buy", 20.0, 21, 31)])
        self.assertEqual(
            self.pegs(c),
            [("plan", 5.0), ("plan", 7.0), ("plan", 13.0), ("plan", 15.0), ("stock", 5.0)],
        )
        self.assertUnchanged()
        first, second = self.lines(c)
        kept = self.lines(f).ids
        with self.env.cr.savepoint() as point:
            orders[1].order_line.product_uom_qty = 9
            self.assertEqual(self.lines(f).ids, kept)
            self.assertEqual(
                self.plan(c),
                [("buy", 20.0, 18, 28), ("buy", 20.0, 21, 31), ("buy", 20.0, 38, 48)],
            )
            self.assertEqual(self.lines(c)[:2], first | second)
            self.assertUnchanged()
            point.rollback()
        self.env.invalidate_all()
        orders[1]._action_cancel()
        self.assertEqual(self.lines(f).ids, [kept[0], kept[2]])
        self.assertEqual(self.lines(c), first | second)
        self.assertEqual(self.plan(c), [("buy", 20.0, 18, 28), ("buy", 20.0, 38, 48)])
        self.assertUnchanged()
