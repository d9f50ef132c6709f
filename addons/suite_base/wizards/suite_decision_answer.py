from odoo import fields, models


class SuiteDecisionAnswer(models.TransientModel):
    """Asks for the reason of an answer to decisions."""

    _name = "suite.decision.answer"
    _description = "Answer to Decisions"

    decision_ids = fields.Many2many("suite.decision", required=True)
    answer = fields.Selection(
        [("accepted", "Accept"), ("overruled", "Overrule")], required=True, default="overruled"
    )
    reason = fields.Text()

    def action_confirm(self):
        """Give the answer; the decisions check who may."""
        self.ensure_one()
        self.decision_ids.action_answer(self.answer, self.reason)
        return self.decision_ids._back_to_why() or {"type": "ir.actions.act_window_close"}
