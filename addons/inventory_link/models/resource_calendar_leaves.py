from odoo import models


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "supply.change.mixin"]

    def _tell_plan(self):
        """Working days have changed: plan what counts by their calendar."""
        self.sudo().calendar_id._tell_plan()
