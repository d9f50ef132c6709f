"""From placed jobs to the rows of the load and of the jobs; only differences are written."""

from collections import defaultdict
from datetime import date

from psycopg2.extras import Json

from odoo.tools import SQL

from odoo.addons.inventory_link.engine import writer

WEEK = 7
KINDS = ("firm", "proposed", "tentative")

LOAD_COLUMNS = {
    "company_id": "int4",
    "workcenter_id": "int4",
    "date": "date",
    "capacity_hours": "float8",
    "required_hours": "float8",
    "firm_hours": "float8",
    "proposed_hours": "float8",
    "tentative_hours": "float8",
    "planned_hours": "float8",
    "free_hours": "float8",
    "overload_hours": "float8",
    "load_percent": "float8",
    "day_data": "jsonb",
}
JOB_COLUMNS = {
    "company_id": "int4",
    "warehouse_id": "int4",
    "production_id": "int4",
    "plan_line_id": "int4",
    "sequence": "int4",
    "product_id": "int4",
    "quantity": "float8",
    "product_uom_id": "int4",
    "workcenter_id": "int4",
    "workorder_id": "int4",
    "operation": "varchar",
    "hours": "float8",
    "start_date": "date",
    "end_date": "date",
    "due_date": "date",
    "capacity_date": "date",
    "delay_days": "int4",
    "delayed_by_id": "int4",
    "delay_data": "jsonb",
    "kind": "varchar",
}
LOAD_KEY = ("workcenter_id", "date")
JOB_KEY = ("production_id", "plan_line_id", "sequence")


def monday(day):
    """The first day of an ordinal's week; ordinal 1 is a Monday."""
    return day - (day - 1) % WEEK


def load_rows(company_id, loading, today):
    """A row for each centre and week in which it works or is asked for. The overload is that of
    the week: what one day has too much another day of the same week may do. Of each day it
    keeps the open minutes and those that a quotation can't have: all taken ones but tentative."""
    rows, alike = [], {}
    for number, centre in sorted(loading.centres.items()):
        key = id(centre.minutes), centre.last
        if key not in alike:
            alike[key] = _open_weeks(centre, today)
        weeks = defaultdict(lambda: [0, 0, dict.fromkeys(KINDS, 0), {}])
        for first, (minutes, days) in alike[key].items():
            weeks[first] = [minutes, 0, dict.fromkeys(KINDS, 0), days.copy()]
        for day, used in centre.used.items():
            if used and today <= day <= centre.last:
                week = weeks[monday(day)]
                week[1] += used
                sure = used - centre.unsure.get(day, 0)
                week[3][date.fromordinal(day).isoformat()] = [centre.open(day), sure]
        for day, asked in loading.wanted[number].items():
            week = weeks[monday(min(day, centre.last))][2]
            for kind, minutes in asked.items():
                week[kind] += minutes
        rows += [
            _load_row(company_id, number, first, week)
            for first, week in sorted(weeks.items())
            if week[0] or week[1] or any(week[2].values())
        ]
    return rows


def _open_weeks(centre, today):
    """Open minutes of each week, and of its days as they are stored when nothing is taken."""
    weeks = defaultdict(lambda: [0, {}])
    for day in range(today, centre.last + 1):
        minutes = centre.open(day)
        if minutes:
            week = weeks[monday(day)]
            week[0] += minutes
            week[1][date.fromordinal(day).isoformat()] = [minutes, 0]
    return weeks


def _load_row(company_id, number, first, week):
    open_, used, asked, days = week
    required = asked["firm"] + asked["proposed"]
    return (
        company_id,
        number,
        date.fromordinal(first),
        open_ / 60,
        required / 60,
        asked["firm"] / 60,
        asked["proposed"] / 60,
        asked["tentative"] / 60,
        used / 60,
        max(open_ - used, 0) / 60,
        max(required - open_, 0) / 60,
        100 * required / open_ if open_ else 100.0 if required else 0.0,
        days,
    )


def job_rows(company_id, jobs):
    """A row for each operation of a job, and one for a job without any."""
    products = {job.key: job.data["product"] for job in jobs if job.data}
    rows = []
    for job in jobs:
        kind, ref = job.key
        if job.passing:
            continue
        data, late = job.data, job.finish > job.due
        head = (
            company_id,
            data["warehouse"],
            ref if kind == "production" else None,
            ref if kind == "line" else None,
        )
        what = (data["product"], data["quantity"], data["unit"])
        begin, finish = date.fromordinal(job.begin or job.start), date.fromordinal(job.finish)
        tail = (
            date.fromordinal(job.due),
            finish,
            job.finish - job.due,
            job.cause[0] if late and job.cause else None,
            driver(job, products) if late else None,
            data["kind"],
        )
        rows += [
            (
                *head,
                number,
                *what,
                operation.centre,
                operation.ref or None,
                operation.name,
                operation.minutes / 60,
                date.fromordinal(operation.start),
                date.fromordinal(operation.end),
                *tail,
            )
            for number, operation in enumerate(job.operations)
        ] or [(*head, 0, *what, None, None, None, 0.0, begin, finish, *tail)]
    return rows


def driver(job, products):
    """Why a job is late, as reasons are stored: the work centre that is full, until when, and the
    products that wait for it."""
    if not job.cause:
        return None
    centre, full = job.cause
    *waiting, own = [products[key] for key in job.via if key in products]
    return ["capacity", own, reason_argument(centre, full), waiting]


def reason_argument(centre, full):
    """The work centre with its first free day as text."""
    return [centre, date.fromordinal(full).isoformat() if full else None]


def differences(cr, table, columns, key, company_id, rows):
    """``(ids to delete, [(id, *values)] to update, [values] to insert)``."""
    names = list(columns)
    cr.execute(
        SQL(
            "SELECT id, %s FROM %s WHERE company_id = %s ORDER BY id",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL.identifier(table),
            company_id,
        )
    )
    places = [names.index(name) for name in key]
    stored, gone = {}, []
    for number, *values in cr.fetchall():
        mark = tuple(values[place] for place in places)
        if mark in stored:
            gone.append(number)
        stored[mark] = number, values
    changed, new = [], []
    for row in rows:
        old = stored.pop(tuple(row[place] for place in places), None)
        if old is None:
            new.append(row)
        elif old[1] != list(row):
            changed.append((old[0], *row))
    return gone + [number for number, _values in stored.values()], changed, new


def write(cr, table, columns, gone, changed, new):
    """Write the differences of one table, at most three statements."""
    writer.delete(cr, table, gone)
    writer.update(cr, table, columns, [tuple(map(_value, row)) for row in changed])
    writer.insert(cr, table, columns, [tuple(map(_value, row)) for row in new])


def _value(value):
    return Json(value) if isinstance(value, (dict, list)) else value
