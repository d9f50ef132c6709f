from odoo import Command
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestGuard(ProductionCase):
    """Stock's planners and planned products that are made, consumed, or sold as kits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mto = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto.action_unarchive()
        cls.buy = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.make = cls.env.ref("mrp.route_warehouse0_manufacture")

    def setUp(self):
        super().setUp()
        self.rm = self.make_product("RM", lead=3, route_ids=[self.link(self.mto, self.buy)])
        self.fg = self.make_product("FG", route_ids=[self.link(self.mto, self.make)])
        self.bill = self.bom(self.fg, 5, (self.rm, 2))

    @staticmethod
    def link(*routes):
        return Command.set([route.id for route in routes])

    def reorder(self, product, quantity=5, **values):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
                "product_min_qty": quantity,
                "product_max_qty": quantity,
                **values,
            }
        )

    def made(self, product):
        productions = self.env["mrp.production"].search(
            [("product_id", "=", product.id), ("state", "!=", "cancel")]
        )
        return sum(productions.mapped("product_qty"))

    def bought(self, product):
        lines = self.env["purchase.order.line"].search(
            [("product_id", "=", product.id), ("order_id.state", "!=", "cancel")]
        )
        return sum(lines.mapped("product_uom_qty"))

    def delivered(self, order, product):
        moves = order.picking_ids.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.product_id == product
                and (move.location_final_id or move.location_dest_id).usage == "customer"
            )
        )
        return sum(moves.mapped("product_uom_qty"))

    def planned(self, product):
        return sum(line[1] for line in self.plan(product))

    def run_scheduler(self):
        for _time in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)

    def test_rules_and_routes_on_both_levels(self):
        """Make to order and reordering rules on both levels: stock neither makes nor buys."""
        self.reorder(self.fg)
        self.reorder(self.rm)
        self.sell(self.fg, 3, 60)
        self.run_scheduler()
        self.assertEqual((self.made(self.fg), self.bought(self.rm)), (0, 0))
        self.assertEqual((self.planned(self.fg), self.planned(self.rm)), (3, 6))
        self.assertUnchanged()

    def test_f2_after_release(self):
        """F2 with a production from the plan: cancel, quotation, confirm, edits; made once."""
        order = self.sell(self.fg, 5, 60)
        self.release(self.fg, self.rm)
        self.assertFalse(self.env["mrp.production"].search([]).sale_line_id & order.order_line)
        order._action_cancel()
        order.action_draft()
        order.commitment_date = self.noon(60)
        order.action_confirm()
        self.assertEqual(self.delivered(order, self.fg), 5)
        self.assertEqual(self.made(self.fg) + self.planned(self.fg), 5)
        self.assertEqual(self.bought(self.rm) + self.planned(self.rm), 10)
        for quantity in (0, 6):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(self.delivered(order, self.fg), quantity)
        self.assertEqual(self.made(self.fg) + self.planned(self.fg), 6)
        self.assertEqual(self.bought(self.rm) + self.planned(self.rm), 12)
        self.run_scheduler()
        self.assertEqual(self.made(self.fg) + self.planned(self.fg), 6)
        self.assertUnchanged()

    def test_f2_before_release(self):
        """F2 on the plan: 5→8→3→2→0→6 leave exactly that, in delivery and plan."""
        order = self.sell(self.fg, 5, 60)
        for quantity in (8, 3, 2, 0, 6):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(self.delivered(order, self.fg), quantity)
            self.assertEqual(
                (self.planned(self.fg), self.planned(self.rm)), (quantity, 2 * quantity)
            )
        self.assertEqual((self.made(self.fg), self.bought(self.rm)), (0, 0))
        self.assertUnchanged()

    def test_productions_in_several_steps(self):
        """Picking components first, storing after: components on make to order aren't bought."""
        for steps in ("pbm", "pbm_sam"):
            with self.subTest(steps=steps):
                self.warehouse.manufacture_steps = steps
                rm = self.make_product(f"RM {steps}", lead=3)
                rm.route_ids = self.mto | self.buy
                fg = self.make_product(f"FG {steps}")
                fg.route_ids = self.mto | self.make
                self.bom(fg, 5, (rm, 2))
                self.reorder(rm)
                self.sell(fg, 3, 60)
                self.release(fg)
                self.run_scheduler()
                self.assertEqual(self.bought(rm), 0)
                self.assertEqual(self.made(fg), 3)

    def test_changed_production_buys_nothing(self):
        """A confirmed production gets bigger: its component on make to order stays with the plan,
        and reserves what is in stock."""
        production = self.production(self.fg, 3, 30)
        wizard = self.env["change.production.qty"].create(
            {"mo_id": production.id, "product_qty": 5}
        )
        wizard.change_prod_qty()
        self.assertEqual(self.bought(self.rm), 0)
        self.assertEqual(production.move_raw_ids.procure_method, "make_to_stock")
        self.put_in_stock(self.rm, 10)
        production.action_assign()
        self.assertEqual(production.move_raw_ids.quantity, 10)

    def test_take_from_stock_else_order(self):
        """Components by "take from stock, else order": nothing is bought, bigger or smaller."""
        self.env["stock.rule"].search(
            [("route_id", "=", self.mto.id), ("warehouse_id", "=", self.warehouse.id)]
        ).procure_method = "mts_else_mto"
        self.put_in_stock(self.rm, 4)
        production = self.production(self.fg, 5, 30)
        for quantity in (8, 2):
            self.env["change.production.qty"].create(
                {"mo_id": production.id, "product_qty": quantity}
            ).change_prod_qty()
            self.assertEqual(self.bought(self.rm), 0)

    def test_kit_of_planned_components(self):
        """A kit on make to order: the plan buys its components once."""
        part = self.make_product("零件", lead=4, stock=3)
        part.route_ids = self.mto | self.buy
        kit = self.make_product("套件", supply_mode="rules")
        kit.route_ids = self.mto | self.buy
        self.bom(kit, 0, (part, 2), kind="phantom")
        order = self.sell(kit, 5, 20)
        self.run_scheduler()
        self.assertEqual((self.bought(part), self.planned(part)), (0, 7))
        order.order_line.product_uom_qty = 2
        self.assertEqual(self.delivered(order, part), 4)
        self.assertEqual((self.bought(part), self.planned(part)), (0, 1))
        self.assertUnchanged()

    def test_planned_component_of_an_unplanned_product(self):
        """Odoo makes the product to order; its planned component is bought by the plan alone."""
        fg = self.make_product("规则成品", supply_mode="rules")
        fg.route_ids = self.mto | self.make
        self.bom(fg, 5, (self.rm, 2))
        self.sell(fg, 3, 60)
        self.assertEqual((self.made(fg), self.bought(self.rm)), (3, 0))
        self.assertEqual(self.planned(self.rm), 6)

    def test_own_production_by_replenishment(self):
        """A person replenishes by hand: one production, which the plan counts."""
        self.sell(self.fg, 5, 60)
        self.env["product.replenish"].create(
            {
                "product_id": self.fg.id,
                "product_tmpl_id": self.fg.product_tmpl_id.id,
                "product_uom_id": self.fg.uom_id.id,
                "quantity": 2,
                "warehouse_id": self.warehouse.id,
                "route_id": self.make.id,
            }
        ).launch_replenishment()
        self.assertEqual((self.made(self.fg), self.bought(self.rm)), (2, 0))
        self.assertEqual((self.planned(self.fg), self.planned(self.rm)), (3, 10))
        self.assertUnchanged()
