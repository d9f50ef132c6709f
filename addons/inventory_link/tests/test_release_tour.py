from odoo.tests import HttpCase, tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestReleaseTour(SupplyCase, HttpCase):
    """The progress dialog in a browser."""

    def test_progress_dialog(self):
        """25 lines are released from the list while the bar is watched."""
        product = self.make_product("Tour", lead=3)
        for number in range(25):
            self.sell(product, 1 + number, 10 + number)
        lines = self.lines(product)
        lines.action_approve()
        self.make_user("supply_tour", "inventory_link.group_supply_planner")
        self.start_tour(
            "/odoo/action-inventory_link.supply_plan_line_action_buy",
            "supply_release_progress",
            login="supply_tour",
        )
        self.env.invalidate_all()
        self.assertEqual(set(lines.mapped("state")), {"released"})
        self.assertEqual(len(lines.purchase_line_id), 25)
        release = self.env["supply.release"].search([("company_id", "=", self.company.id)])
        self.assertEqual((release.state, release.done), ("done", 25))
