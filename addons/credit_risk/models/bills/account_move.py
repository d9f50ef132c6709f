from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def write(self, vals):
        """Entries of bills and returned payments are taken back by their own steps alone."""
        if vals.get("state") in ("draft", "cancel"):
            self.filtered(lambda move: move.state == "posted")._check_credit_steps()
        return super().write(vals)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """The same for a reversal, except the one that a step itself makes."""
        self._check_credit_steps(reversing=True)
        return super()._reverse_moves(default_values_list, cancel)

    def _check_credit_steps(self, reversing=False):
        """:raise UserError: an entry that a bill or a returned payment still stands on"""
        moves = self.sudo()
        bills = self.env["credit.bill"].sudo().search([("move_ids", "in", moves.ids)])
        for bill in bills:
            entries = bill.move_ids & moves
            if reversing and bill.state == "cancelled" and not entries.reversal_move_ids:
                continue  # the bill's own step
            raise UserError(
                self.env._(
                    "%(entry)s belongs to bill of exchange %(number)s. Use the steps of the bill "
                    "(cancel, dishonour) instead.",
                    entry=entries[:1].name,
                    number=bill.name,
                )
            )
        payments = moves.origin_payment_id | moves.reversed_entry_id.origin_payment_id
        for payment in payments.filtered("returned_date"):
            raise UserError(
                self.env._(
                    "%(payment)s was returned by the bank. If the money came after all, enter a "
                    "new payment.",
                    payment=payment.name,
                )
            )
