from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {
            "supply.lead": self.env._("Vendor lead time"),
            "supply.slow": self.env._("Dead stock"),
        }

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {"dead": self.env._("Dead")}
