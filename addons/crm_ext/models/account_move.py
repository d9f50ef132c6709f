from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _invoice_paid_hook(self):
        """The last payment of a customer invoice is a pool event."""
        result = super()._invoice_paid_hook()
        sales = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        self.env["customer.pool"]._note(sales.commercial_partner_id)
        return result
