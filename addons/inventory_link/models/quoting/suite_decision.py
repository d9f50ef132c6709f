from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {
            "supply.promise": self.env._("Promise date"),
            "supply.reservation": self.env._("Reservation"),
        }

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {
            "accepted": self.env._("Accepted"),
            "later": self.env._("Later than told"),
            "reserved": self.env._("Reserved"),
            "ended": self.env._("Ended"),
            "expired": self.env._("Expired"),
        }
