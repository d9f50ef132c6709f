from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestSupplyGate(CreditCase):
    """Which lines of orders on hold a plan may see, by company and kind of product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made_to_order = cls.env["product.category"].create({"name": "定制 Custom"})
        cls.special = cls.env["product.category"].create(
            {"name": "特殊 Special", "parent_id": cls.made_to_order.id}
        )
        cls.custom = cls._product("Special shaft", "delivery", categ_id=cls.special.id)
        cls.outlook = cls.env["suite.outlook"]

    def setUp(self):
        super().setUp()
        self.partner = self._customer(100)
        self.order = self._order(self.partner, 150)
        self.order.order_line = [Command.create({"product_id": self.custom.id, "price_unit": 10})]
        self.stock_line, self.custom_line = self.order.order_line

    def _hold(self):
        self.order.action_confirm()
        self.assertEqual(self.order.credit_state, "hold")

    def _plannable(self):
        return self.outlook._plannable(self.order.order_line)

    def test_neutral(self):
        """Nothing is set: every line may be planned, as before."""
        self._hold()
        self.assertIn(self.order.id, self.outlook._held_orders(self.company.id))
        self.assertEqual(self._plannable(), self.order.order_line)

    def test_chain(self):
        """The product goes before its category, that before those above it and the company."""
        self._hold()
        self.company.credit_hold_supply = "none"
        self.assertFalse(self._plannable())
        self.made_to_order.credit_hold_supply = "tentative"
        self.assertEqual(self._plannable(), self.custom_line)
        self.company.credit_hold_supply = "tentative"
        self.made_to_order.credit_hold_supply = "none"
        self.assertEqual(self._plannable(), self.stock_line)
        self.special.credit_hold_supply = "tentative"
        self.assertEqual(self._plannable(), self.order.order_line)
        self.custom.credit_hold_supply = "none"
        self.assertEqual(self._plannable(), self.stock_line)

    def test_only_while_on_hold(self):
        """Quotations and confirmed orders aren't touched by the rule."""
        self.custom.credit_hold_supply = "none"
        self.assertEqual(self._plannable(), self.order.order_line)
        self._hold()
        self.assertEqual(self._plannable(), self.stock_line)
        self.order.credit_hold_ids.with_user(self.controller).action_release("ok")
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self._plannable(), self.order.order_line)
        self.assertNotIn(self.order.id, self.outlook._held_orders(self.company.id))

    def test_rejected(self):
        """A rejected order is a plain quotation again."""
        self.custom.credit_hold_supply = "none"
        self._hold()
        self.order.credit_hold_ids.with_user(self.controller).action_reject("no")
        self.assertEqual(self._plannable(), self.order.order_line)
        self.assertNotIn(self.order.id, self.outlook._held_orders(self.company.id))

    def test_changes_are_told(self):
        """Another rule of a product, a category or the company tells which orders it is about."""
        self._hold()
        other = self._order(self.partner, 150)
        other.action_confirm()
        told = []
        with patch.object(
            type(self.outlook), "_changed", lambda _model, orders: told.append(orders)
        ):
            self.custom.credit_hold_supply = "none"
            self.made_to_order.credit_hold_supply = "none"
            self.custom.categ_id = self.made_to_order
            self.assertEqual(told, [self.order] * 3)
            told.clear()
            self.company.credit_hold_supply = "none"
            self.assertEqual(told, [self.order | other])
            told.clear()
            self.order.credit_hold_ids.with_user(self.controller).action_reject("no")
            told.clear()
            self.custom.credit_hold_supply = "tentative"
            self.assertEqual(told, [])
