from odoo.tests import HttpCase, tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestPictureTour(ProductionScenarioCase, HttpCase):
    """The peg picture in a browser: from an order, with closing, opening, table and document."""

    def walk(self, lang, login):
        """The picture of B01 in one language."""
        self.env["res.lang"]._activate_lang(lang)
        rm1 = self.make_product("RM1", stock=7, lead=10)
        rm2 = self.make_product("RM2", lead=5)
        sa = self.make_product("SA", stock=5)
        fg = self.make_product("FG", stock=2)
        self.bom(sa, 4, (rm1, 3))
        self.bom(fg, 3, (sa, 2), (rm2, 1))
        order = self.sell(fg, 10, 30)
        user = self.make_user(
            login,
            "inventory_link.group_supply_planner,sales_team.group_sale_salesman_all_leads",
        )
        user.lang = lang
        self.start_tour(f"/odoo/sales/{order.id}", "peg_picture", login=login)
        self.start_tour(
            f"/odoo/peg-picture/{rm1.id}?of=product.product&direction=up",
            "peg_picture_up",
            login=login,
        )

    def test_english(self):
        """A planner walks through the picture in English."""
        self.walk("en_US", "picture_tour_en")

    def test_chinese(self):
        """The same in Chinese."""
        self.walk("zh_CN", "picture_tour_zh")
