from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {
            "credit.bill": self.env._("Bill of exchange"),
            "credit.return": self.env._("Returned payment"),
        }

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {
            "received": self.env._("Received"),
            "endorsed": self.env._("Endorsed"),
            "discounted": self.env._("Discounted"),
            "matured": self.env._("Matured"),
            "dishonoured": self.env._("Dishonoured"),
            "returned": self.env._("Returned"),
        }
