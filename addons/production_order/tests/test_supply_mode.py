from odoo import Command
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestSupplyMode(ProductionCase):
    """Products with bills of materials move to supply planning and back."""

    def setUp(self):
        super().setUp()
        self.rm = self.make_product("RM", lead=3)
        self.sa = self.make_product("SA")
        self.fg = self.make_product("FG")
        self.bom(self.sa, 2, (self.rm, 2))
        self.bom(self.fg, 5, (self.sa, 1))

    def move(self, direction, products):
        self.env["supply.mode.wizard"].create(
            {
                "direction": direction,
                "template_ids": [Command.set(products.product_tmpl_id.ids)],
            }
        ).action_move()

    def quantities(self):
        return [sum(line[1] for line in self.plan(p)) for p in (self.fg, self.sa, self.rm)]

    def test_each_level_there_and_back(self):
        """What is below a product given back isn't needed any more; moved again, it is."""
        self.sell(self.fg, 3, 60)
        self.assertEqual(self.quantities(), [3, 3, 6])
        for product, without in (
            (self.fg, [0, 0, 0]),
            (self.sa, [3, 0, 0]),
            (self.rm, [3, 3, 0]),
        ):
            with self.subTest(product=product.name):
                self.move("rules", product)
                self.assertEqual(self.quantities(), without)
                self.assertUnchanged()
                self.move("planned", product)
                self.assertEqual(self.quantities(), [3, 3, 6])
                self.assertUnchanged()

    def test_released_productions_stay(self):
        """A production that the plan made goes on, and its component is planned for it."""
        self.sell(self.fg, 3, 60)
        self.release(self.fg)
        production = self.lines(self.fg, ("released",)).production_id
        self.move("rules", self.fg)
        self.assertEqual((production.state, production.product_qty), ("draft", 3))
        self.assertEqual(self.quantities(), [0, 3, 6])
        self.assertUnchanged()

    def test_component_of_a_kit(self):
        """A kit is skipped, its component moves and is planned for the kits sold."""
        part = self.make_product("零件", lead=4, supply_mode="rules")
        kit = self.make_product("套件", supply_mode="rules")
        self.bom(kit, 0, (part, 2), kind="phantom")
        order = self.sell(kit, 5, 20)
        self.move("planned", kit | part)
        self.assertEqual((kit | part).mapped("supply_mode"), ["rules", "planned"])
        self.assertEqual([line[1] for line in self.plan(part)], [10.0])
        self.assertTrue(order.order_line.promise_date)
        self.assertUnchanged()
        self.move("rules", part)
        self.assertFalse(order.order_line.promise_date)
        self.assertEqual(self.plan(part), [])

    def test_preview_counts_bills_and_productions(self):
        """A bill of materials is a source; a draft production counts as a draft."""
        fg = self.make_product("有 BOM", supply_mode="rules")
        self.bom(fg, 5, (self.rm, 1))
        lost = self.make_product("没有 BOM", supply_mode="rules")
        self.production(fg, 2, 30, confirm=False)
        wizard = self.env["supply.mode.wizard"].create(
            {"template_ids": [Command.set((fg | lost).product_tmpl_id.ids)]}
        )
        moving = wizard._sort_out()["moving"]
        self.assertEqual(wizard._without_source(moving), lost.product_tmpl_id)
        self.assertEqual(wizard._count_drafts(moving), 1)
        self.assertIn("没有 BOM", wizard.preview)
