from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestGoodsGivenAway(CreditCase):
    """Goods that leave for a customer use his credit, wherever they end and however they go."""

    def _place(self, usage):
        company = ("company_id", "in", [self.company.id, False])
        places = self.env["stock.location"]
        return places.search([("usage", "=", usage), company], limit=1) or places.create(
            {"name": usage, "usage": usage}
        )

    def _given(self, partner, value, usage, quantity=1.0):
        """A ready outgoing transfer without an order that ends at another kind of place."""
        picking = self._manual_delivery(partner, value)
        place = self._place(usage)
        picking.location_dest_id = place
        picking.move_ids.location_dest_id = place
        picking.move_line_ids.location_dest_id = place
        picking.move_ids.product_uom_qty = quantity
        self._prepare(picking)
        return picking.with_user(self.storekeeper)

    def _brought_back(self, picking, quantity):
        wizard = (
            self.env["stock.return.picking"]
            .with_context(
                active_ids=picking.ids, active_id=picking.id, active_model="stock.picking"
            )
            .create({})
        )
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        self._prepare(back)
        back.button_validate()
        self.assertEqual(back.state, "done")

    def _refused(self, attempt, message="Shipment locked"):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            attempt()
        self.assertIn(message, str(caught.exception))
        self.env.invalidate_all()

    # ------------------------------------------------------------------ places

    def test_slices(self):
        """60 given away to any kind of place uses 60 of 100: the next 60 stays."""
        for usage in ("transit", "supplier", "inventory", "production"):
            with self.subTest(usage):
                partner = self._customer(100)
                first = self._given(partner, 60, usage)
                first.button_validate()
                self.assertEqual((first.state, self._exposure(partner)), ("done", 60))
                self._refused(self._given(partner, 60, usage).button_validate)
                self.assertEqual(self._exposure(partner), 60)

    def test_raised_afterwards(self):
        """More on the line of a done transfer to a transit place is judged as well."""
        partner = self._customer(100)
        picking = self._given(partner, 60, "transit")
        picking.button_validate()
        self._refused(lambda: picking.move_line_ids.write({"quantity": 2}))
        self.assertEqual((picking.move_ids.quantity, self._exposure(partner)), (1, 60))

    def test_new_customer(self):
        """A company that gives no credit: a customer without an account gets nothing either."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 0})
        for usage in ("transit", "supplier", "customer"):
            partner = self.env["res.partner"].create({"name": "新客户", "is_company": True})
            picking = self._given(partner, 60, usage)
            self._refused(picking.button_validate)

    def test_back_to_a_vendor(self):
        """What is typed in for a vendor who has billed us, and buys nothing, leaves as ever."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 0})
        vendor = self.env["res.partner"].create({"name": "供应商", "is_company": True})
        self.init_invoice("in_invoice", partner=vendor, amounts=[10], post=True)
        picking = self._given(vendor, 60, "supplier")
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        accounts = self.env["credit.account"].search([("partner_id", "=", vendor.id)])
        self.assertFalse(accounts)

    def test_brought_back(self):
        """3 × 20 given away, one comes back: 40, and 20 once another one is billed."""
        partner = self._customer(100)
        picking = self._given(partner, 20, "transit", 3)
        picking.button_validate()
        self.assertEqual(self._exposure(partner), 60)
        self._brought_back(picking, 1)
        self.assertEqual(self._exposure(partner), 40)
        product = picking.move_ids.product_id
        line = {"product_id": product.id, "price_unit": 20, "tax_ids": [Command.clear()]}
        self._bill(partner, 20, invoice_line_ids=[Command.create(line)])
        account = self._account(partner)
        self.assertEqual((account.delivered_not_invoiced, account.exposure), (20, 40))
        self._brought_back(picking, 2)
        self.assertEqual(account.delivered_not_invoiced, 0)

    # ------------------------------------------------------------------ states written by hand

    def test_state_written(self):
        """A transfer without an order whose moves are written done uses credit as well."""
        partner = self._customer(100)
        first, second = (self._manual_delivery(partner, 60) for __ in range(2))
        for picking in (first, second):
            picking.move_ids.picked = False
        first.move_ids.with_user(self.storekeeper).write({"state": "done"})
        self.assertEqual((first.state, self._exposure(partner)), ("done", 60))
        move = second.move_ids.with_user(self.storekeeper)
        self._refused(lambda: move.write({"state": "done"}))
        self.assertEqual(self._exposure(partner), 60)

    def test_destination_with_the_state(self):
        """A destination that is written together with the state is what is judged."""
        partner = self._customer(50)
        picking = self._manual_delivery(partner, 60)
        customers, stock = picking.location_dest_id, picking.location_id
        picking.picking_type_id = picking.picking_type_id.warehouse_id.int_type_id
        for record in (picking, picking.move_ids, picking.move_line_ids):
            record.location_dest_id = stock
        move = picking.move_ids.with_user(self.storekeeper)
        values = {"state": "done", "location_dest_id": customers.id}
        self._refused(lambda: move.write(values))

    def test_born_done(self):
        """A move that is made done uses credit: the second one of 60 is refused."""
        partner = self._customer(100)
        ready = self._manual_delivery(partner, 60)
        line = {
            "product_id": ready.move_ids.product_id.id,
            "quantity": 1,
            "location_id": ready.location_id.id,
            "location_dest_id": ready.location_dest_id.id,
            "company_id": self.company.id,
        }
        values = {
            **{name: line[name] for name in line if name != "quantity"},
            "partner_id": partner.id,
            "product_uom_qty": 1,
            "state": "done",
            "move_line_ids": [Command.create(line)],
        }
        moves = self.env["stock.move"].with_user(self.storekeeper)
        moves.create(values)
        self.assertEqual(self._exposure(partner), 60)
        self._refused(lambda: moves.create(values))

    # ------------------------------------------------------------------ the part that fits

    def _part_released(self):
        """A delivery of 3 × 20 of which one is released: 70 owed under a limit of 100."""
        partner = self._customer(130)
        self._bill(partner, 70)
        order = self._confirmed(partner, 20, 3)
        self._account(partner).limit_amount = 100
        picking = order.picking_ids
        picking.credit_hold_ids.action_ship_what_fits()
        self.assertEqual(picking.move_ids.quantity, 1)
        return order, picking.with_user(self.storekeeper)

    def test_part_opens_no_more(self):
        """The release of a part isn't one of the whole, picked or not, at once or by and by."""
        order, picking = self._part_released()
        move = picking.move_ids
        self._refused(lambda: move.write({"state": "done", "quantity": 3, "picked": False}))
        move.write({"quantity": 3, "picked": False})
        self._refused(lambda: move.write({"state": "done"}))
        self.assertEqual(order.order_line.qty_delivered, 0)
        move.write({"quantity": 1, "picked": True})
        self._validate(picking)
        self.assertEqual((picking.state, order.order_line.qty_delivered), ("done", 1))
        self._refused(lambda: picking.move_line_ids.write({"quantity": 2}))
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_part_beside_what_is_reserved(self):
        """What is reserved and isn't picked stays behind: it doesn't stop the released part."""
        partner = self._customer(130)
        self._bill(partner, 70)
        order = self._order(partner, 20, 1)
        line = {
            "product_id": self.goods.id,
            "product_uom_qty": 2,
            "price_unit": 20,
            "technical_price_unit": 0.0,
            "tax_ids": [Command.clear()],
        }
        order.order_line = [Command.create(line)]
        order.action_confirm()
        self._account(partner).limit_amount = 100
        picking = order.picking_ids
        picking.credit_hold_ids.action_ship_what_fits()
        rest = picking.move_ids.filtered(lambda move: not move.picked)
        rest.write({"quantity": 2, "picked": False})
        self._validate(picking.with_user(self.storekeeper))
        self.assertEqual(picking.state, "done")
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1, 0])

    # ------------------------------------------------------------------ who decides

    def test_four_eyes_of_an_invoice(self):
        """Who made, sells, changed or wanted to post an invoice doesn't release its hold."""
        self.company.credit_policy_id = self.env["credit.policy"].create(
            {
                "name": "含发票",
                "rule_ids": [
                    Command.create({"condition": "limit", "check": "all", "effect": "block"})
                ],
            }
        )
        controller, accountant = self.controller, self.accountant
        controller.sudo().group_ids |= self.env.ref("account.group_account_invoice")
        partner = self._customer(100)
        asked = self._bill(partner, 500, post=False)
        asked.with_user(controller).action_post()
        sold = self._bill(partner, 500, post=False, invoice_user_id=controller.id)
        changed = self._bill(partner, 500, post=False)
        lines = changed.invoice_line_ids.with_user(controller)
        lines.price_unit = 600
        lines.env.flush_all()
        for invoice in sold | changed:
            invoice.with_user(accountant).action_post()
        for invoice in asked | sold | changed:
            hold = invoice.credit_hold_ids
            self.assertIn(controller, hold._involved_users())
            self._refused(
                lambda h=hold: h.with_user(controller).action_release("可以"), "four eyes"
            )
        other = self._bill(partner, 500, post=False)
        other.with_user(accountant).action_post()
        hold = other.credit_hold_ids
        self.assertEqual(hold._involved_users() & (controller | accountant), accountant)
        hold.with_user(controller).action_release("可以")
        self.assertEqual(other.state, "posted")

    # ------------------------------------------------------------------ services

    def test_service_delivered_by_hand(self):
        """8 hours of 5 at 20 typed in make 190 of 130: the other delivery is locked at once."""
        partner = self._customer(150)
        service = self._product("工时", "delivery", type="service")
        order = self._confirmed(partner, 20, 5, product=service)
        other = self._confirmed(partner, 30)
        account = self._account(partner)
        version = account.version
        self.assertEqual((account.exposure, other.picking_ids.shipment_locked), (130, False))
        order.order_line.with_user(self.salesman).qty_delivered = 4
        self.assertEqual((account.exposure, account.version), (130, version))
        order.order_line.with_user(self.salesman).qty_delivered = 8
        self.assertEqual(account.exposure, 190)
        self.assertGreater(account.version, version)
        self.assertEqual(other.picking_ids.credit_hold_ids.state, "open")
        order.order_line.with_user(self.salesman).qty_delivered = 5
        self.assertEqual(account.exposure, 130)
        self.assertEqual(other.picking_ids.credit_hold_ids.state, "closed")

    def test_service_beside_goods(self):
        """Written on both lines at once, the service's quantity stays, the goods' doesn't."""
        partner = self._customer(1000)
        service = self._product("安装", "delivery", type="service")
        order = self._order(partner, 20, 5, product=service)
        line = {
            "product_id": self.goods.id,
            "product_uom_qty": 2,
            "price_unit": 10,
            "technical_price_unit": 0.0,
            "tax_ids": [Command.clear()],
        }
        order.order_line = [Command.create(line)]
        order.action_confirm()
        order.order_line.with_user(self.salesman).write({"qty_delivered": 3})
        self.assertEqual(order.order_line.mapped("qty_delivered"), [3, 0])
