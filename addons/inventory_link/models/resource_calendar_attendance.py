from odoo import models


class ResourceCalendarAttendance(models.Model):
    _name = "resource.calendar.attendance"
    _inherit = ["resource.calendar.attendance", "supply.change.mixin"]

    def _tell_plan(self):
        """Working days have changed: plan what counts by their calendar."""
        self.sudo().calendar_id._tell_plan()
