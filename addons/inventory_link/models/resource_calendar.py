from odoo import models


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _tell_plan(self):
        """These calendars have other working days now: plan what counts by them."""
        if not self or not self.env["res.company"]._some_plan():
            return
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("supply_calendar_id", "in", self.ids), ("supply_planning", "=", True)])
        )
        self.env["supply.change"]._enqueue_all(companies, reason="calendar")
        vendors = self.env["res.partner"].sudo().search([("supply_calendar_id", "in", self.ids)])
        if vendors:
            self.env["supply.change"]._enqueue(vendors._vendor_products(), reason="calendar")
