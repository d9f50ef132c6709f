from odoo import models

FOR_EMPLOYEES = {"shipment_locked", "credit_state", "credit_message"}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _has_field_access(self, field, operation):
        """Customers may read their deliveries, also by RPC: nothing about their credit."""
        if field.name in FOR_EMPLOYEES and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)
