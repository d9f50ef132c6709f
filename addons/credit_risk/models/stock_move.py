from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.clearance import cleared, is_cleared
from ..tools.cure import shipment_error
from ..tools.guarded import without

KEPT_BY_SYSTEM = {"credit_account_id", "credit_price"}


class StockMove(models.Model):
    _inherit = "stock.move"

    # Goods shipped without an order: whose credit they use, and their price then.
    credit_account_id = fields.Many2one(
        "credit.account",
        "Credit Account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Customer whose credit the goods use; set when they are shipped without an order.",
    )
    credit_price = fields.Float(
        readonly=True,
        copy=False,
        digits=0,
        help="Price of one of the product's units, tax included, in the company's currency.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Whoever makes a move done by writing its state passes the same lock; docs/flow.md."""
        if not self.env.su:
            vals = without(vals, KEPT_BY_SYSTEM)
        if vals.get("state") == "done":
            self.filtered(lambda move: move.state != "done")._credit_check_shipment()
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        """The lock itself: every way to ship ends here, with or without a transfer."""
        self._credit_check_shipment()
        with cleared(self.env.cr, self._name, self.ids):
            done = super()._action_done(cancel_backorder=cancel_backorder)
        done._credit_shipped(leaving=True)
        return done

    # ------------------------------------------------------------------ business

    def _credit_outgoing(self):
        """The moves that hand goods to a customer, in companies where credit is controlled.

        Odoo brings goods where the move's lines say, whatever the move itself says.
        """
        return self.filtered(
            lambda move: (
                move.location_id.usage != "customer"
                and "customer"
                in (move.location_dest_id | move.move_line_ids.location_dest_id)
                .sudo()
                .mapped("usage")
                and move.sudo().company_id.credit_control in ("warn", "block")
            )
        )

    def _credit_payer(self):
        """Who pays for the goods: the order's payer, else the customer on the documents.

        The order decides when there is one, so that another name on the transfer changes
        nothing.
        """
        self.ensure_one()
        move = self.sudo()
        order = move.sale_line_id.order_id or move.picking_id.sale_id
        partner = order.partner_invoice_id or move.picking_id.partner_id or move.partner_id
        return partner.commercial_partner_id

    def _credit_moves_by_account(self, make=True):
        """``{credit account: moves}``; moves without a payer (or account) are under no account."""
        payers = {move: move._credit_payer() for move in self}
        found = (
            self.env["credit.account"]
            .sudo()
            ._for_pairs(
                [(payer.id, move.company_id.id) for move, payer in payers.items() if payer],
                make,
            )
        )
        groups = {}
        none = self.env["credit.account"].sudo()
        for move, payer in payers.items():
            account = found.get((payer.id, move.company_id.id), none)
            groups[account] = groups.get(account, self.browse()) | move
        return groups

    def _credit_check_shipment(self):
        """:raise UserError: some of the goods may not leave for their customer's credit"""
        outgoing = self._credit_handed_over().filtered(
            lambda move: (
                move.state not in ("done", "cancel")
                and move.sudo().company_id.credit_control == "block"
            )
        )
        if not outgoing or is_cleared(self.env.cr, self._name, outgoing.ids):
            return
        messages = outgoing._credit_shipment_errors()
        if messages:
            raise UserError("\n\n".join(messages))

    def _credit_shipment_errors(self):
        """Why these goods may not leave: one text a customer, in the reader's language."""
        groups = self._credit_moves_by_account()
        nameless = groups.pop(self.env["credit.account"].sudo(), self.browse())
        errors = []
        nameless = nameless.filtered(lambda move: not move._credit_is_paid())
        if nameless:
            errors.append(
                self.env._(
                    "Goods for a customer need the customer's name on the transfer (%(products)s).",
                    products=", ".join(nameless.product_id.mapped("display_name")),
                )
            )
        accounts = self.env["credit.account"].sudo().union(*groups)
        added = {account: moves._credit_added() for account, moves in groups.items()}
        accounts.filtered(added.get)._bump()
        figures = accounts._figures()
        for account, moves in groups.items():
            reasons = figures[account.id].reasons(added[account])
            if reasons and moves._credit_not_released():
                errors.append(shipment_error(account, figures[account.id], reasons, added[account]))
        return errors

    def _credit_late_errors(self):
        """Why goods that were just added to done transfers may not leave."""
        errors = []
        for account, moves in self._credit_moves_by_account().items():
            found = account._figures().get(account.id)
            reasons = found.reasons() if found else ()
            if reasons and moves._credit_not_released():
                errors.append(shipment_error(account, found, reasons, 0.0))
        return errors

    def _credit_orderless(self):
        return self.filtered(lambda move: not move.sudo().sale_line_id)

    def _credit_added(self):
        """What these goods add to the exposure: those without an order, those beyond it."""
        loose = self._credit_orderless()
        over = (self - loose)._credit_over_delivery()
        return sum(move._credit_value() for move in loose) + sum(over.values())

    def _credit_over_delivery(self):
        """``{order: value of what would be delivered beyond it}``, tax and company currency."""
        values = {}
        open_moves = self.sudo().filtered(
            lambda move: move.sale_line_id and move.state not in ("done", "cancel")
        )
        for line, moves in open_moves.grouped("sale_line_id").items():
            values.setdefault(line.order_id, 0.0)
            values[line.order_id] += moves._credit_beyond(line)
        return values

    def _credit_beyond(self, line):
        """Value of what these moves of one order line bring beyond its ordered quantity."""
        if self.product_id != line.product_id:
            # Parts of a kit: each against its own demand, at its own price.
            return sum(
                max(0.0, move.quantity - move.product_uom_qty) * move._credit_unit_price()
                for move in self
            )
        done = sum(
            move.product_uom._compute_quantity(move.quantity, line.product_uom_id, round=False)
            for move in self
        )
        beyond = done + max(0.0, line.qty_delivered) - line.product_uom_qty
        value = max(0.0, beyond) * line._credit_unit_value()
        return line.order_id.company_id.currency_id.round(value)

    def _credit_not_released(self):
        """The moves whose order or delivery has no release by a person that still counts."""
        moves = self.sudo()
        released = moves.picking_id._credit_released()
        over = moves._credit_over_delivery()
        orders = moves.sale_line_id.order_id.filtered(
            lambda order: order._credit_is_released(over.get(order, 0.0))
        )
        return self.filtered(
            lambda move: (
                move.sudo().picking_id not in released
                and move.sudo().sale_line_id.order_id not in orders
            )
        )

    def _credit_is_paid(self):
        """Goods without a customer's name that are paid at the counter need none."""
        picking = self.picking_id.sudo()
        return "pos_order_id" in picking._fields and bool(picking.pos_order_id)

    def _credit_unit_price(self):
        """Sales price of one product unit with the customer's taxes, company currency.

        Source: the product's list price, for goods that leave without an order.
        """
        self.ensure_one()
        move = self.sudo().with_company(self.company_id)
        product, company = move.product_id, move.company_id
        partner = move.picking_id.partner_id or move.partner_id
        price = product.currency_id._convert(
            product.lst_price, company.currency_id, company, company._credit_today(), round=False
        )
        taxes = product.taxes_id._filter_taxes_by_company(company)
        taxes = (
            self.env["account.fiscal.position"]
            .sudo()
            .with_company(company)
            ._get_fiscal_position(partner)
            .map_tax(taxes)
        )
        result = taxes.compute_all(
            price, currency=company.currency_id, quantity=1.0, product=product, partner=partner
        )
        return result["total_included"]

    def _credit_value(self, quantity=None):
        """Value of the goods about to leave without an order (``quantity`` in the move's unit)."""
        if quantity is None:
            quantity = self.quantity or self.product_uom_qty
        quantity = self.product_uom._compute_quantity(quantity, self.product_id.uom_id, round=False)
        return self.company_id.currency_id.round(quantity * self._credit_unit_price())

    def _credit_shipped(self, leaving=False):
        """Goods have left or come back: keep the value of what goes without an order.

        :param leaving: they left just now, so that nothing about them can be known already
        """
        moves = self.sudo().filtered(lambda move: move.state == "done")
        loose = (
            moves._credit_outgoing()
            ._credit_orderless()
            .filtered(lambda move: leaving or not move.credit_account_id)
        )
        for account, group in loose._credit_moves_by_account().items():
            for move in group if account else ():
                move.write(
                    {"credit_account_id": account.id, "credit_price": move._credit_unit_price()}
                )
        for move in moves.filtered("origin_returned_move_id")._credit_orderless():
            origin = move.origin_returned_move_id
            if origin.credit_account_id and move.location_id.usage == "customer":
                move.write(
                    {
                        "credit_account_id": origin.credit_account_id.id,
                        "credit_price": origin.credit_price,
                    }
                )
        if moves:
            self.env["credit.account"]._forget_figures()
            self.env["credit.hold"].sudo()._close_shipped(moves.picking_id)
