from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestAttacks(CreditCase):
    """What a user with RPC access tries, to get goods out that the credit doesn't allow."""

    def _refused(self, attempt, message="Shipment locked"):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            attempt()
        self.env.invalidate_all()
        self.assertIn(message, str(caught.exception))

    def _internal_transfer(self, partner, value):
        """A transfer inside the warehouse whose move says "stock" and whose line "customer"."""
        picking = self._manual_delivery(partner, value)
        stock = picking.location_id
        shelf = self.env["stock.location"].create({"name": "货架", "location_id": stock.id})
        picking.picking_type_id = picking.picking_type_id.warehouse_id.int_type_id
        picking.location_dest_id = shelf
        picking.move_ids.location_dest_id = shelf
        picking.move_line_ids.location_dest_id = shelf
        self.assertEqual(picking.move_ids._credit_outgoing().ids, [])
        picking.move_line_ids.with_user(self.storekeeper).location_dest_id = self.env.ref(
            "stock.stock_location_customers"
        )
        return picking.with_user(self.storekeeper)

    # ------------------------------------------------------------------ shipments

    def test_destination_of_the_line(self):
        """Odoo moves goods where the line says: that is judged, and kept as exposure."""
        picking = self._internal_transfer(self._customer(59.99), 60)
        self._refused(picking.button_validate)
        self._refused(picking.move_ids._action_done)
        self._refused(lambda: picking.move_ids.write({"state": "done"}))
        nameless = self._internal_transfer(self.env["res.partner"], 60)
        self._refused(nameless.button_validate, "customer's name")
        partner = self._customer(60)
        fine = self._internal_transfer(partner, 60)
        fine.button_validate()
        self.assertEqual((fine.state, self._exposure(partner)), ("done", 60))

    def test_salesman_overrules_no_credit_decision(self):
        """The one whose order is held doesn't answer the decision against him, by any path."""
        order = self._order(self._customer(5), 10)
        order.with_user(self.salesman).action_confirm()
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual((decision.kind, decision.outcome), ("credit.check", "hold"))
        mine = decision.with_user(self.salesman)
        self.assertFalse(mine.can_answer)
        for attempt in (
            lambda: mine.action_answer("overruled", "I know better"),
            lambda: mine.write({"answer": "overruled", "answer_reason": "I know better"}),
        ):
            with self.assertRaises(AccessError):
                attempt()
        self.assertFalse(decision.answer)

    def test_state_written_back(self):
        """A confirmed order doesn't leave the exposure while its delivery stays open."""
        partner = self._customer(100)
        order = self._confirmed(partner, 10)
        for state in ("draft", "sent", "cancel"):
            self._refused(
                lambda state=state: order.with_user(self.salesman).write({"state": state}),
                "Use Cancel",
            )
        self.assertEqual(self._exposure(partner), 10)
        order._action_cancel()
        self.assertEqual((order.state, self._exposure(partner)), ("cancel", 0))

    def test_over_delivery(self):
        """One piece of 10 ordered, limit 100: ten may leave, eleven may not."""
        partner = self._customer(100)
        picking = self._confirmed(partner, 10).picking_ids.with_user(self.storekeeper)
        self._prepare(picking, 11)
        self._refused(picking.button_validate)
        self._refused(picking.move_ids._action_done)
        version = self._account(partner).version
        self._prepare(picking, 10)
        picking.button_validate()
        self.assertEqual((picking.state, self._exposure(partner)), ("done", 100))
        self.assertGreater(self._account(partner).version, version)

    def test_over_delivery_in_two_goes(self):
        """What was delivered before counts, also when somebody writes it down by RPC."""
        partner = self._customer(40)
        order = self._confirmed(partner, 10, 3)
        self._ship(order, 2)
        picking = order.picking_ids.filtered(lambda rec: rec.state != "done")
        if not picking:
            move = order.picking_ids.move_ids.copy({"product_uom_qty": 1})
            move._action_confirm(merge=False)
            picking = move.picking_id
        order.order_line.with_user(self.salesman).write({"qty_delivered": 0})
        self.assertEqual(order.order_line.qty_delivered, 2)
        self._prepare(picking, 3)
        self._refused(picking.with_user(self.storekeeper).move_ids._action_done)
        self._prepare(picking, 2)
        picking.with_user(self.storekeeper).move_ids._action_done()
        self.assertEqual(order.order_line.qty_delivered, 4)
        self.assertEqual(self._exposure(partner), 40)

    def test_release_is_for_its_amount(self):
        """A delivery released at 60 doesn't leave with goods of 600."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 60)
        self._account(partner).limit_amount = 1
        picking = order.picking_ids
        hold = picking.credit_hold_ids
        self.assertEqual(hold.amount, 60)
        hold.with_user(self.controller).action_release("验货付款")
        self._prepare(picking, 10)
        self._refused(picking.with_user(self.storekeeper).button_validate)
        self._refused(picking.with_user(self.storekeeper).move_ids._action_done)
        order.order_line.product_uom_qty = 10
        self._refused(picking.with_user(self.storekeeper).move_ids._action_done)
        order.order_line.product_uom_qty = 1
        self._prepare(picking, 1)
        picking.with_user(self.storekeeper).move_ids._action_done()
        self.assertEqual(picking.state, "done")

    def test_account_on_moves_is_kept_by_the_system(self):
        """The customer charged for goods without an order can't be chosen by RPC."""
        rich = self._account(self._customer(1e6))
        partner = self._customer(100)
        picking = self._manual_delivery(partner, 60)
        values = {"credit_account_id": rich.id, "credit_price": 0.01}
        move = picking.move_ids.with_user(self.storekeeper)
        move.write(values)
        self.assertEqual((move.credit_account_id.id, move.credit_price), (False, 0))
        copied = move.create(move.copy_data(values)[0] | values)
        self.assertEqual((copied.credit_account_id.id, copied.credit_price), (False, 0))
        copied.sudo()._action_cancel()
        copied.sudo().unlink()
        move.sudo().write(values)  # from a time before the rule
        picking.with_user(self.storekeeper).button_validate()
        self.assertEqual(move.sudo().credit_account_id, self._account(partner))
        self.assertEqual((move.credit_price, self._exposure(partner)), (60, 60))

    # ------------------------------------------------------------------ orders

    def test_marked_as_down_payment(self):
        """Goods marked as a down payment stay goods, before and after the confirmation."""
        partner = self._customer(100)
        order = self._order(partner, 150).with_user(self.salesman)
        order.order_line.write({"is_downpayment": True})
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertEqual(order.sudo().credit_hold_ids.amount, 150)
        fitting = self._confirmed(partner, 90)
        fitting.order_line.with_user(self.salesman).write({"is_downpayment": True})
        self.assertEqual(self._exposure(partner), 90)

    def test_totals_by_rpc(self):
        """Totals that a caller sends are left out; the check counts what lines really cost."""
        partner = self._customer(100)
        order = self._order(partner, 150).with_user(self.salesman)
        order.order_line.write({"price_total": 0, "price_subtotal": 0, "price_reduce_taxinc": 0})
        order.write({"amount_total": 0, "currency_rate": 1e6, "credit_state": "released"})
        order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.goods.id,
                "price_unit": 7,
                "technical_price_unit": 0.0,
                "price_total": 0,
                "tax_ids": [Command.clear()],
            }
        )
        self.assertEqual((order.amount_total, order.currency_rate), (157, 1))
        order.order_line.sudo().write({"price_total": 0})  # from a time without control
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertEqual(order.sudo().credit_hold_ids.amount, 157)
        order.write({"credit_state": "released", "credit_warned": True})
        self.assertEqual((order.credit_state, order.credit_warned), ("hold", False))

    def test_payer_swap(self):
        """An order confirmed on a rich payer can't be charged to a poor one afterwards."""
        poor, rich = self._customer(100), self._customer(1000)
        order = self._order(poor, 150, partner_invoice_id=rich.id).with_user(self.salesman)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self._refused(lambda: order.write({"partner_invoice_id": poor.id}), "can't be charged to")
        self._refused(
            lambda: order.write({"partner_id": poor.id, "partner_invoice_id": poor.id}),
            "over the credit limit",
        )
        self.assertEqual((self._exposure(poor), self._exposure(rich)), (0, 150))
        waiting = self._confirmed(rich, 900)
        self.assertEqual(waiting.credit_state, "hold")
        self._account(poor).limit_amount = 150
        order.write({"partner_invoice_id": poor.id})
        self.assertEqual((self._exposure(poor), self._exposure(rich)), (150, 900))
        self.assertEqual(waiting.state, "sale")

    # ------------------------------------------------------------------ releases

    def test_release_of_a_raised_order(self):
        """A quotation raised while it waits: the hold follows, the number seen is decided."""
        order = self._confirmed(self._customer(100), 150)
        hold = order.credit_hold_ids
        action = hold.with_user(self.controller).action_decide()
        form = Form(
            self.env["credit.hold.decide"]
            .with_user(self.controller)
            .with_context(**action["context"])
        )
        form.reason = "ok"
        wizard = form.save()
        self.assertEqual(wizard.shown_amount, 150)
        order.order_line.with_user(self.salesman).price_unit = 150000
        self.assertEqual((hold.amount, hold.excess_amount), (150000, 149900))
        self._refused(wizard.action_apply, "decide anew")
        hold.sudo().amount = 150
        self._refused(lambda: hold.with_user(self.controller).action_release("ok"), "150,000.00")
        self.assertEqual((order.state, hold.state), ("draft", "open"))
        hold.with_user(self.controller).action_decide()
        self.assertEqual(hold.amount, 150000)
        hold.with_user(self.controller).action_release("ok")
        self.assertEqual((order.state, hold.approved_amount), ("sale", 150000))

    def test_four_eyes_of_changes(self):
        """Whoever last changed a line can't release the order."""
        both = self.controller
        both.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        order = self._confirmed(self._customer(100), 150)
        order.order_line.with_user(both).write({"price_unit": 200})
        hold = order.credit_hold_ids.with_user(both)
        self.assertFalse(hold.can_decide)
        self._refused(lambda: hold.action_release("trust me"), "four eyes")
        hold.with_user(self.manager).action_release("fine")
        self.assertEqual(order.state, "sale")

    def test_deviation_is_the_company_s(self):
        """A controller can't promise more growth than the company allows; a manager can."""
        self.company.credit_release_deviation = 5
        for user, expected in ((self.controller, 5), (self.manager, 900)):
            hold = self._confirmed(self._customer(100), 150).credit_hold_ids
            hold.with_user(user).action_release("ok", deviation_percent=900)
            self.assertEqual(hold.deviation_percent, expected)

    # ------------------------------------------------------------------ customers

    def test_new_customers_by_form(self):
        """Saving a customer's form sets no limit, whoever does it and whatever the mode."""
        finance, self_made = self.chief_accountant, 0
        self.company.account_use_credit_limit = True
        for user in (finance, self.manager, self.salesman):
            user.group_ids |= self.env.ref("base.group_partner_manager")
        Ledger = self.env["suite.ledger.entry"].sudo()
        before = Ledger.search_count([])
        for mode in ("off", "block"):
            self.company.credit_control = mode
            for kind, amount in (("unlimited", 0), ("limited", 70)):
                self.company.write(
                    {"credit_default_limit_kind": kind, "credit_default_limit": amount}
                )
                for user in (finance, self.manager, self.salesman):
                    with self.subTest(mode=mode, kind=kind, user=user.login):
                        form = Form(self.env["res.partner"].with_user(user))
                        form.name = "新客户"
                        partner = form.save().sudo()
                        with Form(partner.with_user(user)) as form:
                            form.phone = "010-1"
                        account = self._account(partner)
                        self.assertEqual(account.limit_kind, "default")
                        self_made += 1
        self.assertEqual((self_made, Ledger.search_count([])), (12, before))

    def test_limit_while_control_is_off(self):
        """Without control a limit is only a number: no decisions, no ledger, as in Odoo."""
        self.company.credit_control = "off"
        Ledger, Decision = self.env["suite.ledger.entry"].sudo(), self.env["suite.decision"].sudo()
        before = (Ledger.search_count([]), Decision.search_count([]))
        partner = self._customer()
        finance = self.chief_accountant
        finance.group_ids |= self.env.ref("base.group_partner_manager")
        partner.with_user(finance).credit_limit = 300
        self.assertEqual((Ledger.search_count([]), Decision.search_count([])), before)
        self.assertEqual(self._account(partner).limit_amount, 300)
        self.company.credit_control = "block"
        with self.assertRaises(AccessError):
            partner.with_user(finance).credit_limit = 400
        partner.with_user(finance).credit_limit = 300
        self.assertEqual(Ledger.search_count([]), before[0])
