from odoo import api, models
from odoo.exceptions import UserError

# Places that aren't ours (or nobody's): what an outgoing transfer brings there is gone.
OUTSIDE = {"customer", "transit", "supplier", "inventory", "production"}


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        """A move that is born done has shipped without any validation; docs/flow.md."""
        moves = super().create(vals_list)
        done = moves.filtered(lambda move: move.state == "done")
        if done and not self.env.su:
            done._credit_handed_over()._credit_shipped(leaving=True)
            done._credit_check_late()
        return moves

    def write(self, vals):
        """Goods of one customer's order don't become those of another's order, or of none."""
        if "sale_line_id" in vals and not self.env.su:
            line = self.env["sale.order.line"].sudo().browse(vals["sale_line_id"] or [])
            self._credit_check_other_order(line)
        return super().write(vals)

    # ------------------------------------------------------------------ business

    def _credit_handed_over(self):
        """The moves that give goods away: to customers, and outgoing ones to any other place.

        An outgoing transfer for a customer that ends in transit, at a vendor or in a loss has
        handed the goods over as well. Left out are returns to vendors, scrapped goods and
        supplies between the company's own warehouses. A new customer has no account yet and
        is a customer all the same.
        """
        outgoing = self._credit_outgoing()
        return outgoing | (self - outgoing).filtered(lambda move: move._credit_is_given_away())

    def _credit_is_given_away(self):
        move = self.sudo()
        if move.picking_type_id.code != "outgoing" or move.location_id.usage == "customer":
            return False
        if move.company_id.credit_control not in ("warn", "block"):
            return False
        places = move.location_dest_id | move.move_line_ids.location_dest_id
        if not OUTSIDE & set(places.mapped("usage")) or move._credit_is_own_business():
            return False
        payer = move._credit_payer()
        warehouses = self.env["stock.warehouse"].sudo().search([]).partner_id
        own = (
            self.env["res.company"].sudo().search([]).partner_id | warehouses
        ).commercial_partner_id
        return bool(payer) and payer not in own and not move._credit_goes_to_vendor(payer)

    def _credit_goes_to_vendor(self, payer):
        """Whether it is typed in for a vendor who has billed us and is nobody's customer."""
        company = self.company_id
        places = self.location_dest_id | self.move_line_ids.location_dest_id
        if OUTSIDE & set(places.mapped("usage")) != {"supplier"}:
            return False
        if self.env["credit.account"].sudo()._for_pairs([(payer.id, company.id)], make=False):
            return False
        bills = [
            ("commercial_partner_id", "=", payer.id),
            ("company_id", "=", company.id),
            ("move_type", "=", "in_invoice"),
            ("state", "=", "posted"),
        ]
        return bool(self.env["account.move"].sudo().search_count(bills, limit=1))

    def _credit_is_own_business(self):
        """Whether it goes back to a vendor by a return, or is scrapped."""
        purchased = "purchase_line_id" in self._fields and self.purchase_line_id
        returned = self.origin_returned_move_id and self.location_dest_id.usage == "supplier"
        return bool(purchased or returned or self.scrap_id)

    def _credit_payer(self):
        """As in general, but: what left is charged to whom it was charged, and goods that go
        from a vendor straight to a customer are never the vendor's."""
        move = self.sudo()
        if move.state == "done" and move.credit_account_id:
            return move.credit_account_id.partner_id
        ordered = move.sale_line_id or move.picking_id.sale_id
        if not ordered and move.location_id.usage == "supplier":
            return move._credit_dropship_customer()
        return super()._credit_payer()

    def _credit_shipped(self, leaving=False):
        if leaving:  # whatever somebody has put there before: it is known only now
            self.sudo().filtered("credit_account_id").credit_account_id = False
        return super()._credit_shipped(leaving=leaving)

    def _credit_dropship_customer(self):
        """Whom a vendor delivers to; the transfer itself may name the vendor."""
        named = self.partner_id or self.picking_id.partner_id
        commercial = named.commercial_partner_id
        if not self.partner_id and commercial.supplier_rank and not commercial.customer_rank:
            return commercial.browse()
        return commercial

    def _credit_check_late(self):
        """:raise UserError: done moves have given away what their customers have no credit for"""
        moves = self._credit_handed_over().filtered(
            lambda move: move.sudo().company_id.credit_control == "block"
        )
        if messages := moves._credit_late_errors():
            raise UserError("\n\n".join(messages))

    def _credit_late_errors(self):
        nameless = self.filtered(lambda move: not move._credit_payer())._credit_nameless_error()
        return [*nameless, *super()._credit_late_errors()]

    def _credit_nameless_error(self):
        """What is said about goods for customers without a customer's name; empty for no goods."""
        moves = self.filtered(lambda move: not move._credit_is_paid())
        if not moves:
            return []
        return [
            self.env._(
                "Goods for a customer need the customer's name on the transfer (%(products)s).",
                products=", ".join(moves.product_id.mapped("display_name")),
            )
        ]

    def _credit_check_other_order(self, line):
        """:raise UserError: the goods' order is taken from them, or has another payer"""
        payer = line.order_id.partner_invoice_id.commercial_partner_id
        for move in self._credit_outgoing().sudo():
            now = move.sale_line_id.order_id.partner_invoice_id.commercial_partner_id
            if now and now != payer:
                raise UserError(
                    self.env._(
                        "%(product)s is delivered for order %(order)s and can't be charged to "
                        "another customer. Cancel the delivery and make the other one from its "
                        "own order.",
                        product=move.product_id.display_name,
                        order=move.sale_line_id.order_id.name,
                    )
                )

    def _credit_payers_of_goods(self):
        """Who pays for these moves' goods, as far as they are for customers."""
        partners = self.env["res.partner"].sudo()
        for move in self._credit_outgoing():
            partners |= move._credit_payer()
        return partners
