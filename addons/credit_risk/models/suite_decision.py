from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return {
            **super()._kind_labels(),
            "credit.limit": self.env._("Credit limit"),
            "credit.remainder": self.env._("Short close"),
            "credit.drift": self.env._("Credit figures drift"),
        }

    @api.model
    def _answer_groups(self):
        """A credit decision isn't answered by the salesperson whose order it is about."""
        return {**super()._answer_groups(), "credit": "credit_risk.group_credit_controller"}
