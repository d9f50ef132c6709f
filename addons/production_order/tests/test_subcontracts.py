from odoo import Command
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestSubcontracts(ProductionCase):
    """A vendor makes it of what we send him: planned, ordered, sent and received."""

    def setUp(self):
        super().setUp()
        self.part = self.make_product("外协料", stock=4, lead=6)
        self.made = self.make_product("外协件")
        self.add_vendor(self.made, self.vendor_1, 8.0, 10)
        self.bill = self.bom(
            self.made,
            0,
            (self.part, 2),
            kind="subcontract",
            subcontractor_ids=[Command.set(self.vendor_1.ids)],
        )

    def release_subcontract(self):
        line = self.lines(self.made)
        line.action_approve()
        line.action_release()
        return line.purchase_line_id.order_id

    def test_components_are_due_when_it_is_ordered(self):
        """10 @+40, lead 10: subcontract order +30; components 20 @+30, 4 in stock → buy 16."""
        order = self.sell(self.made, 10, 40)
        self.assertEqual(self.plan(self.made), [("subcontract", 10.0, 30, 40)])
        self.assertEqual(self.lines(self.made).vendor_id, self.vendor_1)
        self.assertEqual(self.plan(self.part), [("buy", 16.0, 24, 30)])
        self.assertEqual(self.lines(self.part).sale_line_ids, order.order_line)
        self.assertUnchanged()

    def test_late_components_make_it_late(self):
        """Due +12: components can be there on +6 at the earliest, so it comes on +16, late 4."""
        self.sell(self.made, 10, 12)
        line = self.lines(self.made)
        self.assertEqual((line.late_days, self.offset(line.feasible_date)), (4, 16))
        self.assertIn("外协料", line.driver)

    def test_request_keeps_its_component_needs(self):
        """A draft request needs the same components; it follows the order down."""
        order = self.sell(self.made, 10, 40)
        request = self.release_subcontract()
        self.assertEqual(request.state, "draft")
        self.assertEqual(self.plan(self.part), [("buy", 16.0, 24, 30)])
        peg = self.lines(self.part).peg_ids
        self.assertEqual(peg.purchase_line_id, request.order_line)
        self.assertUnchanged()
        order.order_line.product_uom_qty = 6
        self.assertEqual(request.order_line.product_qty, 6)
        self.assertEqual([row[1] for row in self.plan(self.part)], [8.0])
        self.assertUnchanged()

    def test_confirmed_without_resupply_route(self):
        """Nobody sends the components by itself: they stay needed until they are at the vendor."""
        self.sell(self.made, 10, 40)
        request = self.release_subcontract()
        request.button_confirm()
        production = request.picking_ids.move_ids.move_orig_ids.production_id
        self.assertEqual((production.product_id, production.product_qty), (self.made, 10))
        self.planner.run(self.warehouse.ids)
        self.assertEqual([row[1] for row in self.plan(self.part)], [16.0])
        self.assertEqual(self.plan(self.made), [])
        place = self.vendor_1.with_company(self.company).property_stock_subcontractor
        self.env["stock.quant"]._update_available_quantity(self.part, place, 20)
        production.action_assign()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(self.part), [])
        self.assertUnchanged()

    def test_confirmed_with_resupply_route(self):
        """With the route a delivery to the vendor is made: its need is traced to the order."""
        route = self.env.ref("mrp_subcontracting.route_resupply_subcontractor_mto")
        self.part.route_ids |= route
        order = self.sell(self.made, 10, 40)
        request = self.release_subcontract()
        request.button_confirm()
        self.planner.run(self.warehouse.ids)
        self.assertEqual([row[1] for row in self.plan(self.part)], [16.0])
        pegs = self.env["supply.peg"].search(
            [("product_id", "=", self.part.id), ("supply", "=", "plan")]
        )
        self.assertEqual(pegs.purchase_line_id, request.order_line)
        self.assertTrue(pegs.move_id)
        self.assertEqual(self.lines(self.part).sale_line_ids, order.order_line)
        self.assertUnchanged()

    def test_price_counts_with_the_material(self):
        """Subcontract 8.00 + 2 × 3.00 of material is dearer than a vendor's own part at 13.00."""
        self.part.with_company(self.company).standard_price = 3.0
        self.add_vendor(self.made, self.vendor_2, 13.0, 10)
        self.sell(self.made, 10, 40)
        line = self.lines(self.made)
        self.assertEqual((line.action, line.vendor_id), ("buy", self.vendor_2))
        self.assertEqual(self.plan(self.part), [])


@tagged("post_install", "-at_install")
class TestPlaces(ProductionCase):
    """Where productions take from, and whose bill counts."""

    def test_two_steps_keep_their_component_needs(self):
        """Pick components, then make: before and after release, and confirmed, RM 10 are needed."""
        self.warehouse.manufacture_steps = "pbm"
        part, made = self.make_product("两步料", lead=5), self.make_product("两步品")
        self.bom(made, 3, (part, 2))
        order = self.sell(made, 5, 40)
        self.assertEqual([row[1] for row in self.plan(part)], [10.0])
        self.release(made)
        self.assertEqual([row[1] for row in self.plan(part)], [10.0])
        self.assertUnchanged()
        production = self.env["mrp.production"].search([("product_id", "=", made.id)])
        production.action_confirm()
        self.assertEqual([row[1] for row in self.plan(part)], [10.0])
        self.assertEqual(self.lines(part).sale_line_ids, order.order_line)
        self.assertUnchanged()

    def test_a_bill_for_another_warehouse(self):
        """A bill whose operation type belongs to another warehouse isn't used here."""
        other = self.env["stock.warehouse"].create(
            {"name": "二号仓", "code": "B2", "company_id": self.company.id}
        )
        first, second = self.make_product("仓料一", lead=5), self.make_product("仓料二", lead=5)
        made = self.make_product("仓品")
        self.bom(made, 3, (first, 1), sequence=1, picking_type_id=other.manu_type_id.id)
        self.bom(made, 4, (second, 1), sequence=2)
        self.sell(made, 5, 40)
        self.assertEqual(self.plan(first), [])
        self.assertEqual([row[1] for row in self.plan(second)], [5.0])

    def test_receipts_of_a_kit_are_supply_of_its_parts(self):
        """5 kits of 2 are ordered: 10 parts come, nothing more is bought for an order of 10."""
        part = self.make_product("套件料", lead=5)
        kit = self.make_product("外购套件", supply_mode="rules", is_storable=False)
        self.bom(kit, 0, (part, 2), kind="phantom")
        self.purchase(kit, 5, 10)
        self.sell(part, 10, 30)
        self.assertEqual(self.plan(part), [])
        self.assertUnchanged()

    def test_absurd_quantities_stop_nobody(self):
        """A request for 10¹⁷ pieces is planned with as it is; other products go on."""
        odd, fine = self.make_product("天文数字", lead=5), self.make_product("正常件", lead=5)
        self.purchase(odd, 1e17, 10, confirm=False)
        self.sell(fine, 10, 30)
        self.planner._plan_changes()
        self.assertEqual([row[1] for row in self.plan(fine)], [10.0])
