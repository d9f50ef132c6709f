from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestNetChange(ProductionCase):
    """P02: planning only what an order touches gives the plan of a full run."""

    def setUp(self):
        super().setUp()
        self.rm = self.make_product("Net RM", stock=3, lead=6)
        self.sub = self.make_product("Net sub")
        self.fg1 = self.make_product("Net FG1")
        self.fg2 = self.make_product("Net FG2")
        self.bom(self.sub, 2, (self.rm, 3))
        self.bom(self.fg1, 3, (self.rm, 2), (self.sub, 1))
        self.bom(self.fg2, 4, (self.rm, 1), (self.sub, 2))

    def test_production_that_nothing_needs_takes_nothing(self):
        """An open production of another product, needed by nobody, leaves shared parts alone.

        Once its parts were counted in a net change: 20 more RM and 10 more sub than in a full run.
        """
        made = self.production(self.fg1, 10, 30)
        self.assertEqual([m[:2] for m in self.messages(self.fg1)], [("cancel", 0.0)])
        orders = self.quote(self.fg2, 4, 30) | self.quote(self.fg2, 1, 32)
        orders.action_confirm()
        self.assertEqual(self.plan(self.sub), [("make", 8.0, 24, 26), ("make", 2.0, 26, 28)])
        self.assertEqual(
            self.plan(self.rm),
            [("buy", 21.0, 18, 24), ("buy", 10.0, 20, 26), ("buy", 1.0, 22, 28)],
        )
        self.assertEqual(self.pegs(self.rm, production_id=made.id), [])
        self.assertUnchanged()

    def test_production_needed_in_part_takes_its_part(self):
        """4 of 10 are needed: 8 RM and 4 sub, also when only another product is planned."""
        made = self.production(self.fg1, 10, 30)
        self.sell(self.fg1, 4, 30)
        self.assertEqual(self.pegs(self.rm, production_id=made.id), [("plan", 8.0)])
        self.sell(self.fg2, 5, 40)
        self.assertEqual(self.pegs(self.rm, production_id=made.id), [("plan", 8.0)])
        self.assertEqual(self.pegs(self.sub, production_id=made.id), [("plan", 4.0)])
        self.assertUnchanged()

    def test_production_new_to_the_plan_joins(self):
        """A draft that no run has seen is netted with its product, not taken for granted."""
        self.sell(self.fg1, 4, 30)
        made = self.production(self.fg1, 10, 30, confirm=False)
        self.sell(self.fg2, 5, 40)
        self.assertEqual(self.pegs(self.fg1), [("production", 4.0)])
        self.assertEqual(self.pegs(self.rm, production_id=made.id), [("plan", 8.0)])
        self.assertEqual([m[:2] for m in self.messages(self.fg1)], [("decrease", 4.0)])
        self.assertUnchanged()

    def test_product_no_longer_planned_is_left_out(self):
        """Lines of a product that left the plan ask for nothing, in a net change as in a full
        run."""
        self.sell(self.fg1, 4, 30)
        self.fg1.supply_mode = "rules"
        self.sell(self.fg2, 5, 40)
        self.assertEqual(self.plan(self.sub), [("make", 10.0, 34, 36)])
        self.assertUnchanged()
