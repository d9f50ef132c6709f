from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {"supply.drift": self.env._("Plan drift")}

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {
            "repaired": self.env._("Repaired"),
            "expedite": self.env._("Expedite"),
            "postpone": self.env._("Postpone"),
            "increase": self.env._("Increase"),
            "decrease": self.env._("Decrease"),
            "cancel": self.env._("Cancel"),
        }
