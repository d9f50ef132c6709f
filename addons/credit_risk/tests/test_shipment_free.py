from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .attack_case import AttackCase


@tagged("post_install", "-at_install")
class TestShipmentFree(AttackCase):
    """What the shipment lock leaves alone, although the customer is locked."""

    def _transfer(self, user, picking_type, source, target, partner=None, **move):
        picking = (
            self.env["stock.picking"]
            .with_user(user)
            .create(
                {
                    "partner_id": partner.id if partner else False,
                    "picking_type_id": picking_type.id,
                    "location_id": source.id,
                    "location_dest_id": target.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.gear.id,
                                "product_uom_qty": 3,
                                "location_id": source.id,
                                "location_dest_id": target.id,
                                **move,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.move_ids.write({"quantity": 3, "picked": True})
        picking.button_validate()
        return picking.state

    def _returned(self, picking):
        wizard = (
            self.env["stock.return.picking"]
            .with_user(self.storekeeper)
            .with_context(
                active_ids=picking.ids, active_id=picking.id, active_model="stock.picking"
            )
            .create({})
        )
        wizard.product_return_moves.quantity = 3
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.write({"quantity": 3, "picked": True})
        back.with_user(self.storekeeper).button_validate()
        return back.state

    def test_goods_that_come_in(self):
        """A return of the locked customer, one without an order, a receipt from him as a vendor."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        incoming = self.warehouse.in_type_id
        self.assertEqual(self._returned(self.shipped), "done")
        states = [
            self._transfer(self.storekeeper, incoming, self.customers, self.stock, self.poor),
            self._transfer(self.storekeeper, incoming, vendors, self.stock, self.poor),
            self._transfer(self.storekeeper, incoming, vendors, self.stock),
        ]
        self.assertEqual(states, ["done"] * 3)

    def test_goods_that_go_elsewhere(self):
        """Inside the house, back to a vendor, to another warehouse; scrap of locked goods."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        shelf = self.env["stock.location"].create({"name": "货架", "location_id": self.stock.id})
        transit = self.env["stock.location"].create({"name": "在途", "usage": "transit"})
        vendor = self.env["res.partner"].create({"name": "供应商", "is_company": True})
        internal, outgoing = self.warehouse.int_type_id, self.warehouse.out_type_id
        user = self.storekeeper
        states = [
            self._transfer(user, internal, self.stock, shelf, self.poor),
            self._transfer(user, outgoing, self.stock, vendors, vendor),
            self._transfer(user, outgoing, self.stock, transit, self.company.partner_id),
            self._transfer(user, outgoing, self.stock, transit),
        ]
        self.assertEqual(states, ["done"] * 4)
        receipt = self.env["stock.picking"].search(
            [("location_id", "=", vendors.id), ("state", "=", "done")], limit=1
        )
        scrap = self.env["stock.scrap"].with_user(user)
        scrap = scrap.create({"product_id": self.gear.id, "scrap_qty": 1, "picking_id": receipt.id})
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")

    def test_return_to_a_vendor_who_is_a_locked_customer(self):
        """By the return of a receipt it passes; typed in it could be a delivery and doesn't."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        incoming, outgoing = self.warehouse.in_type_id, self.warehouse.out_type_id
        self._transfer(self.storekeeper, incoming, vendors, self.stock, self.poor)
        receipt = self.env["stock.picking"].search(
            [("partner_id", "=", self.poor.id), ("location_id", "=", vendors.id)]
        )
        self.assertEqual(self._returned(receipt), "done")
        with self.assertRaises(UserError):
            self._transfer(self.storekeeper, outgoing, self.stock, vendors, self.poor)

    def test_customers_with_credit(self):
        """Free deliveries leave by every role that may ship; a done one may still be raised."""
        for role in ("storekeeper", "stock_boss", "seller_keeper", "owner"):
            with self.subTest(role):
                picking = self._sold(self.rich, self.gear, 2).with_user(getattr(self, role))
                picking.move_ids.write({"quantity": 2, "picked": True})
                picking.button_validate()
                picking.move_line_ids.write({"quantity": 3})
                self.assertEqual((picking.state, picking.move_ids.quantity), ("done", 3))

    def test_paid(self):
        """The same delivery that was locked leaves once the limit allows it."""
        self.account.limit_amount = 150
        picking = self.locked.with_user(self.storekeeper)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_places(self):
        """A place that nothing has gone to yet may become a customer's; a used one may not."""
        place = self.env["stock.location"].create({"name": "寄售", "location_id": self.stock.id})
        place.with_user(self.stock_boss).usage = "customer"
        self.assertEqual(place.usage, "customer")
        with self.assertRaisesRegex(UserError, "has been used already"):
            self.customers.with_user(self.stock_boss).usage = "internal"
