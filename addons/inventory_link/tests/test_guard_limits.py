from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import GuardCase


@tagged("post_install", "-at_install")
class TestGuardLimits(GuardCase):
    """What the guard leaves alone, and how it explains itself."""

    # -- what stays -----------------------------------------------------------------------------

    def test_own_replenishment_goes_through(self):
        """A person who replenishes by hand gets a request, and the plan counts it."""
        product = self.make_product("手工补货", lead=1)
        product.route_ids = self.buy
        self.sell(product, 5, 5)
        wizard = self.env["product.replenish"].create(
            {
                "product_id": product.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_uom_id": product.uom_id.id,
                "quantity": 2,
                "warehouse_id": self.warehouse.id,
                "route_id": self.buy.id,
            }
        )
        wizard.launch_replenishment()
        self.assertEqual(self.bought(product), 2)
        self.planner.run(self.warehouse.ids)
        self.assertEqual([line[1] for line in self.plan(product)], [3.0])

    def test_goods_that_never_see_the_warehouse(self):
        """What a vendor ships to the customer, or to a place of nobody's warehouse, is ordered."""
        outside = self.env["stock.location"].create(
            {"name": "外协", "usage": "internal", "company_id": self.company.id}
        )
        customers = self.env.ref("stock.stock_location_customers")
        for place in (customers, outside):
            route = self.env["stock.route"].create(
                {
                    "name": f"Vendor → {place.name}",
                    "product_selectable": True,
                    "sequence": 1,
                    "company_id": self.company.id,
                    "rule_ids": [
                        Command.create(
                            {
                                "name": "Buy",
                                "action": "buy",
                                "location_dest_id": place.id,
                                "picking_type_id": self.warehouse.in_type_id.id,
                                "company_id": self.company.id,
                            }
                        )
                    ],
                }
            )
            product = self.make_product(f"直运 {place.name}", lead=1)
            product.route_ids = route
            if place == customers:
                self.sell(product, 3, 5)
            else:
                move = self.env["stock.move"].create(
                    {
                        "product_id": product.id,
                        "product_uom_qty": 3,
                        "location_id": place.id,
                        "location_dest_id": customers.id,
                        "procure_method": "make_to_order",
                        "company_id": self.company.id,
                    }
                )
                move._action_confirm()
            self.assertEqual(self.bought(product), 3)

    def test_unplanned_products_are_ordered_as_ever(self):
        """The same routes and rules on another product buy what Odoo buys without us."""
        product = self.to_order("规则 MTO", supply_mode="rules")
        self.sell(product, 3, 5)
        self.assertEqual(self.bought(product), 3)
        other = self.make_product("规则点", lead=1, supply_mode="rules")
        point = self.reorder(other)
        self.assertFalse(point.supply_planned)
        self.run_scheduler()
        self.assertEqual((self.bought(product), self.bought(other)), (3, 5))

    def test_consumables_are_not_guarded(self):
        """What isn't tracked isn't planned: its make-to-order route still orders."""
        product = self.to_order("耗材", is_storable=False)
        self.sell(product, 3, 5)
        self.assertEqual(self.bought(product), 3)

    # -- explained ------------------------------------------------------------------------------

    def test_note_on_the_product(self):
        """The product says which of stock's planners order nothing, and only when there is one."""
        product = self.make_product("说明", lead=1).product_tmpl_id
        self.assertFalse(product.supply_guard_note)
        point = self.reorder(product.product_variant_id)
        product.invalidate_recordset(["supply_guard_note"])
        self.assertEqual(
            product.supply_guard_note,
            "Supply planning buys and makes this product. Its reordering rules order nothing.",
        )
        product.route_ids = self.mto | self.buy
        self.assertIn("rules and make-to-order route order nothing", product.supply_guard_note)
        point.active = False
        product.invalidate_recordset(["supply_guard_note"])
        self.assertIn("Its make-to-order route orders nothing", product.supply_guard_note)
        product.supply_mode = "rules"
        self.assertFalse(product.supply_guard_note)
        product.supply_mode = "planned"
        self.company.supply_planning = False
        product.invalidate_recordset(["supply_guard_note"])
        self.assertFalse(product.supply_guard_note)

    def test_note_on_the_rule(self):
        """A new rule says at once that it will order nothing."""
        product = self.make_product("新规则", lead=1)
        form = Form(self.env["stock.warehouse.orderpoint"])
        self.assertFalse(form.supply_planned)
        form.product_id = product
        self.assertTrue(form.supply_planned)
        point = form.save()
        domain = point.action_view_plan_lines()["domain"]
        self.assertEqual(self.env["supply.plan.line"].search(domain).product_id, product.browse())

    def test_pausing_is_not_written_by_hand(self):
        """Which rules were paused is kept by the system."""
        point = self.reorder(self.make_product("暂停", lead=1))
        user = self.make_user("supply_stock_manager", "stock.group_stock_manager")
        with self.assertRaises(AccessError):
            point.with_user(user).write({"supply_paused": True})
