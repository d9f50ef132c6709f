from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestNetting(SupplyCase):
    def test_a01_stock_first_then_buy(self):
        """A01: stock 4, lead 7, SO 10 @+20 → buy 6, order +13, due +20; pegs stock 4, plan 6."""
        product = self.make_product("A01", stock=4, lead=7)
        order = self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [("buy", 6.0, 13, 20)])
        self.assertEqual(self.pegs(product), [("plan", 6.0), ("stock", 4.0)])
        line = order.order_line
        self.assertEqual(self.offset(line.promise_date), 20)
        self.assertEqual(line.promise_late_days, 0)
        self.assertEqual(order.plan_line_count, 1)
        self.assertEqual(self.lines(product).sale_line_ids, line)
        self.assertUnchanged()

    def test_a02a_open_order_later_is_expedited(self):
        """A02a: PO 10 @+60 for SO 10 @+10 → no line, expedite +60→+10, promise +60 late 50."""
        product = self.make_product("A02a", lead=7)
        self.purchase(product, 10, 60)
        order = self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.messages(product), [("expedite", 10.0, 10)])
        self.assertEqual(self.offset(order.order_line.promise_date), 60)
        self.assertEqual(order.order_line.promise_late_days, 50)
        self.assertUnchanged()

    def test_a02b_locked_order_is_not_expedited(self):
        """A02b: the same, fixed by the vendor → buy 10 order +3 due +10, cancel the PO."""
        product = self.make_product("A02b", lead=7)
        self.purchase(product, 10, 60).order_line.supply_locked = True
        order = self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [("buy", 10.0, 3, 10)])
        self.assertEqual(self.messages(product), [("cancel", 0.0, 60)])
        self.assertEqual(self.offset(order.order_line.promise_date), 10)

    def test_a03_postpone_only_beyond_the_tolerance(self):
        """A03: PO @+5 for SO @+60 → postpone; for SO @+12 with 7 days of tolerance → nothing."""
        self.company.supply_dampener_days = 7
        late, near = self.make_product("A03 late", lead=1), self.make_product("A03 near", lead=1)
        for product, due in ((late, 60), (near, 12)):
            self.purchase(product, 10, 5)
            self.sell(product, 10, due)
        self.assertEqual(self.messages(late), [("postpone", 10.0, 60)])
        self.assertEqual(self.messages(near), [])

    def test_a04_covered_is_silent(self):
        """A04: PO 10 @+10 and SO 10 @+10 → nothing at all."""
        product = self.make_product("A04", lead=7)
        self.purchase(product, 10, 10)
        self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.messages(product), [])
        self.assertEqual(self.pegs(product), [("purchase", 10.0)])
        self.assertUnchanged()

    def test_a05_safety_stock(self):
        """A05: safety 5, lead 3, SO 8 @+10. Stock 10 → buy 3; stock 2 → 3 now and 8 @+10."""
        full = self.make_product("A05 full", stock=10, lead=3, supply_safety_stock=5)
        self.sell(full, 8, 10)
        self.assertEqual(self.plan(full), [("buy", 3.0, 7, 10)])
        low = self.make_product("A05 low", stock=2, lead=3, supply_safety_stock=5)
        self.sell(low, 8, 10)
        self.assertEqual(self.plan(low), [("buy", 3.0, 0, 0), ("buy", 8.0, 7, 10)])
        self.assertEqual(self.offset(self.lines(low)[0].feasible_date), 3)

    def test_a10_a11_stock_and_open_orders_are_taken_off(self):
        """A10: demand 90, stock 20, PO 5 → 65. A11: stock 3, SO 10 → 7."""
        first = self.make_product("A10", stock=20, lead=1)
        self.purchase(first, 5, 8)
        self.sell(first, 90, 10)
        self.assertEqual(self.plan(first), [("buy", 65.0, 9, 10)])
        second = self.make_product("A11", stock=3, lead=1)
        self.sell(second, 10, 20)
        self.assertEqual(self.plan(second), [("buy", 7.0, 19, 20)])

    def test_reservation_is_not_counted_twice(self):
        """Stock reserved by its own order covers that order, once."""
        product = self.make_product("Reserved", stock=10, lead=1)
        order = self.sell(product, 10, 5)
        self.assertEqual(order.picking_ids.move_ids.quantity, 10)
        self.assertEqual(self.plan(product), [])
        self.sell(product, 4, 6)
        self.assertEqual(self.plan(product), [("buy", 4.0, 5, 6)])

    def test_unplanned_products_and_companies_are_left_alone(self):
        """Switch off, or mode “rules”: no plan line, no peg, no promise."""
        product = self.make_product("Rules", lead=1, supply_mode="rules")
        self.sell(product, 10, 5)
        self.assertFalse(self.lines(product))
        self.company.supply_planning = False
        planned = self.make_product("Off", lead=1)
        order = self.sell(planned, 10, 5)
        self.assertFalse(self.lines(planned))
        self.assertFalse(order.order_line.promise_date)
        self.company.supply_planning = True
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(planned), [("buy", 10.0, 4, 5)])

    def test_delivered_goods_are_no_demand(self):
        """A delivery takes its demand and its stock away together."""
        product = self.make_product("Delivered", stock=4, lead=1)
        order = self.sell(product, 4, 5)
        order.picking_ids.move_ids.picked = True
        order.picking_ids.button_validate()
        self.planner.run(self.warehouse.ids)
        self.assertFalse(self.lines(product))
        self.assertEqual(self.pegs(product), [])
        self.assertUnchanged()

    def test_routes_and_rules_order_nothing(self):
        """MTO and a reordering rule on a planned product: stock's own rules buy nothing, twice."""
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.action_unarchive()
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        product = self.make_product("MTO", lead=1, route_ids=[(6, 0, (mto | buy).ids)])
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "warehouse_id": self.warehouse.id,
                "product_min_qty": 5,
                "product_max_qty": 5,
            }
        )
        order = self.sell(product, 3, 5)
        for _time in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        move = order.picking_ids.move_ids
        self.assertEqual(move.mapped("procure_method"), ["make_to_stock"])
        bought = self.env["purchase.order.line"].search([("product_id", "=", product.id)])
        self.assertFalse(bought)
        self.assertEqual(self.plan(product), [("buy", 3.0, 4, 5)])
