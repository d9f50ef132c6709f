from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {
            "production.ready": self.env._("Production ready"),
            "production.reserve": self.env._("Components handed over"),
        }

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {
            "ready": self.env._("Ready"),
            "handed_over": self.env._("Handed over"),
        }
