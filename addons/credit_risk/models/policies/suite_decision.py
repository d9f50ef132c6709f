from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return {**super()._kind_labels(), "credit.policy": self.env._("Credit policy")}
