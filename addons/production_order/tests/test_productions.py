from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestProductions(ProductionCase):
    def setUp(self):
        super().setUp()
        self.rm = self.make_product("RM", lead=30)
        self.fg = self.make_product("FG")
        self.bill = self.bom(self.fg, 5, (self.rm, 2))

    def test_release_makes_confirmed_productions_and_requests(self):
        """Released: one production, confirmed, with plan's quantity and days; pegs follow it."""
        self.company.supply_confirm_productions = True
        order = self.sell(self.fg, 10, 60)
        self.release(self.fg, self.rm)
        made = self.lines(self.fg, ("released",)).production_id
        self.assertEqual((made.state, made.product_qty, made.bom_id), ("confirmed", 10, self.bill))
        self.assertEqual((made.date_start, made.date_finished), (self.noon(55), self.noon(60)))
        self.assertEqual(made.sale_line_ids, order.order_line)
        self.assertEqual(order.production_ids, made)
        bought = self.lines(self.rm, ("released",)).purchase_line_id
        self.assertEqual((bought.product_qty, bought.date_planned), (20, self.noon(55)))
        self.assertEqual(order.purchase_order_ids, bought.order_id)
        self.assertEqual(bought.order_id.supply_sale_order_ids, order)
        self.assertEqual(order.plan_line_count, 2)
        self.assertEqual(self.pegs(self.fg), [("production", 10.0)])
        self.assertEqual(self.pegs(self.rm, production_id=made.id), [("purchase", 20.0)])
        self.assertUnchanged()

    def test_g07_twice(self):
        """A second release makes nothing; the database refuses a second production for a line."""
        self.sell(self.fg, 10, 60)
        self.release(self.fg)
        line = self.lines(self.fg, ("released",))
        line.action_release()
        made = self.env["mrp.production"].search([("product_id", "=", self.fg.id)])
        self.assertEqual(len(made), 1)
        self.assertFalse(made.copy().plan_line_id)

    def test_f2_never_runs_away(self):
        """F2 of core: 5→8→3→2, then cancel → quotation → confirm: plan, delivery, make: 2."""
        order = self.sell(self.fg, 5, 60)
        for quantity in (8, 3, 2):
            order.order_line.product_uom_qty = quantity
            self.assertEqual([line[1] for line in self.plan(self.fg)], [float(quantity)])
            self.assertEqual([line[1] for line in self.plan(self.rm)], [2.0 * quantity])
            open_moves = order.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
            self.assertEqual(sum(open_moves.mapped("product_uom_qty")), quantity)
        self.release(self.fg, self.rm)
        order._action_cancel()
        order.action_draft()
        order.commitment_date = self.noon(60)
        order.action_confirm()
        open_moves = order.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(sum(open_moves.mapped("product_uom_qty")), 2)
        made = self.env["mrp.production"].search(
            [("product_id", "=", self.fg.id), ("state", "!=", "cancel")]
        )
        planned = sum(line[1] for line in self.plan(self.fg))
        self.assertEqual(sum(made.mapped("product_qty")) + planned, 2)
        bought = self.env["purchase.order.line"].search(
            [("product_id", "=", self.rm.id), ("order_id.state", "!=", "cancel")]
        )
        planned = sum(line[1] for line in self.plan(self.rm))
        self.assertEqual(sum(bought.mapped("product_qty")) + planned, 4)
        self.assertUnchanged()

    def test_f04_cancel_gives_messages_on_both_levels(self):
        """F04: cancel with confirmed MO and PO: messages cancel MO 10 and PO 20, in one run."""
        self.company.supply_confirm_productions = True
        order = self.sell(self.fg, 10, 60)
        self.release(self.fg, self.rm)
        made = self.lines(self.fg, ("released",)).production_id
        bought = self.lines(self.rm, ("released",)).purchase_line_id
        bought.order_id.button_confirm()
        order._action_cancel()
        self.assertEqual([m[:2] for m in self.messages(self.fg)], [("cancel", 0.0)])
        self.assertEqual([m[:2] for m in self.messages(self.rm)], [("cancel", 0.0)])
        self.assertEqual((made.state, bought.order_id.state), ("confirmed", "purchase"))
        self.assertUnchanged()
        self.env["supply.message"].search([("product_id", "=", self.fg.id)]).action_apply()
        self.assertEqual(made.state, "cancel")
        self.env["supply.message"].search(
            [("product_id", "=", self.rm.id), ("state", "=", "open")]
        ).action_apply()
        self.assertEqual(bought.order_id.state, "cancel")
        self.assertUnchanged()

    def test_f02_decrease_travels_down_in_one_run(self):
        """F02: SO 10→6, confirmed documents: decrease MO→6 and PO→12 at once; applied, quiet."""
        self.company.supply_confirm_productions = True
        order = self.sell(self.fg, 10, 60)
        self.release(self.fg, self.rm)
        bought = self.lines(self.rm, ("released",)).purchase_line_id
        bought.order_id.button_confirm()
        order.order_line.product_uom_qty = 6
        self.assertEqual([m[:2] for m in self.messages(self.fg)], [("decrease", 6.0)])
        self.assertEqual([m[:2] for m in self.messages(self.rm)], [("decrease", 12.0)])
        for product in (self.fg, self.rm):
            self.env["supply.message"].search(
                [("product_id", "=", product.id), ("state", "=", "open")]
            ).action_apply()
        made = self.lines(self.fg, ("released",)).production_id
        self.assertEqual((made.product_qty, bought.product_qty), (6, 12))
        self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
        self.assertUnchanged()

    def test_f05_f06_dates_travel_down_in_one_run(self):
        """F05/F06: due +60→+100 → postpone both; →+50 → expedite both, in one run."""
        self.company.supply_confirm_productions = True
        order = self.sell(self.fg, 10, 60)
        self.release(self.fg, self.rm)
        self.lines(self.rm, ("released",)).purchase_line_id.order_id.button_confirm()
        order.commitment_date = self.noon(100)
        self.assertEqual(self.messages(self.fg), [("postpone", 10.0, 100)])
        self.assertEqual(self.messages(self.rm), [("postpone", 20.0, 95)])
        order.commitment_date = self.noon(50)
        self.assertEqual(self.messages(self.fg), [("expedite", 10.0, 50)])
        self.assertEqual(self.messages(self.rm), [("expedite", 20.0, 45)])
        self.assertUnchanged()

    def test_b10_partly_made(self):
        """B10: MO 10, 4 made with 8 consumed: the rest needs 12; stock 5 → buy 7."""
        self.put_in_stock(self.rm, 8)
        made = self.production(self.fg, 10, 40)
        made.qty_producing = 4
        made.move_raw_ids.write({"quantity": 8, "picked": True})
        made.with_context(skip_backorder=True, mo_ids_to_backorder=made.ids).button_mark_done()
        self.put_in_stock(self.rm, 5)
        self.sell(self.fg, 10, 40)
        self.assertEqual(self.plan(self.fg), [])
        self.assertEqual([line[:2] for line in self.plan(self.rm)], [("buy", 7.0)])
        self.assertUnchanged()

    def test_manual_production_is_supply(self):
        """A production made by hand covers the order, and its components are planned."""
        self.production(self.fg, 10, 50)
        self.assertEqual(self.messages(self.fg), [("cancel", 0.0, 50)])
        self.sell(self.fg, 10, 50)
        self.assertEqual(self.plan(self.fg), [])
        self.assertEqual(self.plan(self.rm), [("buy", 20.0, 15, 45)])
        self.assertEqual(self.messages(self.fg), [])
        self.assertUnchanged()

    def test_production_of_unplanned_product_takes_planned_parts(self):
        """A product left to Odoo's rules is made by hand: its planned component is bought."""
        self.fg.supply_mode = "rules"
        self.production(self.fg, 3, 50)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(self.rm), [("buy", 6.0, 15, 45)])
        self.sell(self.rm, 1, 50)
        self.assertEqual([line[1] for line in self.plan(self.rm)], [6.0, 1.0])
        self.assertUnchanged()

    def test_net_change_of_a_shared_component_moves_the_parents(self):
        """A new order for a component that delays another product: its promise follows at once."""
        self.put_in_stock(self.rm, 20)
        order = self.sell(self.fg, 10, 20)
        self.assertEqual(self.offset(order.order_line.promise_date), 20)
        self.sell(self.rm, 20, 1)
        self.assertEqual(self.offset(order.order_line.promise_date), 35)
        self.assertEqual(self.lines(self.fg).late_days, 15)
        self.assertUnchanged()

    def test_bought_although_it_has_a_bill(self):
        """The product's own route only buys: it is bought, not made."""
        self.fg.route_ids = self.env.ref("purchase_stock.route_warehouse0_buy")
        self.add_vendor(self.fg, self.vendor_1, 9.0, 3)
        self.sell(self.fg, 10, 60)
        self.assertEqual(self.plan(self.fg), [("buy", 10.0, 57, 60)])
        self.assertEqual(self.plan(self.rm), [])

    def test_stock_routes_make_nothing(self):
        """MTO + manufacture on planned products: confirming makes no production by itself."""
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.action_unarchive()
        manufacture = self.env.ref("mrp.route_warehouse0_manufacture")
        self.fg.route_ids = mto | manufacture
        self.rm.route_ids = mto | self.env.ref("purchase_stock.route_warehouse0_buy")
        self.sell(self.fg, 5, 60)
        self.assertFalse(self.env["mrp.production"].search([("product_id", "=", self.fg.id)]))
        self.release(self.fg)
        self.assertFalse(self.env["purchase.order.line"].search([("product_id", "=", self.rm.id)]))
        self.assertEqual([line[1] for line in self.plan(self.rm)], [10.0])

    def test_g08_a_failed_release_leaves_nothing_half_done(self):
        """G08: a release that fails rolls back whole; the next makes each document once."""
        orders = [self.sell(self.fg, quantity, 60 + quantity) for quantity in (1, 2, 3)]
        lines = self.lines(self.fg)
        lines.action_approve()
        self.env.flush_all()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            lines[0].sudo().bom_id = False
            lines.action_release()
        self.env.invalidate_all()
        self.assertEqual(set(lines.mapped("state")), {"approved"})
        lines.action_release()
        made = self.env["mrp.production"].search([("product_id", "=", self.fg.id)])
        self.assertEqual(sorted(made.mapped("product_qty")), [1, 2, 3])
        self.assertEqual(made.plan_line_id, lines)
        self.assertEqual(len(orders), 3)

    def test_production_user_releases_what_is_made(self):
        """Shop floor releases production lines, not purchases."""
        self.sell(self.fg, 10, 60)
        user = self.make_user("supply_mrp", "mrp.group_mrp_user")
        made, bought = self.lines(self.fg), self.lines(self.rm)
        (made | bought).with_user(user).action_approve()
        made.with_user(user).action_release()
        self.assertEqual(made.production_id.product_qty, 10)
        with self.assertRaises(AccessError):
            bought.with_user(user).action_release()
