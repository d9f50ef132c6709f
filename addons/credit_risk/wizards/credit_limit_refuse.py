from odoo import fields, models


class CreditLimitRefuse(models.TransientModel):
    """Asks why requests for a limit are refused."""

    _name = "credit.limit.refuse"
    _description = "Refuse a Limit Request"

    request_ids = fields.Many2many("credit.limit.request", string="Requests", required=True)
    reason = fields.Text(required=True)

    def action_apply(self):
        """Refuse; all checks are those of ``credit.limit.request``."""
        self.ensure_one()
        self.request_ids.action_refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
