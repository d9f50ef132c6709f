from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.clearance import cleared, is_cleared


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

    def write(self, vals):
        """Whoever makes a move done by writing its state passes the same lock; docs/flow.md."""
        if vals.get("state") == "done":
            self.filtered(lambda move: move.state != "done")._credit_check_shipment()
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        """The lock itself: every way to ship ends here, with or without a transfer."""
        self._credit_check_shipment()
        with cleared(self.env.cr, self._name, self.ids):
            done = super()._action_done(cancel_backorder=cancel_backorder)
        done._credit_shipped()
        return done

    # ------------------------------------------------------------------ business

    def _credit_outgoing(self):
        """The moves that hand goods to a customer, in companies where credit is controlled."""
        return self.filtered(
            lambda move: (
                move.location_dest_id.usage == "customer"
                and move.location_id.usage != "customer"
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
        outgoing = self._credit_outgoing().filtered(
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
        orderless = self._credit_orderless()
        adding = accounts.filtered(lambda account: groups[account] & orderless)
        adding._bump()
        figures = accounts._figures()
        for account, moves in groups.items():
            loose = moves & orderless
            added = sum(move._credit_value() for move in loose)
            reasons = figures[account.id].reasons(added)
            if reasons and moves._credit_not_released():
                errors.append(account._shipment_error(figures[account.id], reasons, added))
        return errors

    def _credit_late_errors(self):
        """Why goods that were just added to done transfers may not leave."""
        errors = []
        for account, moves in self._credit_moves_by_account().items():
            found = account._figures().get(account.id)
            reasons = found.reasons() if found else ()
            if reasons and moves._credit_not_released():
                errors.append(account._shipment_error(found, reasons, 0.0))
        return errors

    def _credit_orderless(self):
        return self.filtered(lambda move: not move.sudo().sale_line_id)

    def _credit_not_released(self):
        """The moves whose order or delivery has no release by a person that still counts."""
        released = self.sudo().picking_id._credit_released()
        return self.filtered(
            lambda move: (
                move.sudo().picking_id not in released
                and not move.sudo().sale_line_id.order_id._credit_is_released()
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

    def _credit_value(self):
        """Value of the goods about to leave without an order."""
        quantity = self.product_uom._compute_quantity(
            self.quantity or self.product_uom_qty, self.product_id.uom_id, round=False
        )
        return self.company_id.currency_id.round(quantity * self._credit_unit_price())

    def _credit_shipped(self):
        """Goods have left or come back: keep the value of what goes without an order."""
        moves = self.sudo().filtered(lambda move: move.state == "done")
        loose = (
            moves._credit_outgoing()
            ._credit_orderless()
            .filtered(lambda move: not move.credit_account_id)
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
