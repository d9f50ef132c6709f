from collections import defaultdict

from odoo.tests import tagged

from .random_case import RandomCase


@tagged("post_install", "-at_install")
class TestProperties(RandomCase):
    def check_conservation(self):
        """P01: pegs cover each demand exactly and never take more than a supply has."""
        pegs = self.env["supply.peg"].search(
            [("product_id", "in", [product.id for product in self.products])]
        )
        sold, given = defaultdict(float), defaultdict(float)
        for peg in pegs:
            if peg.sale_line_id:
                sold[peg.sale_line_id] += peg.quantity
            if peg.supply_plan_line_id:
                given[peg.supply_plan_line_id] += peg.quantity
        live = self.env["sale.order.line"].search(
            [
                ("product_id", "in", [product.id for product in self.products]),
                ("state", "=", "sale"),
            ]
        )
        self.assertEqual(dict(sold), {line: line.product_uom_qty for line in live})
        lines = self.env["supply.plan.line"].search(
            [
                ("product_id", "in", [product.id for product in self.products]),
                ("state", "in", ("proposed", "approved")),
            ]
        )
        for line in lines:
            self.assertAlmostEqual(given[line] + line.free_quantity, line.quantity, 6)
            self.assertGreaterEqual(line.order_date, self.today)
            self.assertGreaterEqual(line.due_date, self.today)
            # an approved line that nothing needs any more takes no components
            for part in line.bom_id.bom_line_ids if given[line] else ():
                taken = sum(
                    line.component_peg_ids.filtered(
                        lambda peg, part=part: peg.product_id == part.product_id
                    ).mapped("quantity")
                )
                self.assertAlmostEqual(taken, part.product_qty * line.quantity, 6)

    def test_p01_p02_p03_random_edits(self):
        """P01–P03: after random edits pegs are conserved, and a full run finds nothing to do."""
        orders = []
        for number in range(60):
            self.edit(orders)
            self.assertUnchanged()
            if number % 10 == 9:
                self.check_conservation()

    def test_p05_order_of_records_does_not_matter(self):
        """P05: the same plan when everything is deleted and planned from nothing."""
        orders = []
        for _number in range(12):
            self.edit(orders, documents=False)

        def snapshot():
            return [(product.id, self.plan(product)) for product in self.products]

        before = snapshot()
        self.env.cr.execute("DELETE FROM supply_peg")
        self.env.cr.execute("DELETE FROM supply_plan_line")
        self.env.invalidate_all()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(snapshot(), before)
