from odoo import api, models


class SuiteDecision(models.Model):
    _inherit = "suite.decision"

    @api.model
    def _kind_labels(self):
        return super()._kind_labels() | {"order.cost": self.env._("Order costs")}

    @api.model
    def _outcome_labels(self):
        return super()._outcome_labels() | {"compared": self.env._("Compared")}
