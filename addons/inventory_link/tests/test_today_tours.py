from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .common import SupplyCase

LANGUAGES = ("en_US", "zh_CN")


@tagged("post_install", "-at_install")
class TestTodayTours(SupplyCase, HttpCase):
    """A planner's and a warehouse worker's day in a browser, in both languages."""

    def worker(self, login, groups, lang):
        self.env["res.lang"]._activate_lang(lang)
        user = self.make_user(login, groups)
        user.lang = lang
        return user

    def test_planner(self):
        """Edit a line, see what it does, save, approve and release it."""
        for number, lang in enumerate(LANGUAGES):
            with self.subTest(lang):
                product = self.make_product(f"Tour {number}", lead=7, price=2.0)
                order = self.sell(product, 50, 30)
                self.worker(f"tour_planner_{lang}", "inventory_link.group_supply_planner", lang)
                self.start_tour(
                    "/odoo/purchase-plan", "supply_planner_day", login=f"tour_planner_{lang}"
                )
                self.env.invalidate_all()
                line = self.lines(product, ("released",))
                self.assertEqual((len(line), line.edited), (1, True))
                self.assertEqual(line.purchase_line_id.product_qty, 60)
                order._action_cancel()

    def test_warehouse(self):
        """Open Today, approve a line, open a locked shipment and see why."""
        lock = {"reason": "Locked in the tour", "help": "", "who": "Somebody"}
        for number, lang in enumerate(LANGUAGES):
            with self.subTest(lang):
                product = self.make_product(f"Tour {number}", lead=5)
                order = self.sell(product, 3, 5)
                shipped = self.make_product(f"Shipped {number}", stock=5)
                delivery = self.sell(shipped, 5, 0)
                self.worker(f"tour_stock_{lang}", "stock.group_stock_user", lang)
                with patch.object(
                    type(self.env["suite.outlook"]),
                    "_shipment_locks",
                    lambda _self, deliveries: dict.fromkeys(deliveries.ids, lock),
                ):
                    self.start_tour(
                        "/odoo/warehouse-today", "warehouse_day", login=f"tour_stock_{lang}"
                    )
                self.env.invalidate_all()
                self.assertEqual(self.lines(product).state, "approved")
                (order | delivery)._action_cancel()
