from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestLosses(ProductionCase):
    """Yield of a bill and scrap of a component, by the company's rule."""

    def test_yield_divides_or_adds(self):
        """Loss 10 %: 90 usable need 100 started (÷) or 99 (+); components follow the start."""
        part = self.make_product("损耗料", lead=5)
        made = self.make_product("损耗品")
        self.bom(made, 3, (part, 2), supply_loss_percent=10)
        self.sell(made, 90, 30)
        line = self.lines(made)
        self.assertEqual((line.quantity, line.loss_quantity, line.free_quantity), (100, 10, 0))
        self.assertEqual([row[1] for row in self.plan(part)], [200.0])
        self.assertUnchanged()
        self.company.supply_scrap_rule = "add"
        self.planner.run(self.warehouse.ids)
        self.assertEqual((line.quantity, line.loss_quantity), (99, 9))
        self.assertEqual([row[1] for row in self.plan(part)], [198.0])

    def test_scrap_of_a_component(self):
        """Scrap 20 % of one component: 10 × 2 ÷ 0.8 = 25; the other stays 10."""
        one, two = self.make_product("废料 1", lead=5), self.make_product("废料 2", lead=5)
        made = self.make_product("废品")
        bill = self.bom(made, 3, (one, 2), (two, 1))
        bill.bom_line_ids[0].supply_scrap_percent = 20
        self.sell(made, 10, 30)
        self.assertEqual([row[1] for row in self.plan(one)], [25.0])
        self.assertEqual([row[1] for row in self.plan(two)], [10.0])

    def test_released_productions_keep_the_loss(self):
        """After release the production of 100 still counts as 90, and its part as 25 of 20."""
        part = self.make_product("损耗料 2", lead=5)
        made = self.make_product("损耗品 2")
        bill = self.bom(made, 3, (part, 2), supply_loss_percent=10)
        bill.bom_line_ids.supply_scrap_percent = 20
        self.sell(made, 90, 30)
        self.assertEqual([row[1] for row in self.plan(part)], [250.0])
        self.release(made)
        production = self.env["mrp.production"].search([("product_id", "=", made.id)])
        self.assertEqual(production.product_qty, 100)
        self.assertEqual(self.plan(made), [])
        self.assertEqual(self.messages(made), [])
        self.assertEqual([row[1] for row in self.plan(part)], [250.0])
        self.assertUnchanged()

    def test_loss_and_multiple(self):
        """Loss 10 %, multiple 30: 90 usable need 120 started, 18 usable stay free."""
        made = self.make_product("损耗批", supply_multiple=30)
        self.bom(made, 3, (self.make_product("料", lead=1), 1), supply_loss_percent=10)
        self.sell(made, 90, 30)
        line = self.lines(made)
        self.assertEqual((line.quantity, line.loss_quantity, line.free_quantity), (120, 12, 18))

    def test_batches_of_a_bill(self):
        """OD-10: batch size 4 of the bill, order 10 → 4, 4, 2."""
        made = self.make_product("批量")
        self.bom(
            made, 3, (self.make_product("批料", lead=1), 1), enable_batch_size=True, batch_size=4
        )
        self.sell(made, 10, 30)
        self.assertEqual(sorted(row[1] for row in self.plan(made)), [2.0, 4.0, 4.0])


@tagged("post_install", "-at_install")
class TestSubstitutes(ProductionCase):
    def setUp(self):
        super().setUp()
        self.part = self.make_product("主料", stock=3, lead=10)
        self.other = self.make_product("替代料", stock=20, lead=10)
        self.made = self.make_product("成品 替代")
        self.bom(self.made, 2, (self.part, 1))

    def substitute(self, **values):
        return self.env["supply.substitute"].create(
            {"product_id": self.part.id, "substitute_id": self.other.id, **values}
        )

    def test_free_stock_is_used_up_first(self):
        """Need 10: own stock 3, then 14 of the substitute at 2 for 1; nothing is bought."""
        self.substitute(ratio=2)
        order = self.sell(self.made, 10, 30)
        self.assertEqual(self.plan(self.part), [])
        self.assertEqual(self.pegs(self.part), [("stock", 3.0)])
        peg = self.env["supply.peg"].search([("substitute_for_id", "=", self.part.id)])
        self.assertEqual(
            (peg.product_id, peg.quantity, peg.substitute_quantity), (self.other, 14, 7)
        )
        self.assertEqual(self.plan(self.made), [("make", 10.0, 28, 30)])
        self.assertUnchanged()
        order.order_line.product_uom_qty = 15
        self.assertEqual([row[1] for row in self.plan(self.part)], [2.0])
        self.assertUnchanged()

    def test_own_needs_of_the_substitute_come_first(self):
        """15 of the substitute are sold: 5 are left, and 2 of the part are bought."""
        self.substitute()
        self.sell(self.other, 15, 40)
        self.sell(self.made, 10, 30)
        self.assertEqual([row[1] for row in self.plan(self.part)], [2.0])
        self.assertUnchanged()
        self.sell(self.other, 5, 50)
        self.assertEqual([row[1] for row in self.plan(self.part)], [7.0])
        self.assertEqual(self.plan(self.other), [])
        self.assertUnchanged()

    def test_validity(self):
        """Out of its days a substitute stands in for nothing."""
        self.substitute(date_from=self.day(40))
        self.sell(self.made, 10, 30)
        self.assertEqual([row[1] for row in self.plan(self.part)], [7.0])
        self.sell(self.made, 10, 60)
        self.assertEqual([row[1] for row in self.plan(self.part)], [7.0])
        self.assertUnchanged()

    def test_two_that_replace_each_other(self):
        """A pair in both directions is no endless loop; full run and net change agree."""
        self.substitute()
        self.env["supply.substitute"].create(
            {"product_id": self.other.id, "substitute_id": self.part.id}
        )
        self.sell(self.made, 10, 30)
        self.assertUnchanged()

    def test_customers_get_what_they_ordered(self):
        """A substitute never stands in for what a customer ordered himself."""
        self.substitute()
        self.sell(self.part, 10, 30)
        self.assertEqual([row[1] for row in self.plan(self.part)], [7.0])

    def test_released_production_takes_the_substitute(self):
        """The production order takes 3 of the part and 7 of the substitute."""
        self.substitute()
        self.sell(self.made, 10, 30)
        self.release(self.made)
        production = self.env["mrp.production"].search([("product_id", "=", self.made.id)])
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in production.move_raw_ids},
            {self.part: 3, self.other: 7},
        )
        self.assertEqual(self.plan(self.part), [])
        self.assertUnchanged()


@tagged("post_install", "-at_install")
class TestBadBills(ProductionCase):
    def test_archived_component_is_told(self):
        """A bill with an archived component: the rest is planned, the bill is named."""
        gone, fine = self.make_product("停用料", lead=5), self.make_product("好料", lead=5)
        made = self.make_product("坏清单")
        self.bom(made, 2, (gone, 1), (fine, 1))
        gone.active = False
        self.sell(made, 10, 30)
        self.assertEqual([row[1] for row in self.plan(fine)], [10.0])
        message = self.env["supply.message"].search(
            [("product_id", "=", made.id), ("kind", "=", "problem")]
        )
        self.assertEqual(message.problem_data, ["archived_component", made.id, gone.id])
        self.assertUnchanged()

    def test_loop_is_told(self):
        """B05: both products of the loop get a message that names them."""
        one, two = self.make_product("环 A"), self.make_product("环 B")
        self.bom(one, 1, (two, 1))
        self.env["mrp.bom"].flush_model()
        bill = self.bom(two, 1, (self.make_product("环 C", lead=1), 1))
        self.env.cr.execute(
            "UPDATE mrp_bom_line SET product_id = %s WHERE bom_id = %s", (one.id, bill.id)
        )
        self.env.invalidate_all()
        self.sell(one, 5, 20)
        found = self.env["supply.message"].search([("problem", "=", "bom_loop")])
        self.assertLessEqual({one, two}, set(found.product_id))
        self.assertUnchanged()

    def test_planner_chooses_another_bill(self):
        """Two bills: the first is planned; a planner's choice has its components and is kept."""
        first, second = self.make_product("料一", lead=5), self.make_product("料二", lead=5)
        made = self.make_product("两清单")
        self.bom(made, 4, (first, 1), sequence=1)
        other = self.bom(made, 6, (second, 3), sequence=2)
        self.sell(made, 10, 30)
        line = self.lines(made)
        self.assertEqual(self.offset(line.order_date), 26)
        planner = self.make_user(
            "bill_planner", "inventory_link.group_supply_planner,mrp.group_mrp_user"
        )
        line.with_user(planner).write({"bom_id": other.id})
        self.assertEqual(self.plan(first), [])
        self.assertEqual([row[1] for row in self.plan(second)], [30.0])
        self.assertUnchanged()
