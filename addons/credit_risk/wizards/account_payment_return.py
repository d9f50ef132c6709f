from odoo import fields, models


class AccountPaymentReturn(models.TransientModel):
    """Asks why a payment bounced; all checks are those of ``account.payment``."""

    _name = "account.payment.return"
    _description = "Return a Payment"

    payment_id = fields.Many2one("account.payment", required=True, ondelete="cascade")
    date = fields.Date(default=fields.Date.context_today, required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        """Return the payment."""
        self.ensure_one()
        self.payment_id.action_return(self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
