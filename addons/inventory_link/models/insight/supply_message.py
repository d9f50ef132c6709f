from odoo import models


class SupplyMessage(models.Model):
    _inherit = "supply.message"

    def _apply(self):
        """We ask the vendor to come later: that is then his promise."""
        line = self.purchase_line_id
        super()._apply()
        if self.exists() and self.kind == "postpone" and line.exists().date_promised_first:
            line.sudo().date_promised_first = self.date_needed
