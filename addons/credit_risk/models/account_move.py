from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """Invoices raise the exposure; payments and credit notes may free held orders."""
        posted = super()._post(soft=soft)
        (self | posted)._credit_entries_changed()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._credit_entries_changed(undone=True)
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._credit_entries_changed(undone=True)
        return result

    def _credit_entries_changed(self, undone=False):
        """Tell the customers' accounts, which look at both directions from fresh figures."""
        moves = self.sudo().filtered(lambda move: move.company_id.credit_control != "off")
        if undone:
            lines = moves.line_ids
        else:
            lines = moves.filtered(lambda move: move.state == "posted").line_ids
        lines._credit_items_changed(undone=undone)
