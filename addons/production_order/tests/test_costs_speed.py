import functools

from odoo import Command
from odoo.tests import tagged

from .cost_case import CostCase


@tagged("post_install", "-at_install")
class TestCostsSpeed(CostCase):
    """Costs are read by set: the number of queries doesn't grow with the lines."""

    def order_of(self, count, released=False):
        """An order of different chairs, each of its own frame and wood, bought in two currencies.

        :param bool released: from open production and purchase orders
        """
        products = self.env["product.product"]
        for number in range(count):
            chair = self.make_product(f"Chair {count}-{number}")
            wood = self.make_product(f"Wood {count}-{number}", lead=2, price=4.0)
            self.bom(
                chair,
                1,
                (wood, 3),
                (self.packing, 1),
                operation_ids=[
                    Command.create(
                        {
                            "name": "Assembly",
                            "workcenter_id": self.centre.id,
                            "time_mode": "manual",
                            "time_cycle_manual": 10.0,
                        }
                    )
                ],
            )
            products |= chair
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "commitment_date": self.noon(20),
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 2})
                    for product in products
                ],
            }
        )
        order.action_confirm()
        if released:
            self.planner.run(self.warehouse.ids)
            lines = self.env["supply.plan.line"].search(
                [("company_id", "=", self.company.id), ("state", "=", "proposed")]
            )
            lines.action_approve()
            lines.action_release()
            self.planner.run(self.warehouse.ids)
        return order

    def count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def fixing(self, order):
        order.order_line._forget_costs()
        return self.count(order.order_line._fix_planned_costs)

    def test_baseline_from_the_plan(self):
        """80 lines that are planned take as many queries as 2."""
        few, many = self.order_of(2), self.order_of(80)
        needed = self.fixing(few), self.fixing(many)
        self.assertTrue(all(line.planned_cost == 67.0 for line in many.order_line))
        self.assertLessEqual(needed[1], needed[0] + 4, needed)
        self.assertLessEqual(needed[1], 60, needed)

    def test_baseline_from_documents(self):
        """The same from open production and purchase orders."""
        few, many = self.order_of(2, released=True), self.order_of(30, released=True)
        needed = self.fixing(few), self.fixing(many)
        self.assertLessEqual(needed[1], needed[0] + 4, needed)

    def test_comparison_and_reading(self):
        """Comparing 30 lines that were made, bought and delivered takes as many queries as 2, and
        reading cost and margin of a list needs none beyond its fields."""
        orders = self.order_of(2, released=True), self.order_of(30, released=True)
        for order in orders:
            for product in order.order_line.product_id:
                wood = self.env["mrp.bom"]._bom_find(product)[product].bom_line_ids[0].product_id
                self.receive(wood)
                self.make(product, minutes=40)
            self.ship(order)
        self.assertTrue(all(line.actual_cost == 67.0 for line in orders[1].order_line))
        few, many = (self.count(order.order_line._update_actual_costs) for order in orders)
        self.assertLessEqual(many, few + 4, (few, many))
        few, many = (
            self.count(functools.partial(self.read_costs, order.order_line.ids)) for order in orders
        )
        self.assertLessEqual(many, few + 1, (few, many))

    def read_costs(self, line_ids):
        names = ["planned_cost", "actual_cost", "planned_margin", "cost_variance_price"]
        self.env["sale.order.line"].browse(line_ids).read(names)
