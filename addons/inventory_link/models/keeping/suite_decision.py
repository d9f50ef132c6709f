from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {
            "promise.slip": self.env._("Promise kept or not"),
            "delivery.late": self.env._("Cause of a late delivery"),
        }

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {
            "slipped": self.env._("Slipped"),
            "material": self.env._("Material"),
            "capacity": self.env._("Capacity"),
            "vendor": self.env._("Vendor"),
            "credit": self.env._("Credit"),
            "customer": self.env._("Customer"),
            "other": self.env._("Other"),
        }
