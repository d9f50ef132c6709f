from odoo import api, fields, models

from ...tools.guarded import without

KEPT_BY_SYSTEM = {"credit_freed_date"}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    credit_freed_date = fields.Date(
        "Stock Freed On",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Its stock was given to others on this day, because it waited too long for credit. "
        "It isn't reserved again before the credit allows the delivery.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = without(vals, KEPT_BY_SYSTEM)
        return super().write(vals)

    # ------------------------------------------------------------------ business

    def _schedule_reservation_notice(self, user, note):
        """A warning for the salesperson on the delivery; one at a time."""
        self.activity_schedule("mail.mail_activity_data_warning", note=note, user_id=user.id)

    def _credit_chain(self):
        """The open moves that bring this delivery's goods: its own and the picks before them.

        A pick that also serves another delivery is left alone.
        """
        own = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        chain, level = own, own
        while level:
            level = level.move_orig_ids.filtered(
                lambda move, chain=chain: (
                    move.state not in ("done", "cancel")
                    and move.location_id.usage == "internal"
                    and move.move_dest_ids <= chain
                )
            )
            level -= chain
            chain |= level
        return chain

    def _credit_reserved_moves(self):
        """Of the chain the moves with stock that is reserved and not yet picked by a person."""
        return self._credit_chain().filtered(
            lambda move: move.product_id.is_storable and move.quantity > 0 and not move.picked
        )

    def _credit_free_stock(self):
        """Give the reserved stock to whoever waits for it; :return: ``{product: quantity}``.

        The quantities are in the products' own unit.
        """
        self.ensure_one()
        moves = self._credit_reserved_moves()
        freed = {}
        for move in moves:
            quantity = move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
            freed[move.product_id] = freed.get(move.product_id, 0.0) + quantity
        self.credit_freed_date = self.company_id._credit_today()
        moves._do_unreserve()
        return freed

    def _credit_reserve_again(self):
        """Reserve what there is; :return: ``{product: what is missing}`` in the product's unit."""
        self.ensure_one()
        self.credit_freed_date = False
        chain = self._credit_chain()
        chain._action_assign()
        missing = {}
        for move in self._credit_first_moves(chain):
            product = move.product_id
            short = move.product_uom._compute_quantity(
                max(0.0, move.product_uom_qty - move.quantity), product.uom_id
            )
            if product.is_storable and not product.uom_id.is_zero(short):
                missing[product] = missing.get(product, 0.0) + short
        return missing

    @api.model
    def _credit_first_moves(self, chain):
        """The moves of a chain that take from stock: those that wait for no other of the chain."""
        return chain.filtered(lambda move: not (move.move_orig_ids & chain))
