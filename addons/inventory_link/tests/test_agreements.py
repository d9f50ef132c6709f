from odoo import Command
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestAgreements(SupplyCase):
    """Purchase agreements are drawn down to what is left of them, then the next best vendor."""

    def agreement(self, product, quantity, price, vendor=None):
        agreement = self.env["purchase.requisition"].create(
            {
                "vendor_id": (vendor or self.vendor_1).id,
                "requisition_type": "blanket_order",
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "line_ids": [
                    Command.create(
                        {"product_id": product.id, "product_qty": quantity, "price_unit": price}
                    )
                ],
            }
        )
        agreement.action_confirm()
        return agreement

    def bought(self, product):
        return [
            (line.quantity, line.vendor_id, line.price_unit, line.requisition_id)
            for line in self.lines(product).sorted(lambda line: (line.due_date, line.quantity))
        ]

    def test_what_is_left_is_used_first(self):
        """Agreement 100 @ 3 with V1, V2 @ 5: need 60 → agreement; 60 more → 40 and 20 of V2."""
        product = self.make_product("协议件")
        self.add_vendor(product, self.vendor_2, 5.0, 5)
        agreement = self.agreement(product, 100, 3.0)
        self.sell(product, 60, 30)
        self.assertEqual(self.bought(product), [(60, self.vendor_1, 3.0, agreement)])
        self.sell(product, 60, 40)
        none = self.env["purchase.requisition"]
        self.assertEqual(
            self.bought(product),
            [
                (60, self.vendor_1, 3.0, agreement),
                (20, self.vendor_2, 5.0, none),
                (40, self.vendor_1, 3.0, agreement),
            ],
        )
        self.assertUnchanged()

    def test_release_names_the_agreement_and_draws_it_down(self):
        """The request carries the agreement; released and confirmed quantities are gone from it."""
        product = self.make_product("协议件 2")
        self.add_vendor(product, self.vendor_2, 5.0, 5)
        agreement = self.agreement(product, 100, 3.0)
        self.sell(product, 70, 30)
        line = self.lines(product)
        line.action_approve()
        line.action_release()
        order = line.purchase_line_id.order_id
        self.assertEqual((order.requisition_id, line.purchase_line_id.price_unit), (agreement, 3.0))
        self.sell(product, 50, 60)
        self.assertEqual([row[0] for row in self.bought(product)], [20, 30])
        order.button_confirm()
        self.assertEqual([row[0] for row in self.bought(product)], [20, 30])
        self.assertEqual(agreement.line_ids.qty_ordered, 70)
        self.assertUnchanged()

    def test_approved_lines_hold_their_part(self):
        """An approved line keeps what it drew; two warehouses don't draw the same rest."""
        product = self.make_product("协议件 3")
        self.add_vendor(product, self.vendor_2, 5.0, 5)
        agreement = self.agreement(product, 50, 3.0)
        self.sell(product, 40, 30)
        self.lines(product).action_approve()
        other = self.env["stock.warehouse"].create(
            {"name": "二号仓", "code": "W2", "company_id": self.company.id}
        )
        order = self.quote(product, 40, 35, warehouse_id=other.id)
        order.action_confirm()
        lines = self.lines(product).filtered(lambda line: line.warehouse_id == other)
        self.assertEqual(
            sorted((line.quantity, line.vendor_id.id, line.requisition_id.id) for line in lines),
            sorted([(10, self.vendor_1.id, agreement.id), (30, self.vendor_2.id, False)]),
        )
        self.planner.run((self.warehouse | other).ids)
        result = self.planner.run((self.warehouse | other).ids)
        self.assertEqual((result["inserted"], result["updated"], result["deleted"]), (0, 0, 0))

    def test_closed_and_expired_agreements_are_left_alone(self):
        """An agreement that is over, or that was closed, offers nothing."""
        product = self.make_product("协议件 4")
        self.add_vendor(product, self.vendor_2, 5.0, 5)
        agreement = self.agreement(product, 100, 3.0)
        agreement.date_end = self.day(10)
        self.sell(product, 10, 40)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.lines(product).vendor_id, self.vendor_2)
        agreement.date_end = self.day(100)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.lines(product).vendor_id, self.vendor_1)
        agreement.action_done()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.lines(product).vendor_id, self.vendor_2)

    def test_minimum_order_value_is_told(self):
        """A vendor with a minimum of 500: requests of one window below it get one message."""
        self.vendor_1.supply_min_order_value = 500
        first = self.make_product("起订额 1", lead=5, price=10.0)
        second = self.make_product("起订额 2", lead=5, price=10.0)

        def told():
            messages = self.env["supply.message"].search(
                [("vendor_id", "=", self.vendor_1.id), ("state", "=", "open")]
            )
            return [(m.kind, self.offset(m.date_needed), m.problem_data[2][:2]) for m in messages]

        self.sell(first, 20, 30)
        self.assertEqual(told(), [("minimum", 30, [200.0, 500.0])])
        self.sell(second, 20, 34)
        self.assertEqual(told(), [("minimum", 30, [400.0, 500.0])])
        self.sell(second, 10, 35)
        self.assertEqual(told(), [])
        self.sell(second, 10, 60)
        self.assertEqual(told(), [("minimum", 60, [100.0, 500.0])])
        self.assertUnchanged()
