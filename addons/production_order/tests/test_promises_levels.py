from odoo import Command
from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestPromisesLevels(ProductionScenarioCase):
    """Promises of what is made: out of what isn't promised of its components."""

    def setUp(self):
        super().setUp()
        self.company.supply_keep_promises = True

    def test_c02(self):
        """C02: FG lead 5 = 2 RM, RM lead 30, 6 here: 3 → +5; 10 → +35, or 3 @+5 and 7 @+35."""
        rm = self.make_product("RM", stock=6, lead=30)
        fg = self.make_product("FG")
        self.bom(fg, 5, (rm, 2))
        self.assertEqual(self.quoted(fg, 3), (5, [(3, 5)]))
        self.assertEqual(self.quoted(fg, 10), (35, [(3, 5), (7, 35)]))

    def test_c02_without_stock(self):
        """C02: nothing of RM here: 10 → +35; what would help is RM: then it takes 5 days."""
        rm = self.make_product("RM", lead=30)
        fg = self.make_product("FG")
        self.bom(fg, 5, (rm, 2))
        (promise,) = self.quote(fg.with_context(lang="en_US"), 10).get_promises()
        self.assertEqual(self.offset(promise["date"]), 35)
        self.assertIn("RM", promise["driver"])
        self.assertEqual([self.offset(entry["date"]) for entry in promise["earlier"]], [5])
        self.assertIn("RM", promise["earlier"][0]["text"])

    def test_components_of_a_promise_are_kept(self):
        """RM 20 here for an order of FG for +20. A customer who wants FG at once gets the vendor's
        days; confirmed, the first order still has its RM and its day."""
        rm = self.make_product("RM", stock=20, lead=30)
        fg = self.make_product("FG")
        self.bom(fg, 5, (rm, 2))
        first = self.sell(fg, 10, 20)
        rush = self.quote(fg, 10)
        self.assertEqual(self.quoted(fg, 10)[0], 35)
        rush.action_confirm()
        self.assertEqual(self.promise(first), (20, 0))
        self.assertEqual(self.promise(rush), (35, 0))
        self.assertEqual(
            self.tell_pegs(rm), [("FG@+20", "stock", 20.0), ("FG@+35", "buy@+30", 20.0)]
        )
        self.assertUnchanged()

    def test_released_productions_keep_the_turn(self):
        """The same with a delivery date of today, and both productions released: no message takes
        RM from the first order."""
        rm = self.make_product("RM", stock=20, lead=30)
        fg = self.make_product("FG")
        self.bom(fg, 5, (rm, 2))
        first, rush = self.sell(fg, 10, 20), self.sell(fg, 10, 0)
        self.assertEqual(self.tell_pegs(rm), [("FG@+0", "buy@+0", 20.0), ("FG@+20", "stock", 20.0)])
        self.release_lines(fg)
        self.assertEqual(self.promise(first), (20, 0))
        self.assertEqual(self.promise(rush), (35, 35))
        self.assertUnchanged()

    def test_another_product_leaves_promised_components(self):
        """RM 20 is promised through F1 for +20; F2, also of RM, is asked for today: +33. A change
        of F2's order alone plans without F1, and its RM stays where it is."""
        rm = self.make_product("RM", stock=20, lead=30)
        f1, f2 = self.make_product("F1"), self.make_product("F2")
        self.bom(f1, 5, (rm, 2))
        self.bom(f2, 3, (rm, 1))
        first = self.sell(f1, 10, 20)
        second = self.sell(f2, 8, 1)
        self.assertEqual((self.promise(first)[0], self.promise(second)[0]), (20, 33))
        second.order_line.product_uom_qty = 9
        self.assertEqual((self.promise(first)[0], self.promise(second)[0]), (20, 33))
        self.assertUnchanged()

    def test_reserved_components_are_kept(self):
        """A quotation of FG is reserved and would be made of the RM that is here: another
        quotation, and a confirmed order, get the vendor's days."""
        rm = self.make_product("RM", stock=20, lead=30)
        fg = self.make_product("FG")
        self.bom(fg, 5, (rm, 2))
        mine = self.quote(fg, 10)
        mine.order_line.sudo().write({"reserved_quantity": 10, "reserved_date": self.day(5)})
        self.planner._plan_products(fg)
        other = self.quote(fg, 10)
        self.assertEqual(self.offset(other.get_promises()[0]["date"]), 35)
        other.action_confirm()
        self.assertEqual(self.promise(other)[0], 35)
        self.assertEqual(self.offset(mine.get_promises()[0]["date"]), 5)
        mine.action_confirm()
        self.assertEqual(self.offset(mine.order_line.promise_date), 5)
        self.assertUnchanged()

    def test_kit_is_promised_with_its_slowest_part(self):
        """A kit of 1 A and 2 B; A 10 here, B 6 here with lead 7: 5 kits are 3 today and 2 at +7."""
        a = self.make_product("A", stock=10)
        b = self.make_product("B", stock=6, lead=7)
        kit = self.env["product.product"].create({"name": "Kit", "is_storable": False})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": a.id, "product_qty": 1}),
                    Command.create({"product_id": b.id, "product_qty": 2}),
                ],
            }
        )
        self.assertEqual(self.quoted(kit, 5), (7, [(3, 0), (2, 7)]))

    def test_whole_lots_are_not_begun_in_part(self):
        """Made in lots of 5 and RM for 7 pieces here: 6 wait for the second lot's material."""
        rm = self.make_product("RM", stock=7, lead=30)
        fg = self.make_product("FG", supply_multiple=5, supply_max_lot=5)
        self.bom(fg, 2, (rm, 1))
        self.assertEqual(self.quoted(fg, 6), (32, [(5, 2), (1, 32)]))

    def test_kits_are_split_in_whole_ones(self):
        """A kit of 2 C with 3 C here and lead 4: of two kits one today, one at +4."""
        c = self.make_product("C", stock=3, lead=4)
        kit = self.env["product.product"].create({"name": "Pair", "is_storable": False})
        self.bom(kit, 0, (c, 2), kind="phantom")
        self.assertEqual(self.quoted(kit, 2), (4, [(1, 0), (1, 4)]))
