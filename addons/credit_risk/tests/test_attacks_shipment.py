from odoo.fields import Command
from odoo.tests import tagged

from .attack_case import CONTEXT_KEYS, AttackCase


@tagged("post_install", "-at_install")
class TestAttacksShipment(AttackCase):
    """Ways to get a locked customer's goods out of the door, each as each role: none passes."""

    # ------------------------------------------------------------------ the delivery itself

    def _attack_button(self, user):
        self._try(self.locked.with_user(user).button_validate)

    def _attack_context_keys(self, user):
        """Forged keys: all of them at once, and each with values that could mean something."""
        picking = self.locked.with_user(user)
        keys = dict.fromkeys(CONTEXT_KEYS, True)
        values = ([], picking.ids, 1, "1")
        self._try(
            picking.with_context(**keys).button_validate,
            picking.with_context(button_validate_picking_ids=[]).button_validate,
            picking.with_context(
                button_validate_picking_ids=self.free.ids, skip_backorder=True
            ).button_validate,
            picking.with_context(default_state="done").button_validate,
            *(
                picking.with_context(**dict.fromkeys(CONTEXT_KEYS, value)).button_validate
                for value in values
            ),
        )

    def _attack_private_methods(self, user):
        """What code of other modules, or a server action, calls."""
        picking = self.locked.with_user(user)
        self._try(
            picking._action_done,
            picking.move_ids._action_done,
            lambda: picking.move_ids._action_done(cancel_backorder=True),
            lambda: picking.sudo()._action_done(),
            lambda: picking.sudo().move_ids._action_done(cancel_backorder=True),
            lambda: picking.with_context(cleared=True, is_scrap=True).move_ids._action_done(),
        )

    def _attack_server_action(self, user):
        """A server action that somebody has made and the user runs."""
        target = {"active_model": "stock.picking", "active_ids": self.locked.ids}
        self._try(
            *(
                action.with_user(user).with_context(**target, active_id=self.locked.id).run
                for action in self.server_actions.values()
            ),
            *(
                action.sudo().with_context(**target, active_id=self.locked.id).run
                for action in self.server_actions.values()
            ),
        )

    def _attack_state(self, user):
        """The state written by hand on the transfer, its moves and its lines."""
        picking = self.locked.with_user(user)
        self._try(
            lambda: picking.write({"state": "done"}),
            lambda: picking.move_ids.write({"state": "done"}),
            lambda: picking.move_line_ids.write({"state": "done"}),
            lambda: picking.move_line_ids.write({"quantity": 20}),
            lambda: picking.write({"date_done": "2026-01-01", "is_locked": False}),
            lambda: picking.write({"move_ids": [(1, picking.move_ids.id, {"state": "done"})]}),
        )

    def _attack_backorder_wizard(self, user):
        """A part by the backorder wizard, with and without a backorder."""
        picking = self.locked.with_user(user)

        def wizard(method):
            Wizard = self.env["stock.backorder.confirmation"].with_user(user)
            made = Wizard.create(
                {
                    "pick_ids": [Command.set(picking.ids)],
                    "backorder_confirmation_line_ids": [
                        Command.create({"picking_id": picking.id, "to_backorder": True})
                    ],
                }
            )
            getattr(made.with_context(button_validate_picking_ids=picking.ids), method)()

        self._try(
            lambda: picking.move_ids.write({"quantity": 3}),
            lambda: wizard("process"),
            lambda: wizard("process_cancel_backorder"),
        )

    def _attack_in_a_batch(self, user):
        """Validated together with deliveries that may leave."""
        picking = (self.locked | self.other).with_user(user)
        self._try(
            picking.button_validate,
            picking.with_context(skip_backorder=True).button_validate,
            picking._action_done,
            picking.move_ids._action_done,
        )

    def _attack_batch_and_wave(self, user):
        """Odoo's batch transfers, where that module is installed."""
        if "stock.picking.batch" not in self.env:
            return

        def batch(wave):
            made = (
                self.env["stock.picking.batch"]
                .with_user(user)
                .create(
                    {
                        "picking_ids": [Command.set((self.locked | self.other).ids)],
                        "is_wave": wave,
                    }
                )
            )
            made.action_confirm()
            made.action_done()

        self._try(lambda: batch(False), lambda: batch(True))

    def _attack_by_barcode_calls(self, user):
        """What a scanner sends: lines with quantities, picked, then the transfer."""
        picking = self.locked.with_user(user)
        values = {
            "picking_id": picking.id,
            "product_id": self.gear.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "quantity": 4,
            "picked": True,
        }
        lines = self.env["stock.move.line"].with_user(user)
        self._try(
            lambda: picking.move_line_ids.write({"picked": True, "quantity": 2}),
            lambda: lines.create(values),
            lambda: lines.create(values | {"move_id": picking.move_ids[:1].id, "state": "done"}),
            lambda: lines.create(values | {"picking_id": False}),
            lambda: picking.write({"move_line_ids": [Command.create(values)]}),
            picking.button_validate,
            picking.move_ids._action_done,
        )

    def _attack_by_scheduler(self, user):
        """Unreserved, reserved again by the scheduler, validated."""
        picking = self.locked.with_user(user)
        self._try(
            picking.do_unreserve,
            lambda: self.env["stock.rule"].with_user(user).run_scheduler(),
            lambda: self.env["stock.rule"].sudo().run_scheduler(),
            picking.action_assign,
            lambda: picking.move_ids.write({"picked": True}),
            picking.button_validate,
        )

    def _attack_copy_of_a_done_delivery(self, user):
        """A copy of the earlier delivery."""

        def copied():
            copy = self.shipped.with_user(user).copy()
            copy.action_confirm()
            copy.move_ids.write({"quantity": 5, "picked": True})
            copy.button_validate()

        def copied_moves():
            move = self.shipped.with_user(user).move_ids.copy()
            move._action_confirm()
            move.write({"quantity": 5, "picked": True})
            move._action_done()

        self._try(copied, copied_moves)

    def _attack_done_delivery(self, user):
        """A delivery that has left gets more: lines, quantities, units, another destination."""
        done = self.shipped.with_user(user)
        line, lines = done.move_line_ids, self.env["stock.move.line"].with_user(user)
        values = {
            "picking_id": done.id,
            "product_id": self.gear.id,
            "location_id": self.stock.id,
            "location_dest_id": self.customers.id,
            "quantity": 4,
        }
        dozen = self.env.ref("uom.product_uom_dozen")
        self._try(
            lambda: lines.create(values),
            lambda: lines.create(values | {"move_id": done.move_ids.id}),
            lambda: line.write({"quantity": 9}),
            lambda: line.write({"quantity_product_uom": 9}),
            lambda: line.write({"product_uom_id": dozen.id}),
            lambda: line.copy(),
            lambda: done.move_ids.write({"quantity": 9}),
            lambda: done.move_ids.write({"product_uom_qty": 9, "quantity": 9}),
            lambda: done.write({"move_ids": [(1, done.move_ids.id, {"quantity": 9})]}),
            lambda: done.action_toggle_is_locked(),
            lambda: done.move_ids.write({"quantity": 9}),
            lambda: done.write({"move_line_ids": [Command.create(values)]}),
        )

    def test_the_delivery_itself(self):
        """D15, F7: buttons, wizards, batches, scanners, schedulers, code, done deliveries."""
        self._assert_nothing_leaves(
            [
                self._attack_button,
                self._attack_context_keys,
                self._attack_private_methods,
                self._attack_server_action,
                self._attack_state,
                self._attack_backorder_wizard,
                self._attack_in_a_batch,
                self._attack_batch_and_wave,
                self._attack_by_barcode_calls,
                self._attack_by_scheduler,
                self._attack_copy_of_a_done_delivery,
                self._attack_done_delivery,
            ]
        )

    # ------------------------------------------------------------------ typed in by hand

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
