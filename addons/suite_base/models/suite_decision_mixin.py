from odoo import fields, models

from ..tools.why import why_action


class SuiteDecisionMixin(models.AbstractModel):
    """Gives a document the "Why?" button: how many decisions there are, and their dialog."""

    _name = "suite.decision.mixin"
    _description = "Document with Decisions"

    decision_count = fields.Integer(
        "Decisions", compute="_compute_decision_count", groups="base.group_user"
    )

    def _compute_decision_count(self):
        # Whoever reads the document may read its decisions, so counting needs no second check.
        counts = dict(
            self.env["suite.decision"]
            .sudo()
            ._read_group(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("company_id", "in", [False, *self.env.companies.ids]),
                ],
                ["res_id"],
                ["__count"],
            )
        )
        for record in self:
            record.decision_count = counts.get(record._origin.id, 0)

    def action_why(self):
        """The dialog with everything that was decided about these documents, newest first."""
        self.check_access("read")
        return why_action(self.env, self._name, self.ids)
