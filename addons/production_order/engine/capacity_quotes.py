"""When work centres could finish what a quotation would have made: the free hours of the load."""

from datetime import date

from odoo.tools import SQL

from odoo.addons.inventory_link.engine import workdays

from .capacity import Centre, Job, Loading
from .capacity_rows import reason_argument
from .capacity_times import Routings


def stored_days(cr, company_ids, centre_ids):
    """The load of work centres: work centre, days of a week with minutes open and taken, without
    tentative jobs: they would push their own quotation away."""
    cr.execute(
        SQL(
            "SELECT workcenter_id, day_data FROM supply_load"
            " WHERE company_id = ANY(%s) AND workcenter_id = ANY(%s) ORDER BY date",
            list(company_ids),
            list(centre_ids),
        )
    )
    return cr.fetchall()


class QuoteCapacity:
    """Free hours of one run. What one quoted line would use isn't free for the next one.

    :param set company_ids: companies whose promises respect capacity; for others lead times count
    """

    def __init__(self, scope, company_ids):
        self.scope, self.company_ids = scope, company_ids
        self.routings = self.loading = None

    def end(self, item, recipe, size, day):
        """The day on which a new production can be finished, and why not sooner. What it uses is
        taken from now on, until :meth:`back_to`.

        :param item: what is made, where
        :param recipe: by which bill
        :param int size: what is started, in rounding units
        :param int day: when the material is there, as an ordinal
        :return: ``(day, (work centre that decides, its first free day or None))``, the later of
            lead time and free hours; without work centre where lead time alone counts
        """
        warehouse = self.scope.warehouses[item.key[0]]
        day = max(day, warehouse.today)
        by_lead = workdays.ahead(recipe.calendar, day, recipe.lead)
        if warehouse.company not in self.company_ids:
            return by_lead, None
        self._load()
        operations = self.routings.of(recipe.bom, item.key[1], size / self.scope.scale)
        if not operations or any(one.centre not in self.loading.centres for one in operations):
            return by_lead, None
        slowest = self.loading.forward(Job(("quote", 0), day, day, operations=operations), day)
        decides = tuple(reason_argument(slowest.centre, slowest.full))
        return max(by_lead, operations[-1].end), decides

    def mark(self):
        """What is taken now, for :meth:`back_to`."""
        return len(self.loading.taken) if self.loading else 0

    def back_to(self, mark):
        """Give back what was taken since."""
        if self.loading:
            self.loading.back_to(mark)

    def _load(self):
        """Operations of all bills of the run and the load of their work centres, once."""
        if self.loading:
            return
        bills, products = set(), set()
        for item in self.scope.items.values():
            for recipe in {item.recipe, *item.recipes} - {None}:
                bills.add(recipe.bom)
                products.add(item.key[1])
        cr = self.scope.env.cr
        self.routings = Routings(cr, bills, products)
        centres = {row[2] for rows in self.routings.operations.values() for row in rows}
        days = {number: ({}, {}) for number in centres}
        for number, week in stored_days(cr, self.company_ids, centres) if centres else ():
            for text, (minutes, used) in (week or {}).items():
                day = date.fromisoformat(text).toordinal()
                days[number][0][day] = minutes
                days[number][1][day] = used
        self.loading = Loading({}, self.scope.today, None)
        for number, (minutes, used) in days.items():
            if minutes:
                centre = Centre(number, minutes, min(minutes), max(minutes))
                centre.used = used
                self.loading.centres[number] = centre
