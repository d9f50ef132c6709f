from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_bill_id = fields.Many2one(
        "credit.bill",
        "Bill of Exchange",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    def button_draft(self):
        self._check_credit_steps()
        return super().button_draft()

    def button_cancel(self):
        self._check_credit_steps()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Entries of bills and returned payments are taken back by their own steps."""
        self._check_credit_steps(reversing=True)
        return super()._reverse_moves(default_values_list, cancel)

    def _check_credit_steps(self, reversing=False):
        """:raise UserError: an entry that a bill or a returned payment still stands on"""
        for move in self.sudo():
            bill = move.credit_bill_id
            being_cancelled = (
                reversing and bill.state == "cancelled" and not move.reversal_move_ids
            )
            if bill and not being_cancelled:
                raise UserError(
                    self.env._(
                        "%(entry)s belongs to bill of exchange %(number)s. Use the steps of the "
                        "bill (cancel, dishonour) instead.",
                        entry=move.name,
                        number=bill.name,
                    )
                )
            payment = move.origin_payment_id or move.reversed_entry_id.origin_payment_id
            if payment.returned_date:
                raise UserError(
                    self.env._(
                        "%(payment)s was returned by the bank. If the money came after all, "
                        "enter a new payment.",
                        payment=payment.name,
                    )
                )
