from datetime import date

from odoo import models

from odoo.addons.inventory_link.engine import (
    loader,
    reads_plan,
    rows_pegs,
    workdays,
    writer,
)
from odoo.addons.inventory_link.engine import (
    scope as scopes,
)

from ...engine import capacity, capacity_jobs, capacity_promises, capacity_quotes, capacity_rows

#: Working hours are laid out for a year and a week.
HORIZON = 53 * 7


class SupplyPlanner(models.Model):
    """Finite capacity: the load of work centres, and what it does to promises.

    The load is a function of what is stored, of whole companies: it doesn't matter which products
    a run has planned.
    """

    _inherit = "supply.planner"

    # -- hooks of the run -----------------------------------------------------------------------

    def _load_recipes(self, scope):
        super()._load_recipes(scope)
        companies = self._capacity_companies(scope)
        if companies:
            scope.capacity = capacity_quotes.QuoteCapacity(scope, set(companies.ids))

    def _adjust_promises(self, scope, changes):
        super()._adjust_promises(scope, changes)
        for company in self._capacity_companies(scope):
            jobs = self._load_capacity(company, scope.warehouse_ids)
            self._raise_promises(company, jobs, changes)

    def _forget(self):
        super()._forget()
        for model in ("supply.load", "supply.job"):
            self.env[model].invalidate_model(flush=False)

    def _capacity_companies(self, scope):
        """Companies of the run whose promises respect capacity."""
        companies = {warehouse.company for warehouse in scope.warehouses.values()}
        return self.env["res.company"].sudo().browse(sorted(companies)).filtered("supply_capacity")

    # -- load -----------------------------------------------------------------------------------

    def _refresh_capacity(self, company):
        """Load and promises of a company without a run."""
        self.env.flush_all()
        jobs = self._load_capacity(company)
        changes = writer.Changes(self.env.cr, ())
        self._raise_promises(company, jobs if company.supply_capacity else (), changes)
        self._forget()
        if changes.sale_lines:
            self._promises_written(changes)

    def _load_capacity(self, company, claimed=()):
        """Load every work centre of a company up to what it can do and store what differs.

        :param list claimed: warehouses whose plan this transaction has taken already
        :return: the jobs with their days
        """
        warehouses = {
            number: warehouse
            for number, warehouse in loader.load_warehouses(self.env, None, self._now()).items()
            if warehouse.company == company.id
        }
        if not warehouses:
            return []
        cr, today = self.env.cr, next(iter(warehouses.values())).today
        jobs = capacity_jobs.read_jobs(cr, company.id, list(warehouses), today)
        loading = capacity.Loading(
            self._capacity_centres(company, jobs, today), today, self._days_ahead(warehouses)
        ).run(jobs)
        self._store_capacity(company, loading, jobs, set(warehouses) - set(claimed))
        return jobs

    def _capacity_centres(self, company, jobs, today):
        """The work centres of a company, and others that its jobs need."""
        model = self.env["mrp.workcenter"].sudo()
        needed = {operation.centre for job in jobs for operation in job.operations}
        found = model.search([("company_id", "=", company.id)]) | model.browse(sorted(needed))
        last = today + HORIZON
        tz = company.partner_id.tz or "UTC"
        minutes = found._supply_minutes(today, last, tz)
        return {
            number: capacity.Centre(number, days, today, last) for number, days in minutes.items()
        }

    def _days_ahead(self, warehouses):
        """Working days of production, as the plan counts them."""
        scope = scopes.Scope(self.env, warehouses, {}, 1)
        number = next(iter(warehouses.values())).calendar
        loader.load_calendars(scope, {number}, {})
        calendar = scope.calendars.get(("calendar", number))
        return lambda day, lead: workdays.ahead(calendar, day, lead)

    def _store_capacity(self, company, loading, jobs, warehouse_ids):
        cr, tables = self.env.cr, []
        for table, columns, key, rows in (
            (
                "supply_load",
                capacity_rows.LOAD_COLUMNS,
                capacity_rows.LOAD_KEY,
                capacity_rows.load_rows(company.id, loading, loading.today),
            ),
            (
                "supply_job",
                capacity_rows.JOB_COLUMNS,
                capacity_rows.JOB_KEY,
                capacity_rows.job_rows(company.id, jobs),
            ),
        ):
            differing = capacity_rows.differences(cr, table, columns, key, company.id, rows)
            if any(differing):
                tables.append((table, columns, *differing))
        if tables and warehouse_ids:
            # as the plan does before its first write: whoever is second repeats on fresh data
            writer.bump(cr, warehouse_ids)
        for table, columns, *differing in tables:
            capacity_rows.write(cr, table, columns, *differing)

    # -- promises -------------------------------------------------------------------------------

    def _raise_promises(self, company, jobs, changes):
        """Promises of order lines that wait for a delayed job become later, those that no longer
        do get the plan's day back."""
        delayed = {job.key: job for job in jobs if job.finish > job.due}
        waiting = {}
        if delayed:
            for line, *documents in capacity_promises.delayed_lines(self.env.cr, list(delayed)):
                kinds = ("line", "production", "purchase")
                for key in zip(kinds, documents, strict=True):
                    if key in delayed:
                        waiting.setdefault(line, []).append(delayed[key])
        lines = waiting.keys() | capacity_promises.told_lines(self.env.cr, company.id)
        if not lines:
            return
        products = {job.key: job.data["product"] for job in jobs if job.data}
        stored = [
            self._later_promise(row, waiting.get(row[0], ()), products)
            for row in reads_plan.sale_line_dates(self.env.cr, sorted(lines))
        ]
        rows = list(rows_pegs.promise_rows(stored))
        writer.write_promises(self.env.cr, rows)
        changes.sale_lines = set(changes.sale_lines) | {row[0] for row in rows}

    @staticmethod
    def _later_promise(row, jobs, products):
        """What the pegs say of an order line, with the day of capacity where that is later."""
        _line, wanted, feasible, *_rest = row
        if not jobs or not feasible:
            return row
        last = min(jobs, key=lambda job: (-job.finish, job.key))
        day = date.fromordinal(last.finish)
        if day <= max(wanted, feasible):
            return row
        return (*row[:2], day, capacity_rows.driver(last, products), *row[4:])
