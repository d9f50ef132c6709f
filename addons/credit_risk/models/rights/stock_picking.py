from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _credit_message_for_all(self):
        """What everybody may read who reads the transfer: the reason without the numbers."""
        self.ensure_one()
        return (self.credit_message or "").partition("\n")[0]
