from odoo import fields, models

from ..models.keeping.supply_delivery import CAUSES


class SupplyDeliveryCorrect(models.TransientModel):
    """Asks for the true cause of late deliveries."""

    _name = "supply.delivery.correct"
    _description = "Correct the Cause of Late Deliveries"

    delivery_ids = fields.Many2many("supply.delivery", string="Deliveries", required=True)
    cause = fields.Selection(CAUSES, required=True)
    reason = fields.Char(required=True)

    def action_correct(self):
        """Correct them with this reason."""
        self.ensure_one()
        self.delivery_ids.action_correct_cause(self.cause, self.reason)
        return {"type": "ir.actions.act_window_close"}
