from odoo import models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """Money of an online payment frees its order; a voided one locks it again."""
        result = super()._post_process()
        for tx in self.filtered("sale_order_ids"):
            cause = self.env._("Online payment %(reference)s", reference=tx.reference)
            if tx.state in ("done", "authorized"):
                tx.sale_order_ids._credit_money_moved(cause)
            elif tx.state in ("cancel", "error"):
                tx.sale_order_ids._credit_money_moved(cause, raised=True)
        return result
