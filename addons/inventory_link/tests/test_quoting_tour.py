from odoo.tests import HttpCase, tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestQuotingTour(SupplyCase, HttpCase):
    """A salesperson quotes, sees the promise, takes it over and confirms; in both languages."""

    def _quote(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        self.make_product("Tour pump", stock=3, lead=10)
        seller = self.make_user("quoting_tour", "sales_team.group_sale_salesman")
        seller.write({"lang": lang, "tz": "Asia/Shanghai"})
        self.customer.name = "Tour customer"
        self.start_tour(
            "/odoo/action-sale.action_quotations_with_onboarding/new",
            "supply_quoting",
            login="quoting_tour",
            timeout=120,
        )
        order = self.env["sale.order"].search([("user_id", "=", seller.id)])
        self.assertEqual((order.state, order.order_line.product_uom_qty), ("sale", 5))
        self.assertEqual(order._wished_day(), self.day(10))
        self.assertEqual(order.order_line.promised_date, self.day(10))

    def test_english(self):
        """In English."""
        self._quote("en_US")

    def test_chinese(self):
        """In Chinese."""
        self._quote("zh_CN")
