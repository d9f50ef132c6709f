from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestRelease(SupplyCase):
    def release(self, product):
        lines = self.lines(product)
        lines.action_approve()
        lines.action_release()
        return lines

    def test_release_makes_one_purchase_order(self):
        """A released line is a request with its vendor, price, quantity and date, and is supply."""
        product = self.make_product("Release", lead=7, price=3.5)
        order = self.sell(product, 10, 20)
        line = self.release(product)
        self.assertEqual(line.state, "released")
        bought = line.purchase_line_id
        self.assertEqual(bought.plan_line_id, line)
        self.assertEqual((bought.product_qty, bought.price_unit), (10, 3.5))
        self.assertEqual(bought.order_id.partner_id, self.vendor_1)
        self.assertEqual(bought.order_id.state, "draft")
        self.assertEqual(bought.date_planned, self.noon(20))
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.pegs(product), [("purchase", 10.0)])
        self.assertEqual(order.purchase_order_ids, bought.order_id)
        self.assertEqual(bought.order_id.supply_sale_order_ids, order)
        self.assertUnchanged()

    def test_g07_release_twice(self):
        """G07: a second click makes nothing; an unapproved line is refused."""
        product = self.make_product("G07", lead=7)
        self.sell(product, 10, 20)
        with self.assertRaises(UserError):
            self.lines(product).action_release()
        line = self.release(product)
        line.action_release()
        line.action_approve()
        found = self.env["purchase.order.line"].search([("product_id", "=", product.id)])
        self.assertEqual((len(found), line.state), (1, "released"))

    def test_one_plan_line_one_purchase_line(self):
        """The database itself refuses a second purchase line for a plan line."""
        product = self.make_product("Unique", lead=7)
        self.sell(product, 10, 20)
        bought = self.release(product).purchase_line_id
        self.assertFalse(bought.copy({"order_id": bought.order_id.id}).plan_line_id)

    def test_e03_released_lines_keep_their_dates(self):
        """E03: 12 @+30 and 20 @+60 released together → two lines with their own dates, on one
        order without a window; next run 0."""
        self.company.supply_window_days = 0
        product = self.make_product("E03", lead=7)
        self.sell(product, 12, 30)
        self.sell(product, 20, 60)
        lines = self.release(product)
        bought = lines.purchase_line_id
        self.assertEqual(len(bought.order_id), 1)
        self.assertEqual(
            sorted((line.product_qty, line.date_planned) for line in bought),
            [(12, self.noon(30)), (20, self.noon(60))],
        )
        self.assertUnchanged()

    def test_f02_f03_drafts_follow(self):
        """F02/F03: the draft follows 10→6, then 6→12: 12 in all, never more."""
        product = self.make_product("F02", lead=7)
        order = self.sell(product, 10, 60)
        bought = self.release(product).purchase_line_id
        order.order_line.product_uom_qty = 6
        self.assertEqual(bought.product_qty, 6)
        self.assertUnchanged()
        order.order_line.product_uom_qty = 12
        self.assertEqual(bought.product_qty, 12)
        self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_order_day_follows_a_draft(self):
        """Lead 30, order +60→+35→+10: the draft comes on +35, then +30; to be ordered on +5, then
        today; the released line tells both days and the lateness."""
        product = self.make_product("Follow", lead=30)
        order = self.sell(product, 10, 60)
        line = self.release(product)
        bought = line.purchase_line_id
        order.commitment_date = self.noon(35)
        self.assertEqual(bought.date_planned, self.noon(35))
        self.assertEqual(bought.order_id.date_order, self.noon(5))
        self.assertEqual((self.offset(line.order_date), line.late_days), (5, 0))
        order.commitment_date = self.noon(10)
        self.assertEqual(bought.date_planned, self.noon(30))
        self.assertEqual(self.offset(line.order_date), 0)
        self.assertEqual((self.offset(line.due_date), self.offset(line.feasible_date)), (10, 30))
        self.assertEqual(line.late_days, 20)
        self.assertUnchanged()

    def test_plan_line_tells_what_became_of_its_order(self):
        """A decrease applied to a confirmed order, and its cancellation, stand on the plan line."""
        product = self.make_product("Told", lead=5)
        order = self.sell(product, 10, 60)
        line = self.release(product)
        line.purchase_line_id.order_id.button_confirm()
        order.order_line.product_uom_qty = 4
        self.env["supply.message"].search([("product_id", "=", product.id)]).action_apply()
        self.assertEqual((line.purchase_line_id.product_qty, line.quantity), (4, 4))
        line.purchase_line_id.order_id.button_cancel()
        self.assertEqual(line.state, "cancelled")
        self.assertEqual([row[1] for row in self.plan(product)], [4.0])

    def test_f04_cancel(self):
        """F04: cancel → draft cancelled with it; a confirmed order stays and gets a message."""
        draft = self.make_product("F04 draft", lead=7)
        order = self.sell(draft, 10, 60)
        bought = self.release(draft).purchase_line_id
        order._action_cancel()
        self.assertEqual(bought.order_id.state, "cancel")
        self.assertEqual(self.messages(draft), [])
        firm = self.make_product("F04 firm", lead=7)
        order = self.sell(firm, 10, 60)
        bought = self.release(firm).purchase_line_id
        bought.order_id.button_confirm()
        order._action_cancel()
        self.assertEqual(bought.order_id.state, "purchase")
        self.assertEqual([m[:2] for m in self.messages(firm)], [("cancel", 0.0)])
        self.assertUnchanged()

    def test_f05_confirmed_order_is_postponed_by_message(self):
        """F05: due +60→+100 with a confirmed PO: postpone; applying it moves the PO, once."""
        product = self.make_product("F05", lead=7)
        order = self.sell(product, 10, 60)
        bought = self.release(product).purchase_line_id
        bought.order_id.button_confirm()
        order.commitment_date = self.noon(100)
        self.assertEqual(self.messages(product), [("postpone", 10.0, 100)])
        message = self.env["supply.message"].search([("product_id", "=", product.id)])
        message.action_apply()
        self.assertEqual(bought.date_planned, self.noon(100))
        self.assertEqual((message.state, self.messages(product)), ("applied", []))
        message.action_apply()
        self.assertUnchanged()

    def test_dismissed_message_stays_away(self):
        """A dismissed message comes back only when its wish changes."""
        product = self.make_product("Dismiss", lead=7)
        order = self.sell(product, 10, 60)
        self.release(product).purchase_line_id.order_id.button_confirm()
        order.commitment_date = self.noon(100)
        message = self.env["supply.message"].search([("product_id", "=", product.id)])
        message.action_dismiss("供应商不同意")
        self.assertEqual(message.state, "dismissed")
        self.assertUnchanged()
        order.commitment_date = self.noon(110)
        self.assertEqual(self.messages(product), [("postpone", 10.0, 110)])

    def test_f14_purchase_cancelled_and_reopened(self):
        """F14: PO cancelled → the need is planned once; back to draft → plan empty again."""
        product = self.make_product("F14", lead=7)
        self.sell(product, 10, 60)
        order = self.release(product).purchase_line_id.order_id
        order.button_cancel()
        self.assertEqual([line[1] for line in self.plan(product)], [10.0])
        self.assertUnchanged()
        order.button_draft()
        self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_f16_buyers_change_is_kept(self):
        """F16: buyer edits 20→25: the run leaves 25 and reports the surplus."""
        product = self.make_product("F16", lead=7)
        self.sell(product, 20, 60)
        bought = self.release(product).purchase_line_id
        bought.product_qty = 25
        self.planner.run(self.warehouse.ids)
        self.assertEqual(bought.product_qty, 25)
        self.assertEqual([m[:2] for m in self.messages(product)], [("decrease", 20.0)])

    def test_g13_manual_draft_is_supply(self):
        """G13: a buyer's own draft counts, and is never changed by a run."""
        product = self.make_product("G13", lead=7)
        order = self.purchase(product, 10, 15, confirm=False)
        self.sell(product, 10, 20)
        self.assertEqual(self.plan(product), [])
        self.planner.run(self.warehouse.ids)
        self.assertEqual((order.state, order.order_line.product_qty), ("draft", 10))

    def test_approved_line_goes_when_nothing_needs_it(self):
        """Approved, not released, then the order is cancelled: nothing is left to release."""
        product = self.make_product("Approved", lead=7)
        order = self.sell(product, 10, 20)
        line = self.lines(product)
        line.action_approve()
        order._action_cancel()
        self.assertEqual(line.state, "cancelled")
        with self.assertRaises(UserError):
            line.action_release()

    def test_approved_line_is_supply(self):
        """More demand after approval: the approved 10 stays, the rest is a new line."""
        product = self.make_product("Approved more", lead=7)
        order = self.sell(product, 10, 20)
        line = self.lines(product)
        line.action_approve()
        order.order_line.product_uom_qty = 14
        self.assertEqual(
            [(ln.quantity, ln.state) for ln in self.lines(product)],
            [(10, "approved"), (4, "proposed")],
        )
        self.assertUnchanged()

    def test_late_request_keeps_the_vendors_date(self):
        """Needed +5, lead 30: the request says +30, and no run pulls it to an impossible day."""
        product = self.make_product("Late", lead=30)
        order = self.sell(product, 10, 5)
        bought = self.release(product).purchase_line_id
        self.assertEqual(bought.date_planned, self.noon(30))
        self.assertEqual(self.messages(product), [])
        self.assertEqual(self.offset(order.order_line.promise_date), 30)
        self.assertUnchanged()

    def test_partial_receipt(self):
        """PO 10, 4 received: the open 6 and the 4 in stock cover the order, nothing twice."""
        product = self.make_product("Partial", lead=7)
        self.sell(product, 10, 20)
        order = self.release(product).purchase_line_id.order_id
        order.button_confirm()
        picking = order.picking_ids
        picking.move_ids.write({"quantity": 4, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.messages(product), [])
        self.assertEqual(self.pegs(product), [("purchase", 6.0), ("stock", 4.0)])
