from odoo import fields, models


class SupplyPlanReject(models.TransientModel):
    """Asks why plan lines are rejected."""

    _name = "supply.plan.reject"
    _description = "Reject Plan Lines"

    line_ids = fields.Many2many("supply.plan.line", string="Plan Lines", required=True)
    reason = fields.Char(required=True)

    def action_reject(self):
        """Reject the lines with this reason."""
        self.ensure_one()
        self.line_ids.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
