from odoo import models


class SaleOrder(models.Model):
    """Whether an order gives more time to pay than its customer has."""

    _inherit = "sale.order"

    def _credit_terms_longer(self):
        """The order's payment terms rank above those agreed with its payer.

        An order or a customer without terms pays at once: rank 0.
        """
        self.ensure_one()
        order = self.sudo().with_company(self.sudo().company_id)
        payer = order.partner_invoice_id.commercial_partner_id
        return order.payment_term_id.credit_rank > payer.property_payment_term_id.credit_rank
