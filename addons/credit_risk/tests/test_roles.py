from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestRoles(CreditCase):
    """Accounting and warehouse see orders and can't change them; their own work goes on."""

    def test_orders_are_read_only(self):
        """Refused on the server: price, quantity, customer, confirmation, cancellation, removal."""
        partner = self._customer(1000)
        quote, order = self._order(partner, 60), self._confirmed(partner, 60)
        users = (self.accountant, self.chief_accountant, self.controller, self.manager)
        for user in (*users, self.storekeeper):
            for record in (quote, order):
                seen = record.with_user(user)
                self.assertEqual(seen.read(["name", "amount_total"])[0]["amount_total"], 60)
                attempts = (
                    lambda seen=seen: seen.write({"client_order_ref": "x"}),
                    lambda seen=seen: seen.order_line.write({"price_unit": 1}),
                    lambda seen=seen: seen.order_line.write({"product_uom_qty": 9}),
                    lambda seen=seen: seen.write({"order_line": [(2, seen.order_line.id)]}),
                    lambda seen=seen: seen.action_cancel(),
                    lambda seen=seen: seen.copy(),
                    lambda seen=seen: seen.unlink(),
                    lambda seen=seen: seen.order_line.unlink(),
                )
                for attempt in attempts:
                    with self.assertRaises(AccessError):
                        attempt()
            with self.assertRaises(AccessError):
                quote.with_user(user).action_confirm()
        self.assertFalse(quote.credit_hold_ids)
        self.assertEqual((quote.amount_total, order.amount_total), (60, 60))

    def test_storekeeper_delivers(self):
        """Partial delivery with a backorder, the rest, and cancelling a delivery."""
        order = self._confirmed(self._customer(1000), 10, 5)
        first = order.picking_ids
        self._prepare(first, 2)
        self._validate(first.with_user(self.storekeeper))
        rest = order.picking_ids - first
        self.assertEqual((first.state, order.order_line.qty_delivered), ("done", 2))
        self._prepare(rest, 1)
        rest.with_user(self.storekeeper).with_context(
            skip_backorder=True, picking_ids_not_to_backorder=rest.ids
        ).button_validate()
        self.assertEqual(order.order_line.qty_delivered, 3)
        other = self._confirmed(self._customer(1000), 10, 5)
        other.picking_ids.with_user(self.storekeeper).action_cancel()
        self.assertEqual(other.picking_ids.state, "cancel")

    def test_accountant_bills(self):
        """Draft of a salesperson posted, credited, paid by accountants; a line taken out."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 60, product=self.goods)
        for user in (self.accountant, self.chief_accountant):
            invoice = order.with_user(self.salesman)._create_invoices().sudo(False)
            invoice = invoice.with_user(user)
            invoice.invoice_line_ids.quantity = 0.5
            invoice.action_post()
            self.assertEqual(order.order_line.qty_invoiced, 0.5)
            self._register_payment(invoice)
            self._reverse_invoice(invoice, post=True)
            invoice.button_draft()
            invoice.button_cancel()
            self.assertEqual(invoice.state, "cancel")
            order.invoice_ids.filtered(lambda move: move.move_type == "out_refund").button_draft()
            order.invoice_ids.filtered(lambda move: move.state == "draft").unlink()
        draft = order.with_user(self.salesman)._create_invoices()
        draft.with_user(self.accountant).unlink()
        self.assertEqual(order.order_line.qty_invoiced, 0)

    def test_salesperson_still_works(self):
        """A salesperson who is an accountant too keeps the rights of a salesperson."""
        self.accountant.group_ids |= self.env.ref("sales_team.group_sale_salesman_all_leads")
        quote = self._order(self._customer(1000), 60)
        quote.with_user(self.accountant).write({"client_order_ref": "x"})
        self.assertEqual(quote.client_order_ref, "x")

    def test_menus(self):
        """Accounting finds the orders and the holds in the Credit app; storekeepers don't."""
        menu = self.env.ref("credit_risk.sale_order_menu")
        root = self.env.ref("credit_risk.credit_menu_root")
        for user, expected in ((self.accountant, True), (self.storekeeper, False)):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            self.assertEqual({menu.id, root.id} <= visible, expected)

    def test_salesperson_sees_own_holds(self):
        """Holds of others stay hidden from a salesperson who sees own documents only."""
        order = self._confirmed(self._customer(100), 150)
        holds = order.credit_hold_ids
        self.assertEqual(holds.with_user(self.salesman).search([("id", "in", holds.ids)]), holds)
        holds.sudo().user_id = self.sales_boss
        self.assertFalse(holds.with_user(self.salesman).search([("id", "in", holds.ids)]))
        with self.assertRaises(AccessError):
            holds.with_user(self.storekeeper).read(["state"])

    def test_accountant_receives_the_last_payment(self):
        """Finance pays an order's invoice in full: the order's log says so, nobody is refused."""
        partner = self._customer(1000)
        order = self._confirmed(partner, 100, product=self.goods)
        self._ship(order)
        invoice = self._invoice(order)
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        wizard.action_create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self._exposure(partner), 0)
        with self.assertRaises(AccessError):
            order.with_user(self.accountant).client_order_ref = "x"
