from odoo import models


class StockMove(models.Model):
    """What goods are worth, and what of it the exposure doesn't have yet."""

    _inherit = "stock.move"

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
            moves._credit_handed_over()
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
            if origin.credit_account_id and move._credit_comes_back(origin):
                move.write(
                    {
                        "credit_account_id": origin.credit_account_id.id,
                        "credit_price": origin.credit_price,
                    }
                )
        if moves:
            self.env["credit.account"]._forget_figures()
            self.env["credit.hold"].sudo()._close_shipped(moves.picking_id)

    def _credit_comes_back(self, origin):
        """Whether the goods of ``origin`` return from the place that they were given away to."""
        source = self.location_id
        if source.usage == "customer":
            return True
        return (
            source == origin.location_dest_id
            and source.usage != "internal"
            and self.location_dest_id.usage == "internal"
        )

    def _credit_line_value(self, quantity):
        """Value of a quantity (in the move's unit) at its order line's price, or without."""
        self.ensure_one()
        line = self.sudo().sale_line_id
        if not line or line.product_id != self.product_id:
            return self._credit_value(quantity)
        quantity = self.product_uom._compute_quantity(quantity, line.product_uom_id, round=False)
        return quantity * line._credit_unit_value()

    def _credit_picked_value(self):
        """Value of what has left and what is picked (the rest stays in a backorder)."""
        moves = self.sudo().filtered(
            lambda rec: rec.state == "done" or (rec.state != "cancel" and rec.picked)
        )
        total = sum(move._credit_line_value(move.quantity) for move in moves)
        return self.company_id.currency_id[:1].round(total) if total else 0.0
