from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestChanges(ProductionCase):
    """Table F: an order of 10 FG for +60 (lead 5, 2 RM each; RM lead 30) changes after release.

    ``given`` releases everything: MO1 10 end +60 and PO1 20 RM @+55.
    """

    def setUp(self):
        super().setUp()
        self.make_products()

    def make_products(self):
        self.rm = self.make_product("Change RM", lead=30)
        self.fg = self.make_product("Change FG")
        self.bill = self.bom(self.fg, 5, (self.rm, 2))

    def given(self, confirmed=False):
        """The order, its production and its purchase line; both drafts unless ``confirmed``."""
        self.make_products()
        order = self.sell(self.fg, 10, 60)
        lines = self.lines(self.fg) | self.lines(self.rm)
        lines.action_approve()
        lines.action_release()
        made, bought = lines.production_id, lines.purchase_line_id
        self.assertEqual((made.state, made.product_qty), ("draft", 10))
        self.assertEqual((made.date_start, made.date_finished), (self.noon(55), self.noon(60)))
        self.assertEqual((bought.product_qty, bought.date_planned), (20, self.noon(55)))
        if confirmed:
            made.action_confirm()
            bought.order_id.button_confirm()
        return order, made, bought

    def supply(self, product):
        """Open orders and plan of a product together."""
        productions = self.env["mrp.production"].search(
            [("product_id", "=", product.id), ("state", "!=", "cancel")]
        )
        purchases = self.env["purchase.order.line"].search(
            [("product_id", "=", product.id), ("order_id.state", "!=", "cancel")]
        )
        planned = sum(line[1] for line in self.plan(product))
        return (
            sum(productions.mapped("product_qty")) + sum(purchases.mapped("product_qty")) + planned
        )

    def apply(self, product):
        self.env["supply.message"].search(
            [("product_id", "=", product.id), ("state", "=", "open")]
        ).action_apply()

    def test_f01_nothing_changes(self):
        """F01: no change, no message, no write; drafts or confirmed."""
        for confirmed in (False, True):
            _order, made, bought = self.given(confirmed)
            self.assertUnchanged()
            self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
            self.assertEqual((made.product_qty, bought.product_qty), (10, 20))

    def test_f02_decrease(self):
        """F02 with drafts: 10→6 makes MO1 6 and PO1 12, no message."""
        order, made, bought = self.given()
        order.order_line.product_uom_qty = 6
        self.assertEqual((made.state, made.product_qty), ("draft", 6))
        self.assertEqual(made.move_raw_ids.product_uom_qty, 12)
        self.assertEqual((made.date_start, made.date_finished), (self.noon(55), self.noon(60)))
        self.assertEqual((bought.product_qty, bought.date_planned), (12, self.noon(55)))
        self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
        self.assertEqual(self.plan(self.fg) + self.plan(self.rm), [])
        self.assertUnchanged()

    def test_f02_decrease_confirmed_purchase(self):
        """F02: 10→6 with a draft production and a confirmed purchase: MO 6, message PO 20→12."""
        order, made, bought = self.given()
        bought.order_id.button_confirm()
        order.order_line.product_uom_qty = 6
        self.assertEqual(made.product_qty, 6)
        self.assertEqual(bought.product_qty, 20)
        self.assertEqual(self.messages(self.fg), [])
        self.assertEqual(self.messages(self.rm), [("decrease", 12.0, 55)])
        self.apply(self.rm)
        self.assertEqual(bought.product_qty, 12)
        self.assertUnchanged()

    def test_f02_f03_down_and_up(self):
        """F03: 10→6→12 with drafts: 12 to make and 24 to buy in all (core: 16 and 32)."""
        order, _made, _bought = self.given()
        order.order_line.product_uom_qty = 6
        order.order_line.product_uom_qty = 12
        self.assertEqual((self.supply(self.fg), self.supply(self.rm)), (12, 24))
        self.assertUnchanged()
        order.order_line.product_uom_qty = 6
        self.assertEqual((self.supply(self.fg), self.supply(self.rm)), (6, 12))
        order.order_line.product_uom_qty = 12
        self.assertEqual((self.supply(self.fg), self.supply(self.rm)), (12, 24))
        self.assertUnchanged()

    def test_f03_confirmed_purchase(self):
        """F03: PO 20 confirmed, decrease not applied: it stays, and 4 are bought in addition."""
        order, _made, bought = self.given()
        bought.order_id.button_confirm()
        order.order_line.product_uom_qty = 6
        order.order_line.product_uom_qty = 12
        self.assertEqual(self.supply(self.fg), 12)
        self.assertEqual(bought.product_qty, 20)
        self.assertEqual([line[1] for line in self.plan(self.rm)], [4.0])
        self.assertEqual(self.messages(self.rm), [])
        self.assertUnchanged()

    def test_f04_cancel(self):
        """F04: order cancelled: drafts are cancelled with it, nothing is left to answer."""
        order, made, bought = self.given()
        order._action_cancel()
        self.assertEqual(made.state, "cancel")
        self.assertEqual(bought.order_id.state, "cancel")
        self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
        self.assertEqual((self.supply(self.fg), self.supply(self.rm)), (0, 0))
        self.assertUnchanged()

    def test_f04_cancel_leaves_other_lines(self):
        """F04: a request that serves another product too loses only its line."""
        other = self.make_product("Change other", lead=30)
        self.sell(other, 7, 55)
        order = self.sell(self.fg, 10, 60)
        lines = self.lines(self.rm) | self.lines(other)
        lines.action_approve()
        lines.action_release()
        request = lines.purchase_line_id.order_id
        self.assertEqual(len(request), 1)
        order._action_cancel()
        self.assertEqual(request.order_line.product_id, other)
        self.assertEqual(request.state, "draft")
        self.assertUnchanged()

    def test_f04_cancel_confirmed(self):
        """F04: confirmed documents get messages cancel MO1 10 and PO1 20; nothing is cancelled."""
        order, made, bought = self.given(confirmed=True)
        order._action_cancel()
        self.assertEqual(self.messages(self.fg), [("cancel", 0.0, 60)])
        self.assertEqual(self.messages(self.rm), [("cancel", 0.0, 55)])
        self.assertEqual((made.state, bought.order_id.state), ("confirmed", "purchase"))
        self.assertUnchanged()

    def test_f05_postpone(self):
        """F05: +60→+100: drafts end +100 and come +95; confirmed ones are asked to."""
        order, made, bought = self.given()
        order.commitment_date = self.noon(100)
        self.assertEqual((made.date_start, made.date_finished), (self.noon(95), self.noon(100)))
        self.assertEqual(bought.date_planned, self.noon(95))
        self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
        self.assertUnchanged()

    def test_f05_postpone_confirmed(self):
        """F05: postpone MO1 +60→+100 and PO1 +55→+95, in one run; applied, quiet."""
        order, made, bought = self.given(confirmed=True)
        order.commitment_date = self.noon(100)
        self.assertEqual(self.messages(self.fg), [("postpone", 10.0, 100)])
        self.assertEqual(self.messages(self.rm), [("postpone", 20.0, 95)])
        self.assertEqual(made.date_finished, self.noon(60))
        self.apply(self.fg)
        self.apply(self.rm)
        self.assertEqual((made.date_start, made.date_finished), (self.noon(95), self.noon(100)))
        self.assertEqual(bought.date_planned, self.noon(95))
        self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
        self.assertUnchanged()

    def test_f06_expedite(self):
        """F06: +60→+50: drafts end +50 and come +45."""
        order, made, bought = self.given()
        order.commitment_date = self.noon(50)
        self.assertEqual((made.date_start, made.date_finished), (self.noon(45), self.noon(50)))
        self.assertEqual(bought.date_planned, self.noon(45))
        self.assertEqual(self.messages(self.fg) + self.messages(self.rm), [])
        self.assertUnchanged()

    def test_f06_expedite_confirmed(self):
        """F06: both are expedited in one run."""
        order, _made, _bought = self.given(confirmed=True)
        order.commitment_date = self.noon(50)
        self.assertEqual(self.messages(self.fg), [("expedite", 10.0, 50)])
        self.assertEqual(self.messages(self.rm), [("expedite", 20.0, 45)])
        self.assertUnchanged()

    def test_f09_decrease_keeps_the_lot_rule(self):
        """F09: minimum 100, multiple 20, PO 160; 90 are needed: decrease to 100, not 90."""
        for confirm in (True, False):
            product = self.make_product("F09", supply_multiple=20)
            self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=100)
            order = self.sell(product, 160, 30)
            lines = self.lines(product)
            lines.action_approve()
            lines.action_release()
            bought = lines.purchase_line_id
            if confirm:
                bought.order_id.button_confirm()
            order.order_line.product_uom_qty = 90
            if confirm:
                self.assertEqual(self.messages(product), [("decrease", 100.0, 30)])
                self.apply(product)
            self.assertEqual(bought.product_qty, 100)
            self.assertEqual(self.messages(product), [])

    def test_f11_decrease_after_a_partial_receipt(self):
        """F11: 10→6, PO 10 @+20 with 4 received: decrease to 6; never below the 4."""
        product = self.make_product("F11", lead=5)
        order = self.sell(product, 10, 20)
        self.release(product)
        bought = self.lines(product, ("released",)).purchase_line_id
        bought.order_id.button_confirm()
        picking = bought.order_id.picking_ids
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.planner.run(self.warehouse.ids)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.messages(product), [("decrease", 6.0, 20)])
        order.order_line.product_uom_qty = 3
        found = self.env["supply.message"].search(
            [("product_id", "=", product.id), ("state", "=", "open")]
        )
        self.assertEqual(found.quantity_needed, 4)
        found.action_apply()
        self.assertEqual((bought.qty_received, bought.product_qty), (4, 4))

    def test_f14_cancelled_documents_give_their_need_back_once(self):
        """F14: PO and MO cancelled by a user: 20 and 10 are planned once; set back: plan empty."""
        _order, made, bought = self.given()
        bought.order_id.button_cancel()
        self.assertEqual([line[1] for line in self.plan(self.rm)], [20.0])
        self.assertUnchanged()
        bought.order_id.button_draft()
        self.assertEqual(self.plan(self.rm), [])
        self.assertUnchanged()
        made.action_cancel()
        self.assertEqual([line[1] for line in self.plan(self.fg)], [10.0])
        self.assertEqual((self.supply(self.fg), self.supply(self.rm)), (10, 20))
        self.assertUnchanged()

    def test_f15_scheduler_orders_nothing_more(self):
        """F15: make to order and a reordering rule beside the plan, scheduler run twice: 3."""
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.action_unarchive()
        product = self.make_product("F15", lead=5)
        product.route_ids = mto | self.env.ref("purchase_stock.route_warehouse0_buy")
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
                "company_id": self.company.id,
            }
        )
        self.sell(product, 3, 20)
        self.release(product)
        for _run in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.assertEqual(self.supply(product), 3)
        self.assertUnchanged()

    def test_f16_a_persons_change_is_kept(self):
        """F16: PO 20→25 and MO 10→11 by hand: they stay, the surplus is reported."""
        order, made, bought = self.given()
        bought.product_qty = 25
        made.product_qty = 11
        self.planner.run(self.warehouse.ids)
        self.assertEqual((made.product_qty, bought.product_qty), (11, 25))
        self.assertEqual([m[:2] for m in self.messages(self.fg)], [("decrease", 10.0)])
        self.assertEqual([m[:2] for m in self.messages(self.rm)], [("decrease", 20.0)])
        order.order_line.product_uom_qty = 6
        self.assertEqual((made.product_qty, bought.product_qty), (11, 25))

    def test_c12_every_edit_of_a_draft_turns_following_into_messages(self):
        """C12: start, components or vendor's day changed by hand: a message, not a change."""
        edits = (
            lambda made, _bought: made.write({"date_start": self.noon(54)}),
            lambda made, _bought: made.move_raw_ids.write({"product_uom_qty": 21}),
            lambda _made, bought: bought.write({"date_planned": self.noon(52)}),
            lambda _made, bought: bought.write({"price_unit": 7.0}),
        )
        for number, edit in enumerate(edits):
            with self.subTest(number):
                order, made, bought = self.given()
                edit(made, bought)
                order.order_line.product_uom_qty = 6
                if number < 2:
                    self.assertEqual(made.product_qty, 10)
                    self.assertIn("decrease", [m[0] for m in self.messages(self.fg)])
                else:
                    self.assertEqual((made.product_qty, bought.product_qty), (6, 20))
                    self.assertIn("decrease", [m[0] for m in self.messages(self.rm)])
                order._action_cancel()
                made.action_cancel()
                bought.order_id.button_cancel()

    def test_started_production_is_not_moved_or_cut(self):
        """Started with 8 of 10: no new dates, never less than 8, not cancelled."""
        order, made, _bought = self.given(confirmed=True)
        self.put_in_stock(self.rm, 20)
        made.qty_producing = 8
        made._set_qty_producing()
        self.assertEqual(made.state, "progress")
        order.commitment_date = self.noon(100)
        message = self.env["supply.message"].search(
            [("production_id", "=", made.id), ("kind", "=", "postpone")]
        )
        if message:
            with self.assertRaisesRegex(UserError, "started"), self.env.cr.savepoint():
                message.action_apply()
        self.assertEqual(made.date_finished, self.noon(60))
        order.order_line.product_uom_qty = 6
        message = self.env["supply.message"].search(
            [("production_id", "=", made.id), ("kind", "=", "decrease")]
        )
        self.assertEqual(message.quantity_needed, 6)
        message.action_apply()
        self.assertEqual(made.product_qty, 8)
        order._action_cancel()
        message = self.env["supply.message"].search(
            [("production_id", "=", made.id), ("kind", "=", "cancel"), ("state", "=", "open")]
        )
        with self.assertRaisesRegex(UserError, "made already"), self.env.cr.savepoint():
            message.action_apply()

    def test_confirm_at_release(self):
        """The company switch confirms released productions at once."""
        self.company.supply_confirm_productions = True
        self.sell(self.fg, 10, 60)
        self.release(self.fg)
        made = self.lines(self.fg, ("released",)).production_id
        self.assertEqual((made.state, made.product_qty), ("confirmed", 10))
        self.assertUnchanged()

    def test_planner_chooses_another_bill(self):
        """A make line takes another normal bill of its product; no kit, no other product's."""
        slow = self.bom(self.fg, 9, (self.rm, 2), sequence=50)
        foreign = self.bom(self.make_product("Change foreign"), 1, (self.rm, 1))
        self.sell(self.fg, 10, 60)
        line = self.lines(self.fg)
        kit = self.bom(self.fg, 1, (self.rm, 2), kind="phantom", sequence=60)
        user = self.make_user("supply_planner_bom", "inventory_link.group_supply_planner")
        self.assertEqual(line.with_user(user).allowed_bom_ids, self.bill | slow)
        for wrong in (kit, foreign):
            with self.assertRaisesRegex(UserError, "can be made"), self.env.cr.savepoint():
                line.with_user(user).bom_id = wrong
        with self.assertRaisesRegex(UserError, "is bought"), self.env.cr.savepoint():
            self.lines(self.rm).with_user(user).bom_id = slow
        line.with_user(user).bom_id = slow
        self.assertEqual((line.bom_id, line.lead_days, self.offset(line.order_date)), (slow, 9, 51))
        with self.assertRaisesRegex(UserError, "is made"), self.env.cr.savepoint():
            line.with_user(user).vendor_id = self.vendor_1
        self.release(self.fg)
        self.assertEqual(line.production_id.bom_id, slow)
