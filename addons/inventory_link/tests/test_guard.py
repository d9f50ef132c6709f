from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestGuard(SupplyCase):
    """Stock's planners and a planned product: every way by which they could order it too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mto = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto.action_unarchive()
        cls.buy = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.mto_rule = cls.env["stock.rule"].search(
            [("route_id", "=", cls.mto.id), ("warehouse_id", "=", cls.warehouse.id)], limit=1
        )

    def to_order(self, name, **values):
        values.setdefault("lead", 1)
        return self.make_product(name, route_ids=[Command.set((self.mto | self.buy).ids)], **values)

    def reorder(self, product, minimum=5, maximum=5, **values):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "product_min_qty": minimum,
                "product_max_qty": maximum,
                **values,
            }
        )

    def run_scheduler(self):
        for _time in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)

    def bought(self, product):
        """Everything on purchase lines that aren't cancelled."""
        lines = self.env["purchase.order.line"].search(
            [("product_id", "=", product.id), ("order_id.state", "!=", "cancel")]
        )
        return sum(lines.mapped("product_uom_qty"))

    def assertOnlyPlanned(self, product, quantity):
        """Stock ordered nothing, even when its scheduler runs twice; the plan has it all."""
        self.run_scheduler()
        self.assertEqual(self.bought(product), 0)
        self.assertEqual(sum(line[1] for line in self.plan(product)), quantity)
        self.assertUnchanged()

    def delivered(self, order):
        """What leaves to the customer in the end, over all steps."""
        moves = order.picking_ids.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and (move.location_final_id or move.location_dest_id).usage == "customer"
                and move.location_id == self.warehouse.lot_stock_id
            )
        )
        return sum(moves.mapped("product_uom_qty"))

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
