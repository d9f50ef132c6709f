"""From what is stored of productions and the plan to the jobs that work centres have to do."""

from collections import defaultdict

from . import capacity_reads
from .capacity import Job, Operation
from .capacity_times import Routings

#: What is worked first: what has been started, then what is urgent, then the rest; what isn't
#: confirmed comes after all.
STARTED, URGENT, USUAL, TENTATIVE = range(4)
TO_DO = ("blocked", "ready", "progress")


def read_jobs(cr, company_id, warehouse_ids, today):
    """All jobs of a company, with what they wait for."""
    rows = capacity_reads.productions(cr, company_id)
    lines = capacity_reads.plan_lines(cr, company_id)
    orders = defaultdict(list)
    for production, *values in capacity_reads.work_orders(cr, company_id) if rows else ():
        orders[production].append(values)
    by_bill = [(row[10], row[1]) for row in rows if row[0] not in orders]
    by_bill += [(row[10], row[1]) for row in lines if row[3] == "make"]
    routings = Routings(
        cr, {bom for bom, _product in by_bill if bom}, {product for _bom, product in by_bill}
    )
    jobs = [_production(row, orders.get(row[0]), routings, today) for row in rows]
    jobs += [_line(row, routings, today) for row in lines]
    known = {job.key: job for job in jobs}
    _add_purchases(cr, warehouse_ids, jobs, known)
    for line, production, day in capacity_reads.materials(cr, warehouse_ids):
        job = known.get(_key(line, production, None))
        if job:
            job.material = max(job.material, day.toordinal())
    for line, production, purchase, *supply, day in capacity_reads.chains(cr, warehouse_ids):
        job, part = known.get(_key(line, production, purchase)), known.get(_key(*supply))
        if job and part:
            job.after.append((part.key, day.toordinal() if day else part.due))
    for job in jobs:
        job.after.sort()
    return jobs


def _key(line, production, purchase):
    if production:
        return "production", production
    return ("line", line) if line else ("purchase", purchase)


def _production(row, orders, routings, today):
    number, product, warehouse, state, urgent, start, end, lead, quantity, unit, bom, feasible = row
    if orders:
        operations = [
            Operation(centre, minutes, order, name)
            for order, centre, name, work, minutes in orders
            if work in TO_DO
        ]
    else:
        operations = routings.of(bom, product, quantity)
    due = max(end.toordinal(), feasible.toordinal() if feasible else 0, today)
    rank = STARTED if state in ("progress", "to_close") else URGENT if urgent else USUAL
    return Job(
        ("production", number),
        min(max(start.toordinal(), today), due),
        due,
        lead,
        (rank,),
        operations,
        data=_data(product, warehouse, quantity, unit, "proposed" if state == "draft" else "firm"),
    )


def _line(row, routings, today):
    number, product, warehouse, action, start, due, feasible, lead, quantity, unit, bom, open_ = row
    day = max(due, feasible).toordinal()
    return Job(
        ("line", number),
        min(max(start.toordinal(), today), day),
        day,
        lead,
        (TENTATIVE if open_ else USUAL,),
        routings.of(bom, product, quantity) if action == "make" else [],
        passing=action != "make",
        data=_data(product, warehouse, quantity, unit, "tentative" if open_ else "proposed"),
    )


def _data(product, warehouse, quantity, unit, kind):
    return {
        "product": product,
        "warehouse": warehouse,
        "quantity": quantity,
        "unit": unit,
        "kind": kind,
    }


def _add_purchases(cr, warehouse_ids, jobs, known):
    """Subcontractors' orders have no work centre; they hand on that what they are sent is late."""
    for number, day in capacity_reads.purchases_made_for(cr, warehouse_ids):
        job = Job(("purchase", number), day.toordinal(), day.toordinal(), passing=True)
        jobs.append(job)
        known[job.key] = job
