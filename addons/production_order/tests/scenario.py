"""Scenario tests with bills of materials."""

from odoo.addons.inventory_link.tests.scenario import ScenarioMixin

from .common import ProductionCase


class ProductionScenarioCase(ScenarioMixin, ProductionCase):
    """What exists for a product, in documents and in the plan, whatever state it is in."""

    def made(self, product):
        """Open production orders of a product."""
        return self.env["mrp.production"].search(
            [("product_id", "=", product.id), ("state", "not in", ("cancel", "done"))],
            order="date_start, id",
        )

    def bought(self, product):
        """Purchase lines of a product whose order isn't cancelled."""
        return self.env["purchase.order.line"].search(
            [("product_id", "=", product.id), ("order_id.state", "!=", "cancel")],
            order="date_planned, id",
        )

    def supplied(self, product):
        """Everything ordered, in production and proposed for a product."""
        return (
            sum(self.made(product).mapped("product_qty"))
            + sum(self.bought(product).mapped("product_uom_qty"))
            + sum(self.lines(product).mapped("quantity"))
        )

    def apply_messages(self, *products):
        """Apply what is open for these products, top level first."""
        for product in products:
            self.env["supply.message"].search(
                [("product_id", "=", product.id), ("state", "=", "open")]
            ).action_apply()
