from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return {**super()._kind_labels(), "credit.payment": self.env._("Payment for an order")}

    @api.model
    def _outcome_labels(self):
        return {**super()._outcome_labels(), "linked": self.env._("Linked")}
