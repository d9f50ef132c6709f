from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from .cost_case import CostCase

SPLIT = ("cost_variance_price", "cost_variance_quantity", "cost_variance_time")


@tagged("post_install", "-at_install")
class TestCostsActual(CostCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        category = cls.env["product.category"].create(
            {"name": "Average", "property_cost_method": "average"}
        )
        (cls.fg | cls.sa | cls.rm).categ_id = category

    def split(self, line):
        return tuple(line[name] for name in SPLIT)

    def assertSplit(self, line):
        """The parts add up to the line, the split to the difference, to the cent."""
        money = self.company.currency_id.round
        self.assertEqual(money(sum(self.split(line))), line.cost_variance)
        self.assertEqual(line.cost_variance, money(line.actual_cost - line.planned_cost_delivered))
        for name in ("actual_cost", "expected_cost", "variance", "variance_price"):
            total = money(sum(line.cost_part_ids.mapped(name)))
            field = {
                "actual_cost": "actual_cost",
                "expected_cost": "planned_cost_delivered",
                "variance": "cost_variance",
                "variance_price": "cost_variance_price",
            }[name]
            self.assertEqual(total, line[field])

    def make_all(self, order, price=None, minutes=None, taken=None):
        """Release, buy and make everything behind an order."""
        self.release(self.fg, self.sa, self.rm)
        self.receive(self.rm, price)
        self.make(self.sa, taken=taken)
        self.make(self.fg, minutes=minutes)

    def test_as_planned(self):
        """Bought, made and delivered as planned: 375 as planned, no difference, one decision."""
        order = self.sell(self.fg, 10, 20)
        self.make_all(order, minutes=120)
        self.ship(order)
        line = order.order_line
        self.assertEqual((line.actual_cost, line.planned_cost_delivered), (375.0, 375.0))
        self.assertEqual((line.cost_variance, *self.split(line)), (0.0, 0.0, 0.0, 0.0))
        self.assertEqual((line.planned_margin, line.actual_margin), (625.0, 625.0))
        self.assertSplit(line)

    def test_price_quantity_and_time(self):
        """Steel at 4.50 instead of 4, 66 m instead of 60, 150 minutes instead of 120:
        quantity 6 × 4 = 24, time 0.5 h × 60 = 30, price 66 × 0.50 = 33."""
        order = self.sell(self.fg, 10, 20)
        self.put_in_stock(self.rm, 6)
        self.rm.standard_price = 4.5
        self.make_all(order, price=4.5, minutes=150, taken={self.rm: 66})
        self.ship(order)
        line = order.order_line
        self.assertEqual(self.split(line), (33.0, 24.0, 30.0))
        self.assertEqual((line.actual_cost, line.cost_variance), (462.0, 87.0))
        self.assertEqual(line.actual_margin, 538.0)
        self.assertEqual(
            self.told(line, "expected_quantity", "actual_quantity", "actual_cost"),
            {
                ("material", self.rm): (60.0, 66.0, 297.0),
                ("material", self.packing): (10.0, 10.0, 15.0),
                ("operation", self.fg): (2.0, 2.5, 150.0),
            },
        )
        self.assertSplit(line)

    def test_dearer_hour_is_price(self):
        """The same time at 72 an hour instead of 60: 24 by price, nothing by time."""
        order = self.sell(self.fg, 10, 20)
        self.release(self.fg, self.sa, self.rm)
        self.receive(self.rm)
        self.make(self.sa)
        self.centre.costs_hour = 72.0
        self.make(self.fg, minutes=120)
        self.ship(order)
        self.assertEqual(self.split(order.order_line), (24.0, 0.0, 0.0))
        self.assertSplit(order.order_line)

    def test_partial_delivery_compares_its_share(self):
        """3 of 10 delivered: 112.50 planned for them, and the rest after."""
        order = self.sell(self.fg, 10, 20)
        self.make_all(order, price=5.0, minutes=120)
        self.ship(order, 3)
        line = order.order_line
        self.assertEqual((line.planned_cost_delivered, line.planned_cost), (112.5, 375.0))
        self.assertEqual((line.actual_cost, *self.split(line)), (130.5, 18.0, 0.0, 0.0))
        self.assertEqual(line.actual_margin, 169.5)
        self.assertFalse(order.costs_closed_on)
        self.ship(order)
        self.assertEqual((line.actual_cost, line.cost_variance), (435.0, 60.0))
        self.assertTrue(order.costs_closed_on)
        self.assertSplit(line)

    def test_returns_reduce(self):
        """4 of 10 come back: the cost of 6."""
        order = self.sell(self.fg, 10, 20)
        self.make_all(order, price=5.0, minutes=120)
        picking = self.ship(order)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=picking.id, active_ids=picking.ids, active_model=picking._name)
            .create({})
        )
        wizard.product_return_moves.quantity = 4
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": 4, "picked": True})
        back._action_done()
        line = order.order_line
        self.assertEqual(line.qty_delivered, 6.0)
        self.assertEqual((line.planned_cost_delivered, line.actual_cost), (225.0, 261.0))
        self.assertSplit(line)

    def test_bill_after_delivery(self):
        """The vendor's bill says 4.20: the nightly run takes it over and records it anew."""
        order = self.sell(self.fg, 10, 20)
        self.make_all(order, minutes=120)
        self.ship(order)
        receipt = self.env["stock.move"].search(
            [("purchase_line_id.product_id", "=", self.rm.id), ("state", "=", "done")]
        )
        receipt.value = 60 * 4.2
        self.run_nightly()
        self.assertEqual(self.split(order.order_line), (12.0, 0.0, 0.0))
        self.assertEqual(len(self.decisions(order)), 2)
        self.run_nightly()
        self.assertEqual(len(self.decisions(order)), 2)

    def run_nightly(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", return_value=1.0):
            self.env["sale.order"]._cron_update_costs()

    def decisions(self, order):
        return self.env["suite.decision"].search(
            [("kind", "=", "order.cost"), ("res_id", "=", order.id)]
        )

    def test_decision_tells_amounts_only_to_those_who_may_see_costs(self):
        """The order's salesperson sees that costs were compared, the manager also how."""
        order = self.sell(self.fg, 10, 20)
        sales = self.make_user("costs_sales", "sales_team.group_sale_salesman_all_leads")
        self.make_all(order, price=5.0, minutes=120)
        self.ship(order)
        decision = self.decisions(order)
        self.assertEqual(len(decision), 1)
        values = {entry["field"]: entry["value"] for entry in decision.inputs}
        self.assertEqual((values["actual_cost"], values["cost_variance_price"]), (435.0, 60.0))
        seen = decision.with_user(sales)
        self.assertNotIn("435", str(seen.inputs))
        self.assertNotIn("435", seen.explanation)

    def test_shared_lot_and_surplus(self):
        """Two orders share a lot of 20 of which 16 are wanted: each pays its pieces at what one
        really cost, the four left are nobody's."""
        self.fg.supply_multiple = 20
        first = self.sell(self.fg, 10, 20)
        second = self.sell(self.fg, 6, 20)
        self.make_all(first, minutes=240)  # 12 minutes a piece
        self.ship(first)
        self.ship(second)
        self.assertEqual(
            self.told(first.order_line, "actual_quantity", "actual_cost"),
            {
                ("material", self.rm): (60.0, 240.0),
                ("material", self.packing): (10.0, 15.0),
                ("operation", self.fg): (2.0, 120.0),
            },
        )
        self.assertEqual(second.order_line.actual_cost, 225.0)

    def receive_part(self, line, quantity):
        """Receive a part of a purchase line; the rest waits."""
        move = line.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        move.quantity, move.picked = quantity, True
        move.picking_id._action_done()

    def test_two_receipts_before_the_plan(self):
        """10 come in two halves for two orders of 5 before the plan has looked: each has its own
        half. What the plan has looked at in between counts from there: 4 and 6 of 10."""
        goods = self.make_product("Halves", lead=3, price=2.0)
        for renewed, quantities, parts in (
            (False, (5, 5), (5, 5)),
            (True, (10,), (4, 6)),
            (False, (10,), (4, 6)),
        ):
            lines = [self.sell(goods, quantity, 20).order_line for quantity in quantities]
            self.release(goods)
            purchase = self.env["purchase.order.line"].search(
                [("product_id", "=", goods.id), ("qty_received", "=", 0)]
            )
            purchase.order_id.button_confirm()
            self.planner._plan_changes()
            for part in parts:
                self.receive_part(purchase, part)
                if renewed:
                    self.planner._plan_changes()
            sources = self.env["supply.cost.source"].search(
                [("purchase_line_id", "=", purchase.id)]
            )
            self.assertEqual(
                [
                    sum(
                        sources.filtered(lambda row, line=line: row.sale_line_id == line).mapped(
                            "quantity"
                        )
                    )
                    for line in lines
                ],
                list(quantities),
            )
            self.planner._plan_changes()
            for line in lines:
                self.ship(line.order_id)
            self.planner._plan_changes()

    def test_subcontracted(self):
        """Fee 8 instead of 7 on 10 pieces, steel as planned."""
        painted = self.make_product(
            "Painted", lead=3, price=7.0, categ_id=self.fg.categ_id.id, list_price=50.0
        )
        self.bom(
            painted,
            1,
            (self.rm, 3),
            kind="subcontract",
            subcontractor_ids=[Command.set(self.vendor_1.ids)],
        )
        self.put_in_stock(self.rm, 30)
        self.rm.standard_price = 4.0
        order = self.sell(painted, 10, 20)
        self.assertEqual(order.order_line.planned_cost, 190.0)
        self.release(painted)
        self.receive(painted, 8.0)
        self.ship(order)
        self.assertEqual(
            self.told(order.order_line, "actual_quantity", "actual_cost"),
            {("fee", painted): (10.0, 80.0), ("material", self.rm): (30.0, 120.0)},
        )
        self.assertEqual(self.split(order.order_line), (10.0, 0.0, 0.0))

    def test_from_stock_by_standard_average_and_fifo(self):
        """Untraced goods have the value of their delivery, whatever the method."""
        for method, value in (("standard", 33.0), ("average", 33.0), ("fifo", 33.0)):
            category = self.env["product.category"].create(
                {"name": method, "property_cost_method": method}
            )
            product = self.make_product(
                method, supply_mode="rules", categ_id=category.id, standard_price=11.0
            )
            self.put_in_stock(product, 3)
            order = self.sell(product, 3, 20)
            move = order.order_line.move_ids
            self.ship(order)
            move.value = value
            order.order_line._update_actual_costs()
            self.assertEqual(order.order_line.planned_cost, 33.0)
            self.assertEqual(order.order_line.actual_cost, value)

    def test_dozens(self):
        """2 dozen ordered, 12 pieces delivered: half of the plan."""
        order = self.quote(self.fg, 2, 20)
        order.order_line.write({"product_uom_id": self.env.ref("uom.product_uom_dozen").id})
        order.action_confirm()
        line = order.order_line
        self.make_all(order, minutes=260)
        move = order.picking_ids.move_ids
        self.ship(order, 1 if move.product_uom != self.fg.uom_id else 12)
        self.assertEqual(line.qty_delivered, 1.0)
        self.assertEqual(line.planned_cost_delivered, line.planned_cost / 2)
        self.assertEqual(line.actual_cost, line.planned_cost_delivered)

    def test_report_equals_the_lines(self):
        """The report's amounts are those of the lines, in company currency."""
        order = self.sell(self.fg, 10, 20)
        self.make_all(order, price=5.0, minutes=120)
        self.ship(order, 3)
        line = order.order_line
        row = self.env["supply.order.cost"].search([("order_id", "=", order.id)])
        self.assertEqual(row.id, line.id)
        for mine, theirs in (
            ("planned_cost", "planned_cost"),
            ("planned_margin", "planned_margin"),
            ("planned_cost_delivered", "planned_cost_delivered"),
            ("actual_cost", "actual_cost"),
            ("actual_margin", "actual_margin"),
            ("variance", "cost_variance"),
            ("variance_price", "cost_variance_price"),
            ("variance_quantity", "cost_variance_quantity"),
            ("variance_time", "cost_variance_time"),
        ):
            self.assertEqual(row[mine], line[theirs], mine)
