from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _credit_is_released(self, beyond=0.0):
        """A release is about whoever was to pay then; another payer needs his own."""
        payer = self.sudo().partner_invoice_id.commercial_partner_id
        released = self.sudo().credit_hold_ids.filtered(lambda hold: hold.state == "released")
        if payer not in released.partner_id:
            return False
        return super()._credit_is_released(beyond)
