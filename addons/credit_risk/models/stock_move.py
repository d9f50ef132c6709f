from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.clearance import cleared, is_cleared
from ..tools.cure import shipment_error
from ..tools.documents import judge_delivery
from ..tools.guarded import without
from ..tools.umbrellas import take

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
        if vals.get("state") != "done":
            return super().write(vals)
        leaving = self.filtered(
            lambda move: (
                move.state != "done" and move.sudo().company_id.credit_control in ("warn", "block")
            )
        )
        if is_cleared(self.env.cr, self._name, leaving.ids):
            return super().write(vals)
        # First what else is written, so that the lock judges what really leaves: all of it.
        self.write(without(vals, {"state"}))
        leaving.picked = True
        leaving._credit_check_shipment()
        result = super().write({"state": "done"})
        leaving._credit_handed_over()._credit_shipped(leaving=True)
        return result

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
        judged = self._credit_judge(shipping=True)
        errors = []
        nameless = self - self.browse().union(*(moves for __, __, moves, __ in judged))
        nameless = nameless.filtered(lambda move: not move._credit_is_paid())
        if nameless:
            errors.append(
                self.env._(
                    "Goods for a customer need the customer's name on the transfer (%(products)s).",
                    products=", ".join(nameless.product_id.mapped("display_name")),
                )
            )
        return errors + self._credit_errors(judged)

    def _credit_late_errors(self):
        """Why goods that were just added to done transfers may not leave."""
        return self._credit_errors(self._credit_judge())

    def _credit_errors(self, judged):
        """The texts of what blocks and isn't released; the same one only once."""
        errors = [
            shipment_error(account, figures, verdict)
            for account, figures, moves, verdict in judged
            if verdict.blocking and moves._credit_not_released()
        ]
        return list(dict.fromkeys(errors))

    def _credit_judge(self, shipping=False, make=True):
        """Judge these goods, order by order, each counted for the next one.

        :param shipping: they are about to leave: what the exposure doesn't have yet counts, and
            the accounts are bumped, so that nobody else ships at the same time
        :param make: make missing accounts (not in computed fields)
        :return: ``[(account, figures, moves, verdict)]``; moves without a payer aren't in it
        """
        groups = self._credit_moves_by_account(make)
        groups.pop(self.env["credit.account"].sudo(), None)
        accounts = self.env["credit.account"].sudo().union(*groups)
        added = {account: moves._credit_added() for account, moves in groups.items()}
        if shipping:
            accounts.filtered(added.get)._bump()
        figures = accounts._figures()
        judged = []
        for account, moves in groups.items():
            # with_prefetch: facts of the orders are read for all customers at once
            for order, goods in moves.with_prefetch(self._prefetch_ids)._credit_by_order():
                found = figures.get(account.id)
                if not found:
                    continue
                beyond = goods._credit_added() if shipping else 0.0
                document, verdict = goods._credit_judge_goods(order, found, beyond)
                judged.append((account, found, goods, verdict))
                take(figures, account.id, document.added)
        return judged

    def _credit_by_order(self):
        """``[(order or none, its moves)]`` in a fixed order."""
        orders = self.sudo().sale_line_id.order_id
        groups = [
            (order, self.filtered(lambda m, o=order: m._credit_order() == o))
            for order in orders.sorted("id")
        ]
        loose = self.filtered(lambda move: not move._credit_order())
        return [*groups, *([(orders.browse(), loose)] if loose else [])]

    def _credit_order(self):
        return self.sudo().sale_line_id.order_id

    def _credit_judge_goods(self, order, figures, beyond=0.0):
        """``(document, verdict)`` of goods of one order (or of none)."""
        amount = early = 0.0
        if any(rule.condition == "order_amount" for rule in figures.rules):
            amount = self._credit_goods_value()
        if order and figures.horizon_days and order._credit_is_beyond_horizon(figures.horizon_days):
            early = amount or self._credit_goods_value()
        return judge_delivery(order, figures, amount, beyond, early)

    def _credit_goods_value(self):
        """Value of the goods, tax included, in the company's currency.

        Counted with what was asked or what was picked, whichever is more.
        """
        total = sum(
            move._credit_line_value(max(move.product_uom_qty, move.quantity))
            for move in self.sudo().filtered(lambda rec: rec.state != "cancel")
        )
        return self.company_id.currency_id[:1].round(total) if total else 0.0
