from odoo import models


class SupplyPlanner(models.Model):
    """After a plan: whose promise broke, and which orders' risk has to be looked at."""

    _inherit = "supply.planner"

    def _promises_written(self, changes):
        super()._promises_written(changes)
        if changes.sale_lines:
            self.env["sale.order"]._watch_promises(changes.sale_lines)
            self.env["supply.risk.change"]._add(changes.sale_lines)
