from odoo import fields, models


class SupplyMessageDismiss(models.TransientModel):
    """Asks why plan messages are dismissed."""

    _name = "supply.message.dismiss"
    _description = "Dismiss Plan Messages"

    message_ids = fields.Many2many("supply.message", string="Messages", required=True)
    reason = fields.Char(required=True)

    def action_dismiss(self):
        """Dismiss the messages with this reason."""
        self.ensure_one()
        self.message_ids.action_dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
