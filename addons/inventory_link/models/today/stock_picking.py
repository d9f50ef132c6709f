from odoo import models


class StockPicking(models.Model):
    """What the warehouse's Today screen tells of a transfer."""

    _inherit = "stock.picking"

    def _today_purposes(self):
        """What receipts are for: ``{id: [text]}``, the orders that wait for them through all
        levels of components."""
        orders = self._today_waiting_orders()
        return {
            picking.id: [
                self.env._(
                    "%(order)s for %(customer)s",
                    order=order.name,
                    customer=order.partner_id.display_name,
                )
                for order in orders.get(picking.id, ())
            ]
            for picking in self
        }

    def _today_waiting_orders(self):
        """``{id: sale.order}``; buyers and workers see numbers of all orders."""
        pegs = self.env["supply.peg"].sudo()
        moves = self.sudo().move_ids
        by_purchase = pegs._sale_lines_of("supply_purchase_line_id", moves.purchase_line_id.ids)
        by_move = pegs._sale_lines_of("supply_move_id", moves.ids)
        sale_lines = self.env["sale.order.line"].sudo()
        found = {
            picking.id: {
                number
                for move in picking.move_ids
                for number in (
                    *by_purchase.get(move.purchase_line_id.id, ()),
                    *by_move.get(move.id, ()),
                )
            }
            for picking in self.sudo()
        }
        known = sale_lines.browse({number for numbers in found.values() for number in numbers})
        known.order_id.mapped("name")  # all in one query
        return {
            number: sale_lines.browse(sorted(lines))
            .with_prefetch(known._prefetch_ids)
            .order_id.sorted("name")
            for number, lines in found.items()
        }
