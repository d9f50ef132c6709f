import logging

from odoo import api, fields, models

from odoo.addons.inventory_link.models.runs.supply_planner import REPEATED
from odoo.addons.inventory_link.tools.fields import PlainMany2one, clean_after_delete

_logger = logging.getLogger(__name__)
WOKEN = "production_order.supply_load_cron"


class SupplyLoad(models.Model):
    """What one week asks of one work centre, and what it can do. Written by the planner alone.

    Hours are hours on the clock: the efficiency of a work centre makes its work take longer, as
    Odoo counts the duration of work orders. Overload is looked at by week: what one day has too
    much another day of the same week may do.
    """

    _name = "supply.load"
    _description = "Work Centre Load"
    _order = "date, workcenter_id"
    _log_access = False
    _rec_name = "workcenter_id"

    company_id = PlainMany2one("res.company", required=True, readonly=True, ondelete="cascade")
    workcenter_id = PlainMany2one(
        "mrp.workcenter", "Work Centre", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date("Week", required=True, readonly=True, help="Its Monday.")
    capacity_hours = fields.Float(
        "Capacity (Hours)",
        readonly=True,
        help="Working hours of the week that are still to come, without days off.",
    )
    required_hours = fields.Float(
        "Required (Hours)",
        readonly=True,
        help="What the dates of the plan ask for, whether there is room for it or not. Without"
        " tentative orders.",
    )
    firm_hours = fields.Float(
        "Confirmed (Hours)", readonly=True, help="Confirmed production orders, blocked work too."
    )
    proposed_hours = fields.Float(
        "Proposed (Hours)", readonly=True, help="Plan lines, and drafts that follow the plan."
    )
    tentative_hours = fields.Float(
        "Tentative (Hours)", readonly=True, help="For orders that aren't confirmed."
    )
    planned_hours = fields.Float(
        "Planned (Hours)",
        readonly=True,
        help="What is worked in this week when nothing is put where there is no room.",
    )
    free_hours = fields.Float(
        "Free (Hours)", readonly=True, help="Capacity less what is planned for this week."
    )
    overload_hours = fields.Float(
        "Overload (Hours)", readonly=True, help="Required hours above capacity."
    )
    load_percent = fields.Float(
        "Load (%)", readonly=True, aggregator="avg", help="Required hours, of the capacity."
    )
    day_data = fields.Json(readonly=True)

    _centre_week_uniq = models.UniqueIndex("(company_id, workcenter_id, date)")

    def init(self):
        """What a foreign key does on deletion, see :class:`PlainMany2one`."""
        self.pool.post_init(clean_after_delete, self)

    # -- actions --------------------------------------------------------------------------------

    def action_view_jobs(self):
        """What is made at this work centre in this week, by the plan's capacity."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id("production_order.supply_job_action")
        last = fields.Date.add(self.date, days=6)
        return action | {
            "name": self.env._("Jobs of %(workcenter)s", workcenter=self.workcenter_id.name),
            "domain": [
                ("workcenter_id", "=", self.workcenter_id.id),
                ("start_date", "<=", last),
                ("end_date", ">=", self.date),
            ],
            "context": {},
        }

    # -- business -------------------------------------------------------------------------------

    @api.model
    def _cron_refresh(self):
        """Load, jobs and promises of all companies that plan: working hours, days off, work orders
        and the day itself change without a run of the plan."""
        planner = self.env["supply.planner"].sudo()
        companies = self.env["res.company"].sudo().search([("supply_planning", "=", True)])
        for number, company in enumerate(companies, 1):
            try:
                planner._repeat(lambda company=company: self._refresh_and_commit(planner, company))
            except REPEATED:
                _logger.warning("Work centre load: company %s waits for the next time", company.id)
                self.env.cr.rollback()
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)

    def _refresh_and_commit(self, planner, company):
        planner._refresh_capacity(company)
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _wake(self):
        """Look at everything again when this transaction is committed, once a transaction."""
        known = self.env.cr.postcommit.data
        cron = self.env.ref("production_order.supply_load_cron", raise_if_not_found=False)
        if cron and not self.env["ir.cron.trigger"].sudo().browse(known.get(WOKEN)).exists():
            known[WOKEN] = cron.sudo()._trigger().id
