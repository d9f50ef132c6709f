from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def button_approve(self, force=False):
        """Confirmed: what is on the order now is what the vendor promised."""
        result = super().button_approve(force=force)
        self.filtered(lambda order: order.state == "purchase").order_line._keep_promise()
        return result
