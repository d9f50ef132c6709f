from odoo import models

from ...tools.origin import PAYMENT, coming_from


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _check_amount_and_confirm_order(self):
        """Without the orders that credit holds: their customers are told about the payment."""
        with coming_from(self.env.cr, PAYMENT):
            orders = super()._check_amount_and_confirm_order()
        return orders.filtered(lambda order: order.state == "sale")
