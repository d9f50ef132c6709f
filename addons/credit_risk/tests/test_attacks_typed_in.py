from odoo.fields import Command
from odoo.tests import tagged

from .attack_case import AttackCase


@tagged("post_install", "-at_install")
class TestAttacksTypedIn(AttackCase):
    """Ways to hand goods to a locked customer without his order: each as each role, none passes."""

    def _typed(self, user, target=None, source=None, picking_type=None, partner=None, **move):
        """A transfer typed in and validated at once; returns after whatever was refused."""
        source, target = source or self.stock, target or self.customers
        picking_type = picking_type or self.warehouse.out_type_id

        def ship():
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
            self._try(
                picking.with_context(skip_backorder=True).button_validate,
                picking.move_ids._action_done,
            )

        self._try(ship)

    def _attack_typed_in(self, user):
        """Without an order: for the customer, a contact of his, nobody, a place of his own."""
        contact = self.env["res.partner"].create({"name": "收货人", "parent_id": self.poor.id})
        place = self.env["stock.location"].create(
            {"name": "客户库", "usage": "customer", "location_id": self.customers.id}
        )
        self._typed(user, partner=self.poor)
        self._typed(user, partner=contact)
        self._typed(user)
        self._typed(user, partner=self.poor, target=place)
        self._typed(user, partner=self.poor, picking_type=self.warehouse.int_type_id)
        self._typed(user, partner=self.rich, sale_line_id=self.order.order_line.id)

    def _attack_by_another_kind_of_place(self, user):
        """An outgoing transfer for the customer that ends in transit, at a vendor, in a loss."""
        places = self.env["stock.location"]
        company = ("company_id", "in", [self.company.id, False])
        for usage in ("transit", "supplier", "inventory", "production"):
            place = places.search([("usage", "=", usage), company], limit=1)
            place = place or places.create({"name": usage, "usage": usage})
            self._typed(user, partner=self.poor, target=place)

    def _attack_dropship(self, user):
        """From the vendor straight to the customer."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        vendor = self.env["res.partner"].create({"name": "供应商 Vendor"})
        incoming = self.warehouse.in_type_id
        self._typed(user, partner=self.poor, source=vendors, picking_type=incoming)
        self._typed(
            user,
            partner=vendor,
            source=vendors,
            picking_type=incoming,
            partner_id=self.poor.id,
        )
        self._typed(user, source=vendors, picking_type=incoming, partner_id=self.poor.id)

    def _attack_by_a_line_s_destination(self, user):
        """An internal transfer whose line says customer, before and after it is done."""
        shelf = self.env["stock.location"].create({"name": "货架", "location_id": self.stock.id})

        def moved(early):
            picking = (
                self.env["stock.picking"]
                .with_user(user)
                .create(
                    {
                        "partner_id": self.poor.id,
                        "picking_type_id": self.warehouse.int_type_id.id,
                        "location_id": self.stock.id,
                        "location_dest_id": shelf.id,
                        "move_ids": [
                            Command.create(
                                {
                                    "product_id": self.gear.id,
                                    "product_uom_qty": 3,
                                    "location_id": self.stock.id,
                                    "location_dest_id": shelf.id,
                                }
                            )
                        ],
                    }
                )
            )
            picking.action_confirm()
            picking.move_ids.write({"quantity": 3, "picked": True})
            if early:
                picking.move_line_ids.write({"location_dest_id": self.customers.id})
            picking.button_validate()
            picking.move_line_ids.write({"location_dest_id": self.customers.id})
            picking.move_ids.write({"location_dest_id": self.customers.id})

        self._try(lambda: moved(True), lambda: moved(False))

    def _attack_direct_move(self, user):
        """A move without a transfer, as a point of sale makes it; one that is born done."""
        Move = self.env["stock.move"].with_user(user)
        values = {
            "product_id": self.gear.id,
            "product_uom_qty": 3,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "company_id": self.company.id,
        }
        line = {
            "product_id": self.gear.id,
            "quantity": 3,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "company_id": self.company.id,
            "picked": True,
        }

        def direct(**more):
            move = Move.create(values | more)
            move._action_confirm()
            move.write({"quantity": 3, "picked": True})
            move._action_done()

        def born_done(**more):
            Move.create(values | {"state": "done"} | more)

        self._try(
            direct,
            lambda: direct(partner_id=self.poor.id),
            lambda: direct(sale_line_id=self.order.order_line.id),
            born_done,
            lambda: born_done(partner_id=self.poor.id),
            lambda: born_done(
                partner_id=self.poor.id,
                picking_id=self.shipped.id,
                move_line_ids=[Command.create(line)],
            ),
            lambda: born_done(
                sale_line_id=self.order.order_line.id, move_line_ids=[Command.create(line)]
            ),
        )

    def _attack_by_scrap_and_count(self, user):
        """Scrapped at, counted at, relocated to the customer's place."""

        def scrap(picking=None):
            self.env["stock.scrap"].with_user(user).create(
                {
                    "product_id": self.gear.id,
                    "scrap_qty": 3,
                    "location_id": self.stock.id,
                    "scrap_location_id": self.customers.id,
                    "picking_id": picking and picking.id,
                }
            ).do_scrap()

        def count():
            Quant = self.env["stock.quant"].with_user(user).with_context(inventory_mode=True)
            quant = Quant.create(
                {
                    "product_id": self.gear.id,
                    "location_id": self.customers.id,
                    "inventory_quantity": 500,
                }
            )
            quant.action_apply_inventory()

        def relocate():
            quants = self.env["stock.quant"].with_user(user)
            quant = quants.search(
                [("product_id", "=", self.gear.id), ("location_id", "=", self.stock.id)], limit=1
            )
            wizard = self.env["stock.quant.relocate"].with_user(user)
            wizard = wizard.create(
                {"quant_ids": [Command.set(quant.ids)], "dest_location_id": self.customers.id}
            )
            wizard.action_relocate_quants()

        def loss_is_customer():
            self.gear.with_user(user).property_stock_inventory = self.customers
            quant = (
                self.env["stock.quant"]
                .with_user(user)
                .with_context(inventory_mode=True)
                .search(
                    [("product_id", "=", self.gear.id), ("location_id", "=", self.stock.id)],
                    limit=1,
                )
            )
            quant.inventory_quantity = 1
            quant.action_apply_inventory()

        self._try(scrap, lambda: scrap(self.locked), lambda: scrap(self.shipped), count, relocate)
        self._try(loss_is_customer)

    def test_typed_in_by_hand(self):
        """Transfers, moves, scraps and counts that come from no order are judged as well."""
        self._assert_nothing_leaves(
            [
                self._attack_typed_in,
                self._attack_by_another_kind_of_place,
                self._attack_dropship,
                self._attack_by_a_line_s_destination,
                self._attack_direct_move,
                self._attack_by_scrap_and_count,
            ]
        )
