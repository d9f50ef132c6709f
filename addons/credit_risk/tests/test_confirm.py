from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestConfirm(CreditCase):
    """Confirming an order that the credit doesn't allow saves a hold instead of an error."""

    def test_hold_is_saved_shown_and_explained(self):
        """A1: over the limit means a hold with its excess and cure, no delivery, no exposure."""
        partner = self._customer(100)
        self._bill(partner, 100)
        order = self._order(partner, 25, 2)
        self.assertEqual(order.with_user(self.salesman).action_confirm(), True)
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertFalse(order.picking_ids)
        self.assertEqual(self._exposure(partner), 100)
        hold = order.credit_hold_ids
        self.assertEqual((hold.state, hold.reason_codes), ("open", "LIMIT"))
        self.assertEqual((hold.excess_amount, hold.amount, hold.exposure), (50, 50, 100))
        self.assertIn("50.00", hold.cure)
        self.assertIn("150.00", hold.cure)
        self.assertIn("over the credit limit", order.credit_message)
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual((decision.kind, decision.outcome), ("credit.check", "hold"))
        values = {line["field"]: line["value"] for line in decision.sudo().input_values}
        self.assertEqual((values["exposure"], values["effective_limit"]), (100, 100))
        self.assertEqual(order.action_why()["res_model"], "suite.decision")

    def test_raised_and_lowered_limit(self):
        """A1: a higher limit lets the order go; billing keeps the sum; a lower one locks goods."""
        partner = self._customer(100)
        self._bill(partner, 100)
        order = self._confirmed(partner, 25, 2, product=self.goods)
        self._account(partner).limit_amount = 200
        self.assertEqual(order.state, "sale")
        self.assertEqual(self._exposure(partner), 150)
        invoice = order._create_invoices()
        invoice.invoice_line_ids.quantity = 1
        invoice.action_post()
        account = self._account(partner)
        self.assertEqual((account.receivable, account.open_orders), (125, 25))
        account.limit_amount = 100
        self.assertEqual(order.state, "sale")
        self._prepare(order.picking_ids)
        with self.assertRaises(UserError):
            self._validate(order.picking_ids)

    def test_limit_kinds(self):
        """A15: blank takes the company's default, 0 is no credit, unlimited is never over."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 100})
        blank = self._customer()
        self.assertEqual(self._account(blank).effective_limit, 100)
        self.assertEqual(self._confirmed(blank, 100.01).credit_state, "hold")
        self.assertEqual(self._confirmed(blank, 100).state, "sale")
        none = self._customer(0)
        self.assertEqual(self._confirmed(none, 0.01).credit_state, "hold")
        self.assertEqual(self._confirmed(none, 0).state, "sale")
        free = self._customer()
        self._account(free).limit_kind = "unlimited"
        self.assertEqual(self._confirmed(free, 1e9).state, "sale")

    def test_payer_is_checked(self):
        """B7: three orders of a shop that the head office pays: one fits, two are held."""
        payer, shop = self._customer(100), self._customer(1000)
        orders = [self._confirmed(shop, 90, partner_invoice_id=payer.id) for __ in range(3)]
        self.assertEqual([order.credit_state for order in orders], ["clear", "hold", "hold"])
        self.assertEqual(self._exposure(payer), 90)
        self.assertEqual(self._exposure(shop), 0)

    def test_batch_counts_the_earlier_ones(self):
        """D1: 60 and 60 in one call against 100: exactly one passes, the other one is held."""
        partner = self._customer(100)
        other = self._customer(100)
        orders = self._order(partner, 60) | self._order(partner, 60) | self._order(other, 60)
        orders.action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "draft", "sale"])
        self.assertEqual(orders.mapped("credit_state"), ["clear", "hold", "clear"])
        self.assertEqual(orders[1].credit_hold_ids.excess_amount, 20)
        self.assertEqual(self._exposure(partner), 60)

    def test_clicking_twice(self):
        """A second click judges again and makes no second hold; what fits then passes."""
        partner = self._customer(100)
        order = self._confirmed(partner, 150)
        order.action_confirm()
        hold = order.credit_hold_ids
        self.assertEqual(len(hold), 1)
        order.order_line.price_unit = 90
        order.action_confirm()
        self.assertEqual((order.state, hold.state), ("sale", "closed"))

    def test_growing_after_confirmation(self):
        """D4: an order that outgrows the limit can't ship; shrinking is always allowed."""
        partner = self._customer(100)
        order = self._confirmed(partner, 60)
        line = order.order_line
        version = self._account(partner).version
        line.product_uom_qty = 2
        self.assertGreater(self._account(partner).version, version)
        self.assertEqual(self._exposure(partner), 120)
        self.assertTrue(all(order.picking_ids.mapped("shipment_locked")))
        hold = order.picking_ids.credit_hold_ids
        self.assertEqual((hold.state, hold.excess_amount), ("open", 20))
        self._prepare(order.picking_ids)
        with self.assertRaises(UserError):
            self._validate(order.picking_ids)
        line.product_uom_qty = 1
        self.assertFalse(any(order.picking_ids.mapped("shipment_locked")))
        self.assertEqual(hold.state, "closed")
        line.price_unit = 120
        self.assertTrue(all(order.picking_ids.mapped("shipment_locked")))
        line.price_unit = 60
        order.order_line = [
            Command.create({"product_id": self.goods.id, "price_unit": 50, "tax_ids": False})
        ]
        self.assertTrue(all(order.picking_ids.mapped("shipment_locked")))

    def test_reopened_order_is_judged_again(self):
        """D5: cancelled 80, confirmed 90, reopened 80: 170 is too much, released before or not."""
        partner = self._customer(100)
        first = self._confirmed(partner, 80)
        first._action_cancel()
        self._confirmed(partner, 90)
        first.action_draft()
        first.action_confirm()
        self.assertEqual((first.credit_state, first.credit_hold_ids.excess_amount), ("hold", 70))

    def test_bypasses(self):
        """D6: context keys, state by write or create, server action, portal: none gets through."""
        partner = self._customer(100)
        order = self._order(partner, 150)
        keys = ("credit_pass", "cleared", "bypass_risk", "skip_credit", "credit_risk.cleared")
        order.with_user(self.salesman).with_context(**dict.fromkeys(keys, True)).action_confirm()
        self.assertEqual(order.state, "draft")
        attempts = [
            lambda: order.with_user(self.salesman).write({"state": "sale"}),
            lambda: (
                self.env["sale.order"]
                .with_user(self.salesman)
                .create(
                    {
                        "partner_id": partner.id,
                        "state": "sale",
                        "order_line": [
                            Command.create(
                                {"product_id": self.goods.id, "price_unit": 150, "tax_ids": False}
                            )
                        ],
                    }
                )
            ),
        ]
        for attempt in attempts:
            with (
                self.assertRaises(UserError),
                self.assertLogs("odoo.addons.credit_risk.models.sale_order_changes", "WARNING"),
            ):
                attempt()
            self.env.invalidate_all()
        action = (
            self.env["ir.actions.server"]
            .sudo()
            .create(
                {
                    "name": "Confirm",
                    "model_id": self.env["ir.model"]._get_id("sale.order"),
                    "state": "code",
                    "code": "records.action_confirm()",
                    "group_ids": [Command.clear()],
                }
            )
        )
        action.with_user(self.salesman).with_context(
            active_model="sale.order", active_ids=order.ids, active_id=order.id
        ).run()
        order.sudo()._validate_order()  # what a signature or a payment on the portal calls
        self.assertEqual((order.state, len(order.credit_hold_ids)), ("draft", 1))
        self.assertEqual(self._exposure(partner), 0)

    def test_import_as_confirmed(self):
        """D6: importing orders as confirmed is judged as well."""
        partner = self._customer(100)
        columns = ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/price_unit"]
        with self.assertLogs("odoo.addons.credit_risk.models.sale_order_changes", "WARNING"):
            result = (
                self.env["sale.order"]
                .with_user(self.salesman)
                .load(columns, [[str(partner.id), "sale", str(self.goods.id), "150"]])
            )
        self.assertFalse(result["ids"])
        self.assertIn("can't be confirmed this way", result["messages"][0]["message"])

    def test_holds_are_not_written_by_hand(self):
        """Nobody makes, changes or removes a hold or its order's state by RPC."""
        partner = self._customer(100)
        order = self._confirmed(partner, 150)
        for user in (self.salesman, self.sales_boss, self.controller, self.manager):
            hold = order.credit_hold_ids.with_user(user)
            for attempt in (
                lambda hold=hold: hold.write({"state": "released"}),
                lambda hold=hold: hold.create({"account_id": 1, "sale_order_id": order.id}),
                lambda hold=hold: hold.unlink(),
            ):
                with self.assertRaises(AccessError):
                    attempt()

    def test_warn_mode(self):
        """On "warn" the order passes with a warning; the what-if shows on the quotation."""
        self.company.credit_control = "warn"
        partner = self._customer(100)
        order = self._order(partner, 150)
        self.assertIn("over by $ 50.00", order.credit_message.replace("\xa0", " "))
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("sale", "warning"))
        self.assertFalse(order.credit_hold_ids)
        picking = order.picking_ids
        self.assertEqual((picking.credit_state, picking.shipment_locked), ("warning", False))
        self._ship(order)
        self.assertEqual(picking.state, "done")

    def test_switched_off(self):
        """Switched off, nothing is checked and nothing is kept."""
        self.company.credit_control = "off"
        partner = self.env["res.partner"].create({"name": "甲"})
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 1})
        order = self._confirmed(partner, 150)
        self._ship(order)
        self.assertEqual((order.state, order.credit_state), ("sale", "clear"))
        self.assertFalse(order.credit_message)
        self.assertFalse(self.env["credit.account"].search([("partner_id", "=", partner.id)]))

    def test_switching_on(self):
        """Switching on gives every customer that owes something an account."""
        self.company.credit_control = "off"
        partner = self.env["res.partner"].create({"name": "甲", "is_company": True})
        self._bill(partner, 50)
        self.company.credit_control = "block"
        account = self.env["credit.account"].search([("partner_id", "=", partner.id)])
        self.assertEqual(account.exposure, 50)

    def test_query_budget(self):
        """The check adds at most 15 queries to a confirmation, for 1 order as for 10."""
        partner = self._customer(100000)
        for number in (1, 10):
            orders = self.env["sale.order"].union(
                *(self._order(partner, 1) for __ in range(number))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            orders.mapped("order_line.product_id.type")
            orders.mapped("company_id.currency_id.name")
            with self.assertQueryCount(15 + number):
                orders.sudo()._credit_hold_back()
                self.env.flush_all()
