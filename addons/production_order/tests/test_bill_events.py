from odoo import Command
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestBillEvents(ProductionCase):
    """Bills of materials and productions reach the plan by the queue."""

    def setUp(self):
        super().setUp()
        self.old = self.make_product("Old part", lead=4)
        self.new = self.make_product("New part", lead=4)
        self.fg = self.make_product("Bill FG")
        self.bill = self.bom(self.fg, 3, (self.old, 2))
        self.sell(self.fg, 10, 30)
        self.planner._plan_changes()

    def test_another_component(self):
        """The part taken out loses its need, the part put in gets it, in one run."""
        self.assertEqual(self.plan(self.old), [("buy", 20.0, 23, 27)])
        self.bill.bom_line_ids.product_id = self.new
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.old), [])
        self.assertEqual(self.plan(self.new), [("buy", 20.0, 23, 27)])
        self.assertUnchanged()

    def test_another_component_and_an_order_in_one_transaction(self):
        """A plan made meanwhile knows the new bill, and the old part is still put right."""
        self.bill.bom_line_ids.product_id = self.new
        self.sell(self.fg, 1, 40)
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.old), [])
        self.assertEqual(self.plan(self.new), [("buy", 20.0, 23, 27), ("buy", 2.0, 33, 37)])
        self.assertUnchanged()

    def test_kit_inside_a_bill(self):
        """What a kit contains changes: the products that have the kit in are planned anew."""
        kit = self.make_product("Kit", supply_mode="rules")
        kit_bill = self.bom(kit, 0, (self.old, 1), kind="phantom")
        self.bill.bom_line_ids = [
            Command.clear(),
            Command.create({"product_id": kit.id, "product_qty": 3}),
        ]
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.old), [("buy", 30.0, 23, 27)])
        kit_bill.bom_line_ids.product_id = self.new
        self.planner._plan_changes()
        self.assertEqual((self.plan(self.old), len(self.plan(self.new))), ([], 1))
        self.assertUnchanged()

    def test_bill_archived_lead_time_deleted(self):
        """Longer: starts earlier. Archived: bought (no vendor). Deleted: the same."""
        self.bill.produce_delay = 5
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.fg), [("make", 10.0, 25, 30)])
        self.bill.active = False
        self.planner._plan_changes()
        self.assertEqual([line[0] for line in self.plan(self.fg)], ["buy"])
        self.assertEqual(self.plan(self.old), [])
        self.bill.active = True
        self.planner._plan_changes()
        self.assertEqual(len(self.plan(self.old)), 1)
        self.bill.unlink()
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.old), [])
        self.assertUnchanged()

    def test_component_leaves_and_joins_the_plan(self):
        """By Odoo's rules it has no need in the plan; planned again, it has its need again."""
        self.old.supply_mode = "rules"
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.old), [])
        self.assertUnchanged()
        self.old.supply_mode = "planned"
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.old), [("buy", 20.0, 23, 27)])
        self.assertUnchanged()

    def test_production_started_is_seen(self):
        """A production that starts keeps its components: the queue plans it as started."""
        self.put_in_stock(self.old, 20)
        production = self.production(self.fg, 10, 30)
        self.planner._plan_changes()
        self.env["supply.change"]._take()
        production.qty_producing = 4
        self.env.flush_all()
        self.assertEqual(production.state, "progress")
        products, _places, companies = self.env["supply.change"]._read()
        self.assertFalse(companies)
        self.assertLessEqual({self.fg.id, self.old.id}, products)
        self.planner._plan_changes()
        self.assertUnchanged()
