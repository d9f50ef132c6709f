from odoo import fields, models


class CreditReason(models.TransientModel):
    """Asks for the reason of an act that needs one; the act itself checks who may do it."""

    _name = "credit.reason"
    _description = "Give the Reason"

    kind = fields.Selection(
        [
            ("ask", "Ask for Release"),
            ("close", "Close the Remainder"),
            ("reopen", "Open the Remainder Again"),
            ("hold", "Hold the Customer"),
        ],
        required=True,
    )
    order_id = fields.Many2one("sale.order")
    hold_id = fields.Many2one("credit.hold")
    account_id = fields.Many2one("credit.account")
    reason = fields.Text(required=True)

    def action_apply(self):
        """Do it, with the reason."""
        self.ensure_one()
        if self.kind == "ask":
            (self.hold_id or self.order_id).action_ask_release(self.reason)
        elif self.kind == "close":
            self.order_id.action_close_remainder(self.reason)
        elif self.kind == "reopen":
            self.order_id.action_reopen_remainder(self.reason)
        else:
            self.account_id.action_hold(self.reason)
        return {"type": "ir.actions.act_window_close"}
