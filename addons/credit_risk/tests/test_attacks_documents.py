from odoo.fields import Command
from odoo.tests import tagged

from .attack_case import AttackCase


@tagged("post_install", "-at_install")
class TestAttacksDocuments(AttackCase):
    """Ways round the lock over the documents behind a delivery: order, customer, places, holds."""

    def _ship(self, picking, user):
        """Try to ship it in every ordinary way, as the user."""
        picking = picking.with_user(user)
        self._try(
            lambda: picking.move_ids.write({"picked": True}),
            picking.with_context(skip_backorder=True).button_validate,
            picking.move_ids._action_done,
        )

    # ------------------------------------------------------------------ whose goods they are

    def _attack_partner_of_the_delivery(self, user):
        """Another customer on the transfer, or a contact of the locked one."""
        picking = self.locked.with_user(user)
        contact = self.env["res.partner"].create({"name": "收货人", "parent_id": self.poor.id})
        for partner in (self.rich, contact, self.env["res.partner"]):
            self._try(
                lambda partner=partner: picking.write({"partner_id": partner.id}),
                lambda partner=partner: picking.move_ids.write({"partner_id": partner.id}),
            )
            self._ship(self.locked, user)

    def _attack_partner_of_a_typed_delivery(self, user):
        """The same on a locked delivery that comes from no order."""
        picking = self._typed_delivery(self.poor)
        seen = picking.with_user(user)
        self._try(
            lambda: seen.write({"partner_id": self.rich.id}),
            lambda: seen.write({"partner_id": False}),
            lambda: seen.move_ids.write({"partner_id": self.rich.id}),
        )
        self._ship(picking, user)

    def _typed_delivery(self, partner):
        picking = self.env["stock.picking"].create(
            {
                "partner_id": partner.id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.gear.id,
                            "product_uom_qty": 3,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self._fill(picking)
        return picking

    def _attack_another_order(self, user):
        """The delivery cut from its order, or tied to the order of a customer with credit."""
        picking, free = self.locked.with_user(user), self.free.sale_id
        for line in (free.order_line, self.env["sale.order.line"]):
            self._try(
                lambda line=line: picking.move_ids.write({"sale_line_id": line.id}),
                lambda line=line: picking.write({"sale_id": line.order_id.id}),
                lambda: picking.write({"partner_id": self.rich.id, "reference_ids": [(5,)]}),
            )
            self._ship(self.locked, user)

    def _attack_move_to_another_delivery(self, user):
        """Moves and lines put into the delivery of a customer with credit, moves merged."""
        free = self.free.with_user(user)
        move, line = self.locked.move_ids.with_user(user), self.locked.move_line_ids.with_user(user)
        self._try(
            lambda: line.write({"move_id": free.move_ids[:1].id}),
            lambda: line.write({"picking_id": free.id, "move_id": free.move_ids[:1].id}),
            lambda: line.write({"picking_id": free.id}),
            lambda: move.write({"picking_id": free.id}),
            (move | free.move_ids)._merge_moves,
            lambda: free.move_ids._merge_moves(merge_into=move),
            lambda: free.write({"move_ids": [Command.link(move.id)]}),
        )
        self._ship(self.free, user)
        self._ship(self.locked, user)
        done = self.free.move_ids.filtered(
            lambda rec: rec.state == "done" and rec.sale_line_id == self.free.sale_id.order_line
        )
        return sum(done.mapped("quantity"))  # those of the free order, charged to it

    def _attack_company_of_the_moves(self, user):
        """Moves given to a company that doesn't control credit."""
        other = self.env["res.company"].create({"name": "分公司 Branch"})
        user.sudo().write({"company_ids": [Command.link(other.id)]})
        picking = self.locked.with_user(user).with_context(
            allowed_company_ids=[other.id, self.company.id]
        )
        self._try(
            lambda: picking.move_ids.write({"company_id": other.id}),
            lambda: picking.move_line_ids.write({"company_id": other.id}),
            lambda: picking.write({"company_id": other.id}),
        )
        self._ship(self.locked, user)

    def _attack_payer_of_the_order(self, user):
        """Charged to another customer and, once the goods are gone, charged back."""
        order, free = self.order.with_user(user), self.rich
        self._try(lambda: order.write({"partner_invoice_id": free.id}))
        self._ship(self.locked, user)
        self._try(
            lambda: order.write({"partner_invoice_id": self.poor.id}),
            lambda: order.sudo().write({"partner_invoice_id": self.poor.id}),
        )
        if self.order.partner_invoice_id == free:
            # Whoever sells may sell on another's account, if that one has the credit for it.
            account = self.env["credit.account"]._for(free, self.company)
            self.assertEqual(account.exposure, 300)
            return 10
        return 0

    # ------------------------------------------------------------------ where they go

    def _attack_destination_afterwards(self, user):
        """Validated as an internal transfer, then sent to the customer."""
        picking = self.locked.with_user(user)
        shelf = self.env["stock.location"].create({"name": "货架", "location_id": self.stock.id})
        self._try(
            lambda: picking.write({"picking_type_id": self.warehouse.int_type_id.id}),
            lambda: picking.write({"location_dest_id": shelf.id}),
            lambda: picking.move_ids.write({"location_dest_id": shelf.id}),
            lambda: picking.move_line_ids.write({"location_dest_id": shelf.id}),
        )
        self._ship(self.locked, user)
        self._try(
            lambda: picking.move_line_ids.write({"location_dest_id": self.customers.id}),
            lambda: picking.move_ids.write({"location_dest_id": self.customers.id}),
            lambda: picking.write({"location_dest_id": self.customers.id}),
            lambda: picking.move_line_ids.write({"quantity": 11}),
        )

    def _attack_usage_of_the_place(self, user):
        """The customers' place becomes one of ours for a moment, or the other way round."""
        place = self.customers.with_user(user)
        self._try(lambda: place.write({"usage": "internal"}))
        self._ship(self.locked, user)
        self._try(lambda: place.write({"usage": "customer"}))
        shelf = self.env["stock.location"].create({"name": "货架", "location_id": self.stock.id})
        self._try(
            lambda: self.locked.with_user(user).write({"location_dest_id": shelf.id}),
            lambda: self.locked.move_ids.with_user(user).write({"location_dest_id": shelf.id}),
        )
        self._ship(self.locked, user)
        self._try(lambda: shelf.with_user(user).write({"usage": "customer"}))

    def _attack_return_of_a_return(self, user):
        """Back by a return (which passes), out again by a return of that return."""

        def returned(picking):
            wizard = (
                self.env["stock.return.picking"]
                .with_user(user)
                .with_context(
                    active_ids=picking.ids, active_id=picking.id, active_model="stock.picking"
                )
                .create({})
            )
            wizard.product_return_moves.quantity = 5
            made = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
            made.move_ids.with_user(user).write({"quantity": 5, "picked": True})
            return made.with_user(user)

        def twice():
            back = returned(self.shipped)
            back.button_validate()
            again = returned(back)
            self._try(
                again.button_validate,
                again.move_ids._action_done,
                lambda: again.move_ids.write({"to_refund": False}),
                again.button_validate,
            )

        def exchange():
            wizard = (
                self.env["stock.return.picking"]
                .with_user(user)
                .with_context(
                    active_ids=self.shipped.ids,
                    active_id=self.shipped.id,
                    active_model="stock.picking",
                )
                .create({})
            )
            wizard.product_return_moves.quantity = 5
            known = self.env["stock.picking"].sudo().search([])
            wizard.action_create_exchanges()
            for picking in self.env["stock.picking"].sudo().search([]) - known:
                picking.move_ids.write({"quantity": 5, "picked": True})
                self._try(picking.with_user(user).button_validate)

        self._try(twice, exchange)

    # ------------------------------------------------------------------ the credit itself

    def _attack_own_release(self, user):
        """Release by whoever sells the goods, and fields that say "released"."""
        self.order.sudo().user_id = user
        hold = self.hold.with_user(user)
        wizard = self.env["credit.hold.decide"].with_user(user)
        released = {"state": "released", "approved_amount": 1e9, "released_by_id": 1}
        self._try(
            lambda: hold.action_release("mine"),
            lambda: wizard.create(
                {"hold_ids": [Command.set(hold.ids)], "reason": "mine"}
            ).action_apply(),
            lambda: hold.write(released),
            lambda: hold.create(
                released | {"account_id": self.account.id, "picking_id": self.locked.id}
            ),
            hold.unlink,
            hold.copy,
            lambda: self.locked.with_user(user).write(
                {"credit_hold_ids": [(1, self.hold.id, released)]}
            ),
            lambda: self.order.with_user(user).write({"credit_state": "released"}),
            lambda: self.locked.with_user(user).write(
                {"credit_state": "released", "shipment_locked": False}
            ),
        )
        self._ship(self.locked, user)

    def _attack_the_account(self, user):
        """The limit, the switch of the company, the customer of the account."""
        if user in (self.manager, self.owner):
            return  # who sets limits sets them by right, in the ledger
        account, company = self.account.with_user(user), self.company.with_user(user)
        self._try(
            lambda: account.write({"limit_kind": "unlimited"}),
            lambda: account.write({"limit_amount": 1e9}),
            lambda: account.write({"partner_id": self.rich.id}),
            account.unlink,
            lambda: self.poor.with_user(user).write({"credit_limit": 1e9}),
            lambda: self.poor.with_user(user).write({"use_partner_credit_limit": False}),
            lambda: company.write({"credit_control": "off"}),
            lambda: (
                self.env["res.config.settings"]
                .with_user(user)
                .create({"credit_control": "off"})
                .execute()
            ),
            lambda: (
                self.env["ir.default"].with_user(user).set("res.company", "credit_control", "off")
            ),
        )
        self._ship(self.locked, user)

    def _attack_commercial_entity(self, user):
        """The payer becomes a contact of a customer with credit, or is said to be one."""
        if user in (self.manager, self.owner):
            return  # who sets limits may also say whose debt it is
        user.sudo().group_ids |= self.env.ref("base.group_partner_manager")
        poor = self.poor.with_user(user)
        self._try(
            lambda: poor.write({"commercial_partner_id": self.rich.id}),
            lambda: poor.write({"parent_id": self.rich.id, "is_company": False}),
            lambda: (
                self.env["base.partner.merge.automatic.wizard"]
                .with_user(user)
                .create(
                    {
                        "partner_ids": [Command.set((self.poor | self.rich).ids)],
                        "dst_partner_id": self.rich.id,
                        "state": "selection",
                    }
                )
                .action_merge()
            ),
        )
        self._ship(self.locked, user)
        if self.locked.sudo().state == "done" and self.poor.exists():
            self._try(lambda: poor.write({"parent_id": False, "is_company": True}))

    def test_whose_goods_they_are(self):
        """Partner, order, delivery, company and payer can't be exchanged behind the lock."""
        self._assert_nothing_leaves(
            [
                self._attack_partner_of_the_delivery,
                self._attack_partner_of_a_typed_delivery,
                self._attack_another_order,
                self._attack_move_to_another_delivery,
                self._attack_company_of_the_moves,
                self._attack_payer_of_the_order,
            ]
        )

    def test_where_they_go(self):
        """A place's meaning and a line's destination count when they are changed later, too."""
        self._assert_nothing_leaves(
            [
                self._attack_destination_afterwards,
                self._attack_usage_of_the_place,
                self._attack_return_of_a_return,
            ]
        )

    def test_the_credit_itself(self):
        """Releases, limits and switches by those who may not."""
        self._assert_nothing_leaves(
            [
                self._attack_own_release,
                self._attack_the_account,
                self._attack_commercial_entity,
            ]
        )
