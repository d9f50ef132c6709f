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
            picking.with_context(cleared=True, is_scrap=True).move_ids._action_done,
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
            line.copy,
            lambda: done.move_ids.write({"quantity": 9}),
            lambda: done.move_ids.write({"product_uom_qty": 9, "quantity": 9}),
            lambda: done.write({"move_ids": [(1, done.move_ids.id, {"quantity": 9})]}),
            done.action_toggle_is_locked,
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
