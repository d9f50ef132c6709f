from odoo import models

from ...tools.clearance import cleared


class AccountMove(models.Model):
    _inherit = "account.move"

    # Odoo writes number, price and taxes of a down-payment invoice to its line of the order, as
    # the user who posts. Finance may post invoices, but not write orders.

    def action_post(self):
        with self._credit_down_payment_lines():
            return super().action_post()

    def button_draft(self):
        with self._credit_down_payment_lines():
            return super().button_draft()

    def button_cancel(self):
        with self._credit_down_payment_lines():
            return super().button_cancel()

    def _credit_down_payment_lines(self):
        lines = self.sudo().line_ids.sale_line_ids.filtered("is_downpayment")
        return cleared(self.env.cr, "sale.order.line.down_payment", lines.ids)
