from odoo.tests import HttpCase, tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestFloorTour(ProductionCase, HttpCase):
    """The floor's screens in a browser, as a production user."""

    def setUp(self):
        super().setUp()
        self.part = self.make_product("Tour part", stock=10)
        fg = self.make_product("Tour made")
        self.bom(fg, 1, (self.part, 1))
        self.ready = self.production(fg, 10, 5)
        self.short = self.production(fg, 10, 8)
        self.purchase(self.part, 10, 6)
        self.worker = self.make_user("floor_tour", "mrp.group_mrp_user")

    def run_tour(self, action, tour, lang="en_US"):
        self.env["res.lang"]._activate_lang(lang)
        self.worker.lang = lang
        self.start_tour(f"/odoo/action-production_order.{action}", tour, login="floor_tour")
        self.env.invalidate_all()

    def test_start_from_the_list(self):
        """English: the list of what can start, one click."""
        self.run_tour("mrp_production_action_can_start", "production_floor_start")
        self.assertEqual((self.ready.state, self.ready.move_raw_ids.quantity), ("progress", 10))

    def test_start_in_chinese(self):
        """Chinese: the same steps, by the cards."""
        self.run_tour("mrp_production_action_can_start", "production_floor_start_kanban", "zh_CN")
        self.assertEqual(self.ready.state, "progress")

    def test_waiting(self):
        """What waits for parts, with its table, in both languages."""
        for lang in ("en_US", "zh_CN"):
            self.run_tour("mrp_production_action_waiting", "production_floor_waiting", lang)
