"""What changed plan lines would do: a run with the changes, against what is stored."""

from datetime import date

from odoo.tools import SQL

from . import loader_needs, rows_lines


def put_edits(scope, rows):
    """Take plan lines as they would be after a change: ``{id: row as read for kept lines}``."""
    for number, row in rows.items():
        item = scope.items.get((row["warehouse_id"], row["product_id"]))
        if item is None:
            continue
        item.supplies = [
            supply for supply in item.supplies if (supply.kind, supply.ref) != ("plan", number)
        ]
        item.supplies.append(loader_needs.kept_supply(scope, item, row))


def line_values(scope, rows):
    """What the run would write on these lines: ``{id: values}``, see ``rows_lines.kept_values``."""
    return {
        supply.ref: rows_lines.kept_values(scope, supply, rows[supply.ref])
        for item in scope.items.values()
        for supply in item.supplies
        if supply.kind == "plan" and supply.ref in rows
    }


def days_with(scope):
    """Order lines with the day they could leave, as far as this run answers for them:
    ``{sale line: ordinal, 0 for none}``."""
    days = {}
    for (warehouse, _product), item in scope.items.items():
        extra = scope.warehouses[warehouse].security_days
        for demand in item.demands:
            if demand.kind != "sale" or demand.rank > 0 or not demand.takes:
                continue
            day = demand.feasible and max(demand.feasible, demand.wanted) + extra
            known = days.get(demand.ref)
            days[demand.ref] = day if known is None else later(known, day)
    return days


def stored_days(cr, sale_lines, product_ids):
    """The same as stored, for these order lines: ``{sale line: (whole, parts elsewhere)}``, the
    second of the products that the run doesn't answer for, ``None`` without any."""
    cr.execute(
        SQL(
            """
            SELECT x.sale_line_id, max(x.day), bool_or(x.day IS NULL),
                   max(x.day) FILTER (WHERE x.other),
                   bool_or(x.day IS NULL) FILTER (WHERE x.other)
              FROM (
                   SELECT g.sale_line_id, NOT g.product_id = ANY(%s) AS other,
                          CASE WHEN g.feasible_date IS NOT NULL
                               THEN GREATEST(g.feasible_date, g.date)
                                    + COALESCE(c.security_lead, 0)::int END AS day
                     FROM supply_peg g
                     JOIN stock_warehouse w ON w.id = g.warehouse_id
                     JOIN res_company c ON c.id = w.company_id
                    WHERE g.sale_line_id = ANY(%s)
                   ) x
             GROUP BY 1
            """,
            list(product_ids),
            list(sale_lines),
        )
    )
    return {
        line: (_known(day, none), None if other_none is None else _known(other, other_none))
        for line, day, none, other, other_none in cr.fetchall()
    }


def _known(day, none):
    return 0 if none or not day else day.toordinal()


def later(one, other):
    """Of two days the one that decides: none beats every day."""
    return one and other and max(one, other)


def moved_days(after, stored):
    """Order lines whose day moves: ``{sale line: (before, after)}``, ``None`` for no date."""
    moved = {}
    for line, new in after.items():
        old, other = stored.get(line, (new, None))
        if other is not None:
            new = later(new, other)
        if old != new:
            moved[line] = (as_date(old), as_date(new))
    return moved


def as_date(day):
    """A day ordinal as a date, 0 as ``None``."""
    return date.fromordinal(day) if day else None


def proposals(scope, left_out):
    """What the plan would propose by itself: ``{(warehouse, product, natural key): (size, due,
    vendor)}``."""
    return {
        (*key, order.key): (
            scope.quantity(order.size),
            as_date(order.date),
            order.offer.vendor if order.offer else 0,
        )
        for key, item in scope.items.items()
        for order in item.orders
        if order.key not in left_out and not order.rejected
    }


def stored_proposals(scope, left_out):
    """The same as stored: lines that the plan may change, without those that are kept."""
    numbers = [
        row[0]
        for row in scope.lines
        if row[4] == "proposed" and row[0] not in left_out and not loader_needs.is_kept(scope, row)
    ]
    scope.env.cr.execute(
        SQL(
            """
            SELECT warehouse_id, product_id, natural_key, quantity, due_date, vendor_id
              FROM supply_plan_line WHERE id = ANY(%s)
            """,
            numbers,
        )
    )
    return {
        (warehouse, product, key): (float(quantity), due, vendor or 0)
        for warehouse, product, key, quantity, due, vendor in scope.env.cr.fetchall()
    }


def changed_proposals(before, after):
    """``(new, gone)`` as lists of ``(product, quantity, due, vendor)``; one of another quantity or
    day is both."""

    def listed(some, others):
        found = [(key[1], *values) for key, values in some.items() if others.get(key) != values]
        return sorted(found, key=lambda entry: (entry[2], entry[0]))

    return listed(after, before), listed(before, after)
