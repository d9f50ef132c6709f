from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """Undoing a match opens the invoice again, which may be overdue."""
        lines = self.debit_move_id | self.credit_move_id
        result = super().unlink()
        lines.exists()._credit_items_changed(undone=True)
        return result
