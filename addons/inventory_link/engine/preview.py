"""What changed plan lines would do, from two netted scopes: as it is, and with the changes."""

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


def promised_days(scope):
    """Confirmed order lines with the day they can leave: ``{sale line: ordinal, 0 for none}``."""
    days = {}
    for (warehouse, _product), item in scope.items.items():
        extra = scope.warehouses[warehouse].security_days
        for demand in item.demands:
            if demand.kind != "sale" or demand.rank > 0:
                continue
            day = demand.feasible and max(demand.feasible, demand.wanted) + extra
            known = days.get(demand.ref)
            days[demand.ref] = day if known is None else later(known, day)
    return days


def later(one, other):
    """Of two days the one that decides: none beats every day."""
    return one and other and max(one, other)


def moved_days(before, after, elsewhere):
    """Order lines whose day moves: ``{sale line: (before, after)}``, ``None`` for no date.

    :param dict elsewhere: days of parts that the run doesn't answer for, as ``promised_days``
    """
    moved = {}
    for line in before.keys() & after.keys():
        other = elsewhere.get(line)
        old, new = before[line], after[line]
        if other is not None:
            old, new = later(old, other), later(new, other)
        if old != new:
            moved[line] = (as_date(old), as_date(new))
    return moved


def as_date(day):
    """A day ordinal as a date, 0 as ``None``."""
    return date.fromordinal(day) if day else None


def proposals(scope, left_out):
    """What the plan proposes by itself: ``{(item key, natural key): (size, due, vendor)}``."""
    return {
        (key, order.key): (order.size, order.date, order.offer.vendor if order.offer else 0)
        for key, item in scope.items.items()
        for order in item.orders
        if order.key not in left_out and not order.rejected
    }


def changed_proposals(before, after):
    """``(new, gone)`` as lists of ``(product, size, due, vendor)``; one of another size or day is
    both."""

    def listed(some, others):
        found = [
            (key[1], *values) for (key, name), values in some.items()
            if others.get((key, name)) != values
        ]
        return sorted(found, key=lambda entry: (entry[2], entry[0]))

    return listed(after, before), listed(before, after)


def parts_elsewhere(cr, sale_lines, product_ids):
    """Days of the parts of these order lines whose products a run doesn't answer for:
    ``{sale line: ordinal}``, 0 when a part has no date."""
    if not sale_lines:
        return {}
    cr.execute(
        SQL(
            """
            SELECT sale_line_id, max(feasible_date), bool_or(feasible_date IS NULL)
              FROM supply_peg
             WHERE sale_line_id = ANY(%s) AND NOT product_id = ANY(%s)
             GROUP BY 1
            """,
            list(sale_lines),
            list(product_ids),
        )
    )
    return {line: 0 if none else day.toordinal() for line, day, none in cr.fetchall()}
