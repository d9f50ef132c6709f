from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import GuardCase


@tagged("post_install", "-at_install")
class TestGuard(GuardCase):
    """Stock's planners and a planned product: every way by which they could order it too."""

    # -- reordering rules -----------------------------------------------------------------------

    def test_automatic_rule(self):
        """An automatic rule orders nothing at confirmation and in the scheduler."""
        product = self.make_product("自动", lead=1)
        point = self.reorder(product)
        self.sell(product, 3, 5)
        self.assertOnlyPlanned(product, 3)
        self.assertEqual((point.qty_to_order, point.deadline_date), (0, False))

    def test_manual_rule(self):
        """A manual one shows nothing to order, also when someone had typed a quantity."""
        product = self.make_product("手动", lead=1)
        point = self.reorder(product, trigger="manual", qty_to_order_manual=7)
        self.sell(product, 3, 5)
        self.assertEqual((point.qty_to_order, point.qty_to_order_computed), (0, 0))
        for action in (
            point.action_replenish,
            point.action_replenish_auto,
            lambda: point.action_replenish(force_to_max=True),
        ):
            with self.assertRaises(UserError):
                action()
        self.assertEqual(point.trigger, "manual")
        self.assertOnlyPlanned(product, 3)

    def test_order_button_on_a_mixed_selection(self):
        """Of two rules the free one orders; the person is told which one didn't."""
        planned = self.make_product("计划品", lead=1)
        free = self.make_product("规则品", lead=1, supply_mode="rules")
        points = self.reorder(planned) | self.reorder(free, 4, 6)
        points[1].invalidate_recordset()
        told = points.action_replenish()
        self.assertEqual((self.bought(planned), self.bought(free)), (0, 6))
        self.assertEqual(told["params"]["type"], "warning")
        self.assertIn("计划品", told["params"]["message"])
        self.assertNotIn("规则品", told["params"]["message"])

    def test_shelf_rule_keeps_moving_goods(self):
        """A rule that fills a shelf from the warehouse's stock buys nothing and goes on."""
        product = self.make_product("货架", stock=10, lead=1)
        shelf = self.env["stock.location"].create(
            {"name": "货架 1", "location_id": self.warehouse.lot_stock_id.id}
        )
        route = self.env["stock.route"].create(
            {
                "name": "Shelf",
                "product_selectable": True,
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Stock → Shelf",
                            "action": "pull",
                            "location_src_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": shelf.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                            "procure_method": "make_to_order",
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )
        product.route_ids = route | self.mto | self.buy
        point = self.reorder(product, 4, 4, location_id=shelf.id)
        self.assertFalse(point.supply_planned)
        point.action_replenish()
        move = self.env["stock.move"].search(
            [("product_id", "=", product.id), ("location_dest_id", "=", shelf.id)]
        )
        self.assertEqual((move.product_qty, move.procure_method), (4, "make_to_stock"))
        self.assertOnlyPlanned(product, 0)

    def test_resupply_from_another_warehouse(self):
        """A rule that would fetch it from another warehouse does nothing: the plan orders here."""
        other = self.env["stock.warehouse"].create(
            {"name": "二号仓", "code": "W2", "company_id": self.company.id}
        )
        self.warehouse.resupply_wh_ids = other
        product = self.make_product("调拨", lead=1)
        product.route_ids = self.warehouse.resupply_route_ids
        point = self.reorder(product, route_id=self.warehouse.resupply_route_ids.id)
        self.assertTrue(point.supply_planned)
        self.sell(product, 3, 5)
        self.run_scheduler()
        moves = self.env["stock.move"].search([("product_id", "=", product.id)])
        self.assertEqual(moves.location_dest_id.usage, "customer")
        self.assertEqual([line[1] for line in self.plan(product)], [3.0])

    def test_replenishment_report_proposes_nothing(self):
        """Opening the report makes no manual rule for a planned product, but for others."""
        planned = self.make_product("缺货计划", lead=1)
        free = self.make_product("缺货规则", lead=1, supply_mode="rules")
        self.sell(planned, 3, 1)
        self.sell(free, 3, 1)
        self.env["stock.warehouse.orderpoint"].action_open_orderpoints()
        points = self.env["stock.warehouse.orderpoint"].search(
            [("product_id", "in", (planned | free).ids)]
        )
        self.assertEqual(points.product_id, free)
        self.assertEqual(points.qty_to_order, 3)

    def test_switch_off_and_on(self):
        """Off, Odoo's rules order as ever; on again they order nothing more."""
        product = self.make_product("开关", lead=1)
        point = self.reorder(product)
        self.company.supply_planning = False
        self.assertEqual((point.supply_planned, point.qty_to_order), (False, 5))
        self.run_scheduler()
        self.assertEqual(self.bought(product), 5)
        self.company.supply_planning = True
        self.assertEqual((point.supply_planned, point.qty_to_order), (True, 0))
        self.sell(product, 4, 5)
        self.run_scheduler()
        self.assertEqual(self.bought(product), 5)

    # -- make to order --------------------------------------------------------------------------

    def test_f15_make_to_order_and_rule(self):
        """F15: SO MTO 3 + reordering rule, scheduler twice: total supply stays 3 (Odoo: 6)."""
        product = self.to_order("F15")
        self.reorder(product, 0, 0)
        order = self.sell(product, 3, 5)
        self.assertEqual(order.picking_ids.move_ids.procure_method, "make_to_stock")
        self.assertOnlyPlanned(product, 3)

    def test_take_from_stock_else_order(self):
        """Stock 2, order 5, the rest to order: plan 3; down to 1: nothing, never a negative RFQ."""
        self.mto_rule.procure_method = "mts_else_mto"
        product = self.to_order("MTSO", stock=2)
        order = self.sell(product, 5, 5)
        self.assertOnlyPlanned(product, 3)
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.delivered(order), 1)
        self.assertOnlyPlanned(product, 0)

    def test_several_steps(self):
        """Pick, pack and ship with both kinds of make to order: the plan alone, delivery exact."""
        for steps in ("pick_ship", "pick_pack_ship"):
            for method in ("make_to_order", "mts_else_mto"):
                with self.subTest(steps=steps, method=method):
                    self.warehouse.delivery_steps = steps
                    rule = self.env["stock.rule"].search(
                        [
                            ("route_id", "=", self.mto.id),
                            ("warehouse_id", "=", self.warehouse.id),
                            ("location_src_id", "=", self.warehouse.lot_stock_id.id),
                        ]
                    )
                    rule.procure_method = method
                    product = self.to_order(f"{steps} {method}")
                    self.reorder(product)
                    order = self.sell(product, 5, 5)
                    self.assertOnlyPlanned(product, 5)
                    for quantity in (8, 3, 2):
                        order.order_line.product_uom_qty = quantity
                        self.assertEqual(self.delivered(order), quantity)
                    self.assertOnlyPlanned(product, 2)

    def test_chain_that_orders_outside_stock(self):
        """A buying rule for the output area itself: nothing is bought, and the delivery reserves
        what comes instead of waiting for ever."""
        product = self.make_product("出货区", lead=1)
        output = self.warehouse.wh_output_stock_loc_id
        output.active = True
        route = self.env["stock.route"].create(
            {
                "name": "Output to order",
                "product_selectable": True,
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Output → Customer",
                            "action": "pull",
                            "location_src_id": output.id,
                            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                            "picking_type_id": self.warehouse.out_type_id.id,
                            "procure_method": "make_to_order",
                            "company_id": self.company.id,
                        }
                    ),
                    Command.create(
                        {
                            "name": "Buy to Output",
                            "action": "buy",
                            "location_dest_id": output.id,
                            "picking_type_id": self.warehouse.in_type_id.id,
                            "company_id": self.company.id,
                        }
                    ),
                ],
            }
        )
        product.route_ids = route
        order = self.sell(product, 3, 5)
        self.assertEqual(self.bought(product), 0)
        self.assertEqual(order.picking_ids.move_ids.procure_method, "make_to_stock")

    def test_route_on_the_line(self):
        """A make-to-order route that the salesperson sets on the line orders nothing."""
        product = self.make_product("行路线", lead=1, route_ids=[Command.set(self.buy.ids)])
        self.mto.sale_selectable = True
        order = self.quote(product, 3, 5)
        order.order_line.route_ids = self.mto
        order.action_confirm()
        self.assertOnlyPlanned(product, 3)

    def test_quantities_never_run_away(self):
        """F2: 5→8→3→2, 5→0→6, and confirm → cancel → quotation → confirm on make to order."""
        product = self.to_order("F2 MTO")
        order = self.sell(product, 5, 20)
        for quantity in (8, 3, 2, 0, 6):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(self.delivered(order), quantity)
            self.assertEqual(sum(line[1] for line in self.plan(product)), quantity)
        order._action_cancel()
        self.assertEqual(self.plan(product), [])
        order.action_draft()
        order.commitment_date = self.noon(20)
        order.action_confirm()
        self.assertEqual(self.delivered(order), 6)
        self.assertOnlyPlanned(product, 6)
