from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _has_field_access(self, field, operation):
        """Customers may read their deliveries, also by RPC: nothing about their credit."""
        private = field.name.startswith("credit_") or field.name == "shipment_locked"
        if private and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)
