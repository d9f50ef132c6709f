from odoo import api, models


class CreditAccount(models.Model):
    _inherit = "credit.account"

    @api.model
    def _forget_figures(self):
        """What is paid for orders comes from the same documents as the figures."""
        super()._forget_figures()
        self.env["sale.order"].invalidate_model(
            ["credit_paid_amount", "credit_prepaid", "credit_net_new"], flush=False
        )
        self.env["sale.payment.milestone"].invalidate_model(
            ["paid_amount", "open_amount", "state"], flush=False
        )
