from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestPriceAfterShipping(CreditCase):
    """What has left can't be locked any more: its price can't outgrow the limit afterwards."""

    def test_price_raised_after_shipping(self):
        """10 × 0.01 shipped under a limit of 100: 10 each fits, 10.01 doesn't."""
        order = self._confirmed(self._customer(100), 0.01, 10)
        self._ship(order)
        line = order.order_line.with_user(self.salesman)
        line.price_unit = 10
        self.assertEqual(self._exposure(order.partner_id), 100)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            line.price_unit = 10.01
        self.env.invalidate_all()
        self.assertEqual(self._exposure(order.partner_id), 100)
        line.price_unit = 5
        self.assertEqual(self._exposure(order.partner_id), 50)

    def test_discount_taken_back_after_shipping(self):
        """10 × 100 less 1,000 passes and ships; the discount can't be taken back then."""
        discount = self._product("折扣 Discount", "order", type="service")
        order = self._order(self._customer(100), 100, 10, product=self.goods)
        order.order_line = [
            Command.create(
                {
                    "product_id": discount.id,
                    "price_unit": -1000,
                    "technical_price_unit": 0.0,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        order.action_confirm()
        self._ship(order)
        line = order.order_line[1:].with_user(self.salesman)
        for values in ({"price_unit": 0}, {"product_uom_qty": 0}, {"discount": 100}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                line.write(values)
            self.env.invalidate_all()

    def test_state_of_a_locked_delivery(self):
        """A locked delivery isn't marked as done by writing its state."""
        partner = self._customer(100)
        picking = self._confirmed(partner, 100).picking_ids
        self._account(partner).limit_amount = 10
        for user in (self.storekeeper, self.salesman, self.accountant, self.controller):
            picking.with_user(user).write({"state": "done"})
            self.assertNotEqual(picking.state, "done")
