from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestShipment(CreditCase):
    """Goods of a customer without credit don't leave, whichever way somebody tries."""

    def _locked_order(self, price=60, quantity=1.0, **values):
        """A confirmed order whose customer has come over the limit since."""
        partner = self._customer(1000)
        order = self._confirmed(partner, price, quantity, **values)
        self._account(partner).limit_amount = 1
        self._prepare(order.picking_ids)
        return order

    def _attempt(self, attempt, message="Shipment locked"):
        with self.assertRaises(UserError) as caught:
            attempt()
        self.assertIn(message, str(caught.exception))
        self.env.invalidate_all()

    def test_banner_and_message(self):
        """B11: the lower limit locks the delivery; the queue and the banner say by how much."""
        partner = self._customer(100)
        order = self._confirmed(partner, 80)
        self._account(partner).limit_amount = 60
        picking = order.picking_ids
        self.assertEqual(order.state, "sale")
        self.assertEqual((picking.shipment_locked, picking.credit_state), (True, "hold"))
        hold = picking.credit_hold_ids
        self.assertEqual((hold.state, hold.excess_amount), ("open", 20))
        self.assertIn("over the credit limit", picking.credit_message)
        self.assertIn("20.00", picking.with_user(self.controller).credit_message)
        seen = picking.with_user(self.storekeeper).credit_message
        self.assertIn("over the credit limit", seen)
        self.assertNotIn("20.00", seen)
        self.assertIn(picking, self.env["stock.picking"].search([("shipment_locked", "=", True)]))

    def test_overdue_locks(self):
        """A customer who is overdue beyond tolerance gets nothing shipped either."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 60)
        self._bill(partner, 10, days_late=3)
        self._prepare(order.picking_ids)
        self._attempt(lambda: self._validate(order.picking_ids), "overdue")

    def test_attacks_on_the_delivery(self):
        """D15: button, RPC keys, private method, backorder wizard, server action, cron, partner."""
        order = self._locked_order(quantity=2)
        picking = order.picking_ids.with_user(self.storekeeper)
        other = self._customer(1000)
        keys = (
            "credit_pass",
            "cleared",
            "skip_credit",
            "button_validate_picking_ids",
            "skip_sanity_check",
            "skip_backorder",
            "force",
            "install_mode",
            "is_scrap",
        )
        code = "records.button_validate()"
        action = (
            self.env["ir.actions.server"]
            .sudo()
            .create(
                {
                    "name": "Ship",
                    "model_id": self.env["ir.model"]._get_id("stock.picking"),
                    "state": "code",
                    "code": code,
                }
            )
        )
        target = {"active_model": "stock.picking", "active_ids": picking.ids}
        attempts = {
            "button": picking.button_validate,
            "context keys": lambda: picking.with_context(
                **dict.fromkeys(keys, True)
            ).button_validate(),
            "superuser": lambda: picking.sudo().button_validate(),
            "transfer": picking._action_done,
            "moves": picking.move_ids._action_done,
            "cancel backorder": lambda: picking.move_ids._action_done(cancel_backorder=True),
            "state of moves": lambda: picking.move_ids.write({"state": "done"}),
            "server action": lambda: action.with_context(**target, active_id=picking.id).run(),
            "other company first": lambda: picking.with_context(
                allowed_company_ids=self.company.ids
            ).button_validate(),
        }
        for name, attempt in attempts.items():
            with self.subTest(name):
                self._attempt(attempt)
                self.assertNotEqual(picking.state, "done")
        picking.move_ids.quantity = 1
        wizard = (
            self.env["stock.backorder.confirmation"]
            .with_user(self.storekeeper)
            .create(
                {
                    "pick_ids": [Command.set(picking.ids)],
                    "backorder_confirmation_line_ids": [
                        Command.create({"picking_id": picking.id, "to_backorder": True})
                    ],
                }
            )
        )
        wizard = wizard.with_context(button_validate_picking_ids=picking.ids)
        self._attempt(wizard.process)
        self._attempt(wizard.process_cancel_backorder)
        picking.partner_id = other
        self.env.invalidate_all()
        self._attempt(picking.button_validate)
        picking.sudo().sale_id = False
        picking.sudo().move_ids.sale_line_id = False
        picking.sudo().partner_id = order.partner_id
        self._attempt(picking.button_validate)
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_attack_by_immediate_transfer(self):
        """A delivery typed in and validated at once, without any order, is judged as well."""
        partner = self._customer(50)
        picking = self._manual_delivery(partner, 60)
        self._attempt(picking.with_user(self.storekeeper).button_validate)
        self._attempt(picking.move_ids._action_done)
        with Form(picking.with_user(self.storekeeper)) as form:
            form.note = "加急"
        self._attempt(picking.with_user(self.storekeeper).button_validate)

    def test_attack_without_a_name(self):
        """Goods for customers need the customer's name where credit is controlled."""
        picking = self._manual_delivery(self.env["res.partner"], 60)
        self._attempt(picking.button_validate, "customer's name")

    def test_attack_by_internal_transfer(self):
        """An internal transfer whose destination is the customer is a shipment."""
        partner = self._customer(0)
        picking = self._manual_delivery(partner, 60)
        picking.picking_type_id = picking.picking_type_id.warehouse_id.int_type_id
        picking.location_dest_id = self.env.ref("stock.stock_location_customers")
        picking.move_ids.location_dest_id = picking.location_dest_id
        self._attempt(picking.move_ids._action_done)

    def test_attack_on_a_done_delivery(self):
        """F7 of the stock module: lines added to or raised on a done transfer ship at once."""
        partner = self._customer(100)
        order = self._confirmed(partner, 50)
        self._ship(order)
        picking = order.picking_ids
        self._account(partner).limit_amount = 10
        line = picking.move_line_ids
        self._attempt(lambda: line.with_user(self.storekeeper).write({"quantity": 5}))
        self._attempt(
            lambda: (
                self.env["stock.move.line"]
                .with_user(self.storekeeper)
                .create(
                    {
                        "picking_id": picking.id,
                        "product_id": self.goods.id,
                        "quantity": 5,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                    }
                )
            )
        )
        self._attempt(
            lambda: (
                self.env["stock.move.line"]
                .with_user(self.storekeeper)
                .create(
                    {
                        "picking_id": picking.id,
                        "move_id": picking.move_ids.id,
                        "product_id": line.product_id.id,
                        "quantity": 5,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                    }
                )
            )
        )
        line.with_user(self.storekeeper).write({"quantity": 0.5})
        self.assertEqual(order.order_line.qty_delivered, 0.5)

    def test_batch_lets_others_go(self):
        """D8: two deliveries validated together: the good one leaves, the held one stays."""
        locked = self._locked_order().picking_ids
        fine = self._confirmed(self._customer(1000), 60).picking_ids
        self._prepare(fine)
        both = (locked | fine).with_user(self.storekeeper)
        both.with_context(skip_backorder=True).button_validate()
        self.assertEqual((locked.state, fine.state), ("assigned", "done"))
        self.assertEqual(locked.credit_hold_ids.state, "open")
        self.assertIn("Shipment locked", str(locked.message_ids.mapped("body")))

    def test_controller_releases_delivery(self):
        """A released delivery leaves; the release isn't for other deliveries."""
        order = self._locked_order()
        picking = order.picking_ids
        hold = picking.credit_hold_ids
        other = self._manual_delivery(order.partner_id, 60)
        with self.assertRaises(UserError):
            hold.with_user(self.controller).action_release("")
        hold.with_user(self.controller).action_release("验货付款")
        self.assertEqual((picking.shipment_locked, picking.credit_state), (False, "released"))
        self._attempt(other.button_validate)
        self._validate(picking.with_user(self.storekeeper))
        self.assertEqual(picking.state, "done")

    def test_payment_unlocks(self):
        """The lock is gone with the payment; nobody has to release anything."""
        partner = self._customer(100)
        invoice = self._bill(partner, 90, days_late=20)
        self.company.credit_control = "off"
        order = self._confirmed(partner, 5)
        self.company.credit_control = "block"
        picking = order.picking_ids
        self.assertEqual(picking.credit_hold_ids.state, "open")
        self._register_payment(invoice)
        self.assertEqual(picking.credit_hold_ids.state, "closed")
        self._ship(order)
        self.assertEqual(picking.state, "done")

    def test_returns_and_receipts_are_free(self):
        """What lowers the risk is never blocked: returns from and receipts for the customer."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 60)
        self._ship(order)
        self._account(partner).limit_amount = 0
        picking = order.picking_ids
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.storekeeper)
            .with_context(
                active_ids=picking.ids, active_id=picking.id, active_model="stock.picking"
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._prepare(back)
        back.with_user(self.storekeeper).button_validate()
        self.assertEqual(back.state, "done")
        self.assertEqual(self._exposure(partner), 0)

    def test_return_of_goods_without_order(self):
        """Goods that left without an order and come back use no credit any more."""
        partner = self._customer(100)
        picking = self._manual_delivery(partner, 60)
        self._validate(picking)
        self.assertEqual(self._exposure(partner), 60)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_ids=picking.ids, active_id=picking.id, active_model="stock.picking"
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._prepare(back)
        back.button_validate()
        self.assertEqual(self._exposure(partner), 0)

    def test_invoices_of_shipped_goods_are_free(self):
        """D10: shipped goods are billed, credited and paid whatever the limit says."""
        partner = self._customer(5000)
        order = self._confirmed(partner, 5000)
        self._ship(order)
        self._account(partner).limit_amount = 0
        self._bill(partner, 1, days_late=50)
        invoice = self._invoice(order)
        self.assertEqual((invoice.state, self._exposure(partner)), ("posted", 5001))
        self._reverse_invoice(invoice, post=True)
        self.init_payment(1, post=True, partner=partner)
        self.assertEqual(self._account(partner).receivable, 0)

    def test_company_that_is_not_controlled(self):
        """Another company of the group ships as ever."""
        order = self._locked_order()
        self.company.credit_control = "off"
        self._validate(order.picking_ids)
        self.assertEqual(order.picking_ids.state, "done")
