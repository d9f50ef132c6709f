from odoo import models


class ResourceCalendarLeaves(models.Model):
    _name = "resource.calendar.leaves"
    _inherit = ["resource.calendar.leaves", "supply.change.mixin"]

    def _tell_plan(self):
        """Public holidays and closing days move dates; days off of a person or machine don't."""
        days_off = self.sudo().filtered(lambda leave: not leave.resource_id)
        if not days_off:
            return
        calendars = days_off.calendar_id
        if any(not leave.calendar_id for leave in days_off):
            calendars |= self.env["resource.calendar"].sudo().search([])
        calendars._tell_plan()
