from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return {**super()._kind_labels(), "credit.reservation": self.env._("Credit reservation")}

    @api.model
    def _outcome_labels(self):
        return {
            **super()._outcome_labels(),
            "freed": self.env._("Stock freed"),
            "reserved": self.env._("Reserved again"),
            "short": self.env._("Stock short"),
        }
