from odoo import models
from odoo.exceptions import UserError

from ..tools import records
from ..tools.documents import invoice_document
from ..tools.rules import INVOICE
from ..tools.umbrellas import take


class AccountMove(models.Model):
    """The credit check of invoices that come from no order, where a rule asks for it.

    Invoices of orders and of shipped goods never are held: the goods are gone, and the invoice
    is what brings the money.
    """

    _inherit = "account.move"

    def _credit_hold_back(self):
        """Judge the invoices one after the other; save decisions and holds.

        :return: the invoices that must not be posted (none when the company only warns)
        """
        held, decisions = self.browse(), []
        for move, account, figures, verdict, document in self._credit_judge():
            outcome = move._credit_outcome(verdict)
            decisions.append(
                records.check_decision(move, account, figures, verdict, outcome, document.added)
            )
            if outcome == "hold":
                move._credit_hold(account, figures, verdict)
                held |= move
            else:
                move.credit_hold_ids.filtered(lambda hold: hold.state == "open")._close()
                if move.credit_warned != (outcome == "warn"):
                    move.credit_warned = outcome == "warn"
        self.env["suite.decision"]._record(decisions)
        return held.sudo(self.env.su)

    def _credit_refuse_unchecked(self):
        """:raise UserError: an invoice was to be posted past the check and would be held"""
        for move, __, __, verdict, __ in self._credit_judge():
            if move._credit_outcome(verdict) == "hold":
                raise UserError(
                    self.env._(
                        "%(invoice)s can't be posted this way: the customer's credit doesn't "
                        "allow it. Use Confirm, so that it is put on hold.",
                        invoice=move.display_name,
                    )
                )

    def _credit_judge(self):
        """``[(invoice, account, figures, verdict, document)]`` of those that a rule looks at."""
        moves = self.sudo().filtered(
            lambda move: (
                move.move_type in ("out_invoice", "out_receipt")
                and move.state == "draft"
                and move.partner_id
                and move.company_id.credit_control in ("warn", "block")
            )
        )
        if not moves:
            return []
        accounts = self.env["credit.account"].sudo()
        found = accounts._for_pairs(
            [(move.commercial_partner_id.id, move.company_id.id) for move in moves]
        )
        by_move = {move: found[move.commercial_partner_id.id, move.company_id.id] for move in moves}
        every = accounts.union(*by_move.values())
        figures = every._figures()
        ruled = every.filtered(
            lambda account: any(INVOICE in rule.checks for rule in figures[account.id].rules)
        )
        if not ruled:
            return []
        ruled._bump()
        figures = ruled._figures()
        judged = []
        for move, account in by_move.items():
            if account in ruled:
                judged.append((move, account, *move._credit_judge_one(account, figures)))
        return judged

    def _credit_judge_one(self, account, figures):
        """``(figures, verdict, document)`` of one invoice; it is counted for the next one."""
        found, added = figures[account.id], self._credit_standalone_amount()
        if self.company_id.credit_count_drafts:  # it is in the exposure already
            take(figures, account.id, -found.convert(added))
            found = figures[account.id]
        document = invoice_document(found, self._credit_invoice_amount(), added)
        verdict = found.judge(document)
        if not verdict.blocking or self.company_id.credit_count_drafts:
            take(figures, account.id, document.added)
        return found, verdict, document

    def _credit_document(self, figures):
        """The invoice as the rules see it (``tools.rules.Document``)."""
        self.ensure_one()
        return invoice_document(
            figures, self._credit_invoice_amount(), self._credit_standalone_amount()
        )

    def _credit_invoice_amount(self):
        """The invoice's total in the company's currency."""
        move = self.sudo()
        return move.company_id.currency_id.round(
            move.amount_total / (move.invoice_currency_rate or 1.0)
        )

    def _credit_standalone_amount(self):
        """What the invoice adds to the exposure: its lines that bill no order and no shipment."""
        move = self.sudo()
        lines = move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product" and not line.sale_line_ids
        )
        shipped = move._credit_shipped_products(lines.product_id)
        amount = sum(line.price_total for line in lines if line.product_id not in shipped)
        return move.company_id.currency_id.round(amount / (move.invoice_currency_rate or 1.0))

    def _credit_shipped_products(self, products):
        """Those of the products that the customer got without an order."""
        if not products:
            return products
        moves = (
            self.env["stock.move"]
            .sudo()
            .search(
                [
                    ("credit_account_id.partner_id", "=", self.commercial_partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("product_id", "in", products.ids),
                    ("state", "=", "done"),
                    ("sale_line_id", "=", False),
                ]
            )
        )
        return moves.product_id

    def _credit_outcome(self, verdict):
        """What follows from a verdict: pass, warn, released or hold."""
        if not verdict.blocking:
            return "warn" if verdict.warnings else "pass"
        if self.company_id.credit_control == "warn":
            return "warn"
        covered = self.credit_hold_ids._covers(self._credit_invoice_amount())
        return "released" if covered else "hold"

    def _credit_hold(self, account, figures, verdict):
        """Save the hold, or bring the open one up to date."""
        amount = figures.convert(self._credit_invoice_amount())
        values = records.hold_values(figures, verdict, amount, account.currency_id)
        hold = self.credit_hold_ids.filtered(lambda rec: rec.state == "open")
        if hold:
            hold._refresh(values)
            return
        hold = self.env["credit.hold"].create(
            values
            | {
                "account_id": account.id,
                "user_id": self.invoice_user_id.id,
                "move_id": self.id,
                "requested_by_id": self.env.uid,
            }
        )
        self.message_post(body=" ".join((hold._title(), hold.cure)))
