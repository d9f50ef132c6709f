"""Writes what differs between the computed and the stored plan, and nothing else.

Plan lines keep their ids through their natural key; what has no equal key is paired with an old
line of the same product in order of dates, so that a moved requirement updates its line. All
statements are bulk statements; the caller invalidates the ORM caches.
"""

from psycopg2.extras import Json

from odoo.tools import SQL

PAGE = 5000


class Changes:
    """Counts and ids of one write-back."""

    def __init__(self):
        self.inserted = self.updated = self.deleted = 0
        self.pegs = self.messages = 0
        self.new_lines, self.changed_lines = [], []
        self.new_messages = []

    @property
    def any(self):
        return bool(self.inserted or self.updated or self.deleted or self.pegs or self.messages)


def insert(cr, uid, table, casts, rows):
    """Insert rows given as tuples in the order of ``casts`` (column → SQL type); their ids."""
    if not rows:
        return []
    columns = [*casts, "create_uid", "write_uid", "create_date", "write_date"]
    values = ", ".join(f"%s::{cast}" for cast in casts.values())
    now = "now() AT TIME ZONE 'UTC'"
    template = f"({values}, {int(uid)}, {int(uid)}, {now}, {now})"
    query = _text(
        cr,
        SQL(
            "INSERT INTO %s (%s) VALUES ",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, columns)),
        ),
    )
    return [
        row[0]
        for row in cr.execute_values(
            query + "%s RETURNING id", rows, template=template, page_size=PAGE, fetch=True
        )
    ]


def update(cr, uid, table, casts, rows):
    """Update rows given as ``(id, *values in the order of casts)``."""
    if not rows:
        return
    template = "(%s::int, " + ", ".join(f"%s::{cast}" for cast in casts.values()) + ")"
    query = _text(
        cr,
        SQL(
            "UPDATE %s AS t SET %s, write_uid = %s, write_date = now() AT TIME ZONE 'UTC'"
            " FROM (VALUES ",
            SQL.identifier(table),
            SQL(", ").join(
                SQL("%s = v.%s", SQL.identifier(column), SQL.identifier(column)) for column in casts
            ),
            uid,
        ),
    )
    names = ", ".join(f'"{column}"' for column in ("id", *casts))
    cr.execute_values(
        query + f"%s) AS v ({names}) WHERE t.id = v.id", rows, template=template, page_size=PAGE
    )


def delete(cr, table, ids):
    """Delete rows by id."""
    if ids:
        cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", SQL.identifier(table), list(ids)))


def _text(cr, query):
    return cr.mogrify(query.code, query.params).decode().replace("%", "%%")


def pair(old, new):
    """Match new orders with stored proposals: ``([(row, order)], [orders], [rows])``.

    ``old`` maps natural key to row, ``new`` is a list of orders. Equal keys first, then the rest
    of one product (same action) in order of dates.
    """
    matched, rest = [], []
    old = dict(old)
    for order in new:
        row = old.pop(order.key, None)
        if row:
            matched.append((row, order))
        else:
            rest.append(order)
    spare = sorted(
        (row for row in old.values() if row["state"] == "proposed"),
        key=lambda row: (row["due_date"], row["id"]),
    )
    rest.sort(key=lambda order: (order.date, order.key))
    fresh = []
    for order in rest:
        row = next((row for row in spare if row["action"] == order.action), None)
        if row:
            spare.remove(row)
            old.pop(row["natural_key"])
            matched.append((row, order))
        else:
            fresh.append(order)
    return matched, fresh, list(old.values())


def write_lines(cr, uid, casts, matched, fresh, gone, changes):
    """Plan lines: ``matched`` is ``[(row, values, order)]``, ``fresh`` ``[(values, order)]``."""
    delete(cr, "supply_plan_line", [row["id"] for row in gone])
    changes.deleted += len(gone)
    different = []
    for row, values, order in matched:
        order.ref = row["id"]
        if any(row[column] != values[column] for column in casts):
            different.append((row["id"], *(sql_value(values[column]) for column in casts)))
            if any(row[c] != values[c] for c in ("quantity", "due_date", "vendor_id", "action")):
                changes.changed_lines.append(row["id"])
    update(cr, uid, "supply_plan_line", casts, different)
    changes.updated += len(different)
    ids = insert(
        cr,
        uid,
        "supply_plan_line",
        casts,
        [tuple(sql_value(values[column]) for column in casts) for values, _order in fresh],
    )
    for line_id, (_values, order) in zip(ids, fresh, strict=True):
        order.ref = line_id
    changes.inserted += len(ids)
    changes.new_lines += ids


def write_pegs(cr, uid, key_casts, value_casts, stored, wanted, changes):
    """Pegs: ``stored`` rows are ``(id, *key, *values)``, ``wanted`` maps key → values."""
    size = 1 + len(key_casts)
    gone, different = [], []
    wanted = dict(wanted)
    for row in stored:
        values = wanted.pop(tuple(row[1:size]), None)
        if values is None:
            gone.append(row[0])
        elif tuple(row[size:]) != values:
            different.append((row[0], *map(sql_value, values)))
    delete(cr, "supply_peg", gone)
    update(cr, uid, "supply_peg", value_casts, different)
    rows = [tuple(map(sql_value, key + values)) for key, values in wanted.items()]
    insert(cr, uid, "supply_peg", key_casts | value_casts, rows)
    changes.pegs += len(gone) + len(different) + len(rows)


def write_messages(cr, uid, casts, identity, stored, wanted, changes):
    """Messages are state: same document and kind, same row. A dismissed one comes back only when
    what it asks for has changed."""
    wanted = dict(wanted)
    gone, different = [], []
    for row in stored:
        key = tuple(row[column] for column in identity)
        values = wanted.pop(key, None)
        if values is None:
            gone.append(row["id"])
        elif any(row[column] != values[column] for column in casts if column != "state"):
            different.append((row["id"], *(values[column] for column in casts)))
    delete(cr, "supply_message", gone)
    update(cr, uid, "supply_message", casts, different)
    rows = [tuple(values[column] for column in casts) for values in wanted.values()]
    ids = insert(cr, uid, "supply_message", casts, rows)
    changes.new_messages += ids + [row[0] for row in different]
    changes.messages += len(gone) + len(different) + len(rows)


def write_promises(cr, rows):
    """Promise of sale order lines: ``(line, date, late days, reason)``."""
    if rows:
        cr.execute_values(
            "UPDATE sale_order_line AS t SET promise_date = v.d, promise_late_days = v.l,"
            " promise_data = v.r FROM (VALUES %s) AS v (id, d, l, r) WHERE t.id = v.id",
            [(line, date, late, sql_value(reason)) for line, date, late, reason in rows],
            template="(%s::int, %s::date, %s::int, %s::jsonb)",
            page_size=PAGE,
        )


def bump(cr, warehouse_ids):
    """Take the warehouses' plans for this transaction.

    Writing one row a warehouse makes a second planner wait, and then fail with SQLSTATE 40001
    because its snapshot is older; Odoo repeats that transaction on fresh data. A lock alone
    wouldn't do: under REPEATABLE READ the waiter would go on with what it had read before.
    """
    cr.execute(
        SQL(
            "INSERT INTO supply_planner (warehouse_id, version)"
            " SELECT id, 1 FROM unnest(%s::int[]) AS id ORDER BY id"
            " ON CONFLICT (warehouse_id) DO UPDATE SET version = supply_planner.version + 1",
            sorted(warehouse_ids),
        )
    )


def stamp(cr, warehouse_ids):
    """Remember when these warehouses were planned."""
    cr.execute(
        SQL(
            "INSERT INTO supply_planner (warehouse_id, version, planned_on)"
            " SELECT id, 1, now() AT TIME ZONE 'UTC' FROM unnest(%s::int[]) AS id ORDER BY id"
            " ON CONFLICT (warehouse_id) DO UPDATE SET planned_on = EXCLUDED.planned_on",
            sorted(warehouse_ids),
        )
    )


def sql_value(value):
    return Json(value) if isinstance(value, (list, dict)) else value
