from odoo import api, fields, models


class SupplyPlanApprove(models.TransientModel):
    """Shows the plan lines that need a look before many are approved."""

    _name = "supply.plan.approve"
    _description = "Approve Plan Lines"

    release = fields.Boolean(readonly=True)
    clear_line_ids = fields.Many2many("supply.plan.line", string="Plan Lines", readonly=True)
    clear_count = fields.Integer("Without Remarks", compute="_compute_counts")
    attention_ids = fields.One2many("supply.plan.approve.line", "wizard_id", "To Look At")
    chosen_count = fields.Integer("To Approve", compute="_compute_counts")

    @api.depends("clear_line_ids", "attention_ids.chosen", "attention_ids.blocked")
    def _compute_counts(self):
        for wizard in self:
            chosen = wizard.attention_ids.filtered(lambda row: row.chosen and not row.blocked)
            wizard.clear_count = len(wizard.clear_line_ids)
            wizard.chosen_count = wizard.clear_count + len(chosen)

    def action_approve(self):
        """Approve what is chosen and tell the result."""
        self.ensure_one()
        return self._lines()._approve_and_tell(self.release)

    def _lines(self):
        chosen = self.attention_ids.filtered("chosen").line_id
        return self.clear_line_ids | chosen
