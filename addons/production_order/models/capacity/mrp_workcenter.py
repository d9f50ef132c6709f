from collections import defaultdict
from datetime import date, datetime, time, timedelta

from pytz import timezone

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.lru import LRU

from ...engine.capacity import DAY
from ...engine.capacity_rows import WEEK, monday

WEEKS = 4
#: Minutes by day of work centres by all they depend on, for the next run of this process.
KNOWN = LRU(256)


class MrpWorkcenter(models.Model):
    _inherit = "mrp.workcenter"

    supply_load_this = fields.Float("This Week (%)", compute="_compute_supply_load")
    supply_load_next = fields.Float("Next Week (%)", compute="_compute_supply_load")
    supply_load_after = fields.Float("In Two Weeks (%)", compute="_compute_supply_load")
    supply_overload_hours = fields.Float(
        "Too Much (Hours)",
        compute="_compute_supply_load",
        help="Hours that the plan asks of this week and the next three above what there are.",
    )
    supply_overload_date = fields.Date("First Overloaded Week", compute="_compute_supply_load")

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_supply_load(self):
        """One query for all: the load of this week and the next ones."""
        weeks_of = {company: self._supply_weeks(company) for company in self.company_id}
        weeks_of[self.env["res.company"]] = self._supply_weeks(self.env.company)
        every = sorted({week for weeks in weeks_of.values() for week in weeks})
        found = self.env["supply.load"].search(
            [("workcenter_id", "in", self.ids), ("date", "in", every)], order="date, id"
        )
        by_centre = found.grouped("workcenter_id")
        for centre in self:
            weeks = weeks_of[centre.company_id]
            rows = by_centre.get(centre._origin, found.browse())
            rows = rows.filtered(lambda row, weeks=weeks: row.date in weeks)
            percent = defaultdict(float, {row.date: row.load_percent for row in rows})
            over = rows.filtered("overload_hours")
            centre.supply_load_this = percent[weeks[0]]
            centre.supply_load_next = percent[weeks[1]]
            centre.supply_load_after = percent[weeks[2]]
            centre.supply_overload_hours = sum(over.mapped("overload_hours"))
            centre.supply_overload_date = over[:1].date

    def _supply_weeks(self, company):
        """Mondays of this week and the next ones, where the company is."""
        zone = company.sudo().partner_id.tz or "UTC"
        first = monday(fields.Date.context_today(self.with_context(tz=zone)).toordinal())
        return [date.fromordinal(first + WEEK * number) for number in range(WEEKS)]

    # -- actions --------------------------------------------------------------------------------

    def action_view_supply_load(self):
        """The load of these work centres by week."""
        self.check_access("read")
        return self._supply_action("production_order.supply_load_part_action")

    def action_view_supply_jobs(self):
        """What these work centres have to make."""
        self.check_access("read")
        return self._supply_action("production_order.supply_job_action")

    def _supply_action(self, name):
        action = self.env["ir.actions.actions"]._for_xml_id(name)
        return action | {
            "domain": [("workcenter_id", "in", self.ids)],
            "context": {"search_default_soon": 1},
        }

    # -- business -------------------------------------------------------------------------------

    def _supply_minutes(self, first, last, tz):
        """Minutes that each work centre works on each day, by its working hours less its own and
        the company's days off.

        :param int first: first day as an ordinal, ``last`` included
        :param str tz: time zone that decides where a day begins and ends
        :return: ``{id: {day: minutes}}``
        """
        zone = timezone(tz)
        start, stop = (
            zone.localize(datetime.combine(date.fromordinal(day), time()))
            for day in (first, last + 1)
        )
        own = self._with_own_leaves(start, stop)
        marks = self._calendar_marks(start, stop)
        result = {}
        for calendar, centres in self.grouped("resource_calendar_id").items():
            if not calendar:
                every = dict.fromkeys(range(first, last + 1), DAY)
                result |= {centre.id: every for centre in centres}
                continue
            # those without days off of their own are all alike
            alike = centres.filtered(lambda centre: centre.resource_id.id not in own)
            asked = (centres - alike) | alike[:1]
            keys = {
                centre: (
                    *(self.env.cr.dbname, first, last, tz, marks[calendar.id]),
                    centre.resource_id.company_id.id,
                    0 if centre in alike else centre.resource_id.id,
                )
                for centre in asked
            }
            days = {centre.id: KNOWN.get(key) for centre, key in keys.items()}
            new = asked.filtered(lambda centre, days=days: days[centre.id] is None)
            intervals = new and calendar._work_intervals_batch(
                start, stop, resources=new.resource_id, tz=timezone(calendar.tz or tz)
            )
            for centre in new:
                days[centre.id] = KNOWN[keys[centre]] = _minutes_by_day(
                    intervals[centre.resource_id.id], zone
                )
            result |= {centre.id: days[alike[:1].id] for centre in alike}
            result |= days
        return result

    def _calendar_marks(self, start, stop):
        """What the working hours of a time depend on, days off included, as one short text for each
        calendar: laying them out for a year takes far longer than to see that nothing changed."""
        names = ("resource.calendar", "resource.calendar.attendance", "resource.calendar.leaves")
        for name in names:
            self.env[name].flush_model()
        first, last = _in_utc(start, stop)
        self.env.cr.execute(
            SQL(
                """
                SELECT c.id, md5(concat_ws('|', c::text,
                       (SELECT string_agg(a::text, ',' ORDER BY a.id)
                          FROM resource_calendar_attendance a WHERE a.calendar_id = c.id),
                       (SELECT string_agg(l::text, ',' ORDER BY l.id)
                          FROM resource_calendar_leaves l
                         WHERE (l.calendar_id = c.id OR l.calendar_id IS NULL)
                           AND (l.resource_id IS NULL OR l.resource_id = ANY(%s))
                           AND l.date_from <= %s AND l.date_to >= %s)))
                  FROM resource_calendar c
                 WHERE c.id = ANY(%s)
                """,
                self.resource_id.ids,
                last,
                first,
                self.resource_calendar_id.ids,
            )
        )
        return dict(self.env.cr.fetchall())

    def _with_own_leaves(self, start, stop):
        """Resources with days off of their own in a time."""
        first, last = _in_utc(start, stop)
        found = self.env["resource.calendar.leaves"]._read_group(
            [
                ("resource_id", "in", self.resource_id.ids),
                ("time_type", "=", "leave"),
                ("date_from", "<=", last),
                ("date_to", ">=", first),
            ],
            ["resource_id"],
        )
        return {resource.id for (resource,) in found}


def _in_utc(*moments):
    return [moment.astimezone(timezone("UTC")).replace(tzinfo=None) for moment in moments]


def _minutes_by_day(intervals, zone):
    """Whole minutes of each day; work over midnight counts on both."""
    seconds = defaultdict(float)
    for begin, end, _records in intervals:
        begin, end = begin.astimezone(zone), end.astimezone(zone)
        while begin.date() < end.date():
            following = begin.date() + timedelta(days=1)
            midnight = zone.localize(datetime.combine(following, time()))
            seconds[begin.date().toordinal()] += (midnight - begin).total_seconds()
            begin = midnight
        seconds[begin.date().toordinal()] += (end - begin).total_seconds()
    return {day: round(total / 60) for day, total in seconds.items() if round(total / 60) > 0}
