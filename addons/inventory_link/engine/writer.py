"""Writes what differs between the computed and the stored plan, and nothing else.

Plan lines keep their ids through their natural key; what has no equal key is paired with an old
line of the same product in order of dates, so that a moved requirement updates its line. All
statements are bulk statements, and their number doesn't depend on how much there is to write; the
caller invalidates the ORM caches.
"""

from psycopg2.extras import Json

from odoo.tools import SQL

from .rows_lines import ACTION, DUE, ID, KEY, STATE, TEXT, TOLD, WAREHOUSE
from .texts import FALSE, TRUE, from_text

#: From here on rows to change go through a temporary table.
MANY = 1000
#: More lines than this in one run get their decisions after it, in the background.
TOLD_AT_ONCE = 300


class Changes:
    """Counts and ids of one write-back."""

    def __init__(self, cr, warehouse_ids):
        self.cr, self.warehouse_ids, self.claimed = cr, warehouse_ids, False
        self.inserted = self.updated = self.deleted = 0
        self.pegs = self.messages = 0
        self.new_lines, self.changed_lines = [], []
        self.new_messages = []
        self.gone_places = []
        self.sale_lines = set()
        self.pending = False

    @property
    def any(self):
        return bool(self.inserted or self.updated or self.deleted or self.pegs or self.messages)

    def claim(self):
        """Before the first write: take the warehouses' plans for this transaction.

        Writing one row a warehouse makes a second planner wait, and then fail with SQLSTATE 40001
        because its snapshot is older; Odoo repeats that transaction on fresh data. A lock alone
        wouldn't do: under REPEATABLE READ the waiter would go on with what it had read before.
        """
        if not self.claimed:
            self.claimed = True
            bump(self.cr, self.warehouse_ids)


class _Stream:
    """Lines as a file that PostgreSQL's COPY reads from, without joining them all."""

    def __init__(self, lines):
        self.lines, self.rest = iter(lines), ""

    def read(self, size):
        parts, length = [self.rest], len(self.rest)
        for line in self.lines:
            parts.append(line)
            parts.append("\n")
            length += len(line) + 1
            if length >= size:
                break
        text = "".join(parts)
        self.rest = text[size:]
        return text[:size]


def copy(cr, table, columns, lines):
    """Insert rows given as text in the order of columns; counts as one statement."""
    if not lines:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    cr.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', _Stream(lines), size=1 << 16)
    cr.sql_log_count += 1


def new_ids(cr, table, number):
    """Ids for rows to come."""
    cr.execute(
        SQL("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", f"{table}_id_seq", number)
    )
    return [row[0] for row in cr.fetchall()]


def insert(cr, table, casts, rows):
    """Insert a few rows, tuples in the order of ``casts`` (column → SQL type); their ids."""
    if not rows:
        return []
    query = _text(
        cr,
        SQL(
            "INSERT INTO %s (%s) VALUES ",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, casts)),
        ),
    )
    template = "(" + ", ".join(f"%s::{cast}" for cast in casts.values()) + ")"
    return [
        row[0]
        for row in cr.execute_values(
            query + "%s RETURNING id", rows, template=template, page_size=len(rows), fetch=True
        )
    ]


def update(cr, table, casts, rows):
    """Update rows given as ``(id, *values in the order of casts)``."""
    if not rows:
        return
    template = "(%s::int, " + ", ".join(f"%s::{cast}" for cast in casts.values()) + ")"
    query = _text(
        cr, SQL("UPDATE %s AS t SET %s FROM (VALUES ", SQL.identifier(table), _set(casts))
    )
    names = ", ".join(f'"{column}"' for column in ("id", *casts))
    cr.execute_values(
        query + f"%s) AS v ({names}) WHERE t.id = v.id",
        rows,
        template=template,
        page_size=len(rows),
    )


def update_texts(cr, table, casts, changed):
    """Update rows given as ``(id, text of the row)``."""
    if len(changed) <= MANY:
        update(cr, table, casts, [(number, *from_text(text)) for number, text in changed])
        return
    staging = f"{table}_staging"
    columns = SQL(", ").join(
        SQL("%s %s", SQL.identifier(column), SQL(kind)) for column, kind in casts.items()
    )
    cr.execute(
        SQL(
            "CREATE TEMPORARY TABLE %s (id int, %s) ON COMMIT DROP",
            SQL.identifier(staging),
            columns,
        )
    )
    copy(cr, staging, ("id", *casts), [f"{number}\t{text}" for number, text in changed])
    cr.execute(
        SQL(
            "UPDATE %s AS t SET %s FROM %s AS v WHERE t.id = v.id",
            SQL.identifier(table),
            _set(casts),
            SQL.identifier(staging),
        )
    )
    cr.execute(SQL("DROP TABLE %s", SQL.identifier(staging)))


def _set(casts):
    return SQL(", ").join(
        SQL("%s = v.%s", SQL.identifier(column), SQL.identifier(column)) for column in casts
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
    for order in new:
        row = old.pop(order.key, None)
        if row:
            matched.append((row, order))
        else:
            rest.append(order)
    if not rest or not old:
        return matched, rest, list(old.values())
    spare = sorted(
        (row for row in old.values() if row[STATE] == "proposed"),
        key=lambda row: (row[DUE], row[ID]),
    )
    rest.sort(key=lambda order: (order.date, order.key))
    fresh = []
    for order in rest:
        row = next((row for row in spare if row[ACTION] == order.action), None)
        if row:
            spare.remove(row)
            old.pop(row[KEY] or f"L{row[ID]}")
            matched.append((row, order))
        else:
            fresh.append(order)
    return matched, fresh, list(old.values())


def write_lines(cr, columns, matched, fresh, gone, changes):
    """Plan lines: ``matched`` is ``[(stored row, text, order)]``, ``fresh`` ``[(text, order)]``.

    When there are many, their decisions are left for later (``decision_pending``).
    """
    different, renamed = [], []
    for row, text, order in matched:
        order.ref = row[ID]
        if row[TEXT] != text:
            different.append((row[ID], text))
            if row[KEY] != order.key:
                renamed.append(row[ID])
            if _is_told(row[TEXT], text):
                changes.changed_lines.append(row[ID])
    if gone or different or fresh:
        changes.claim()
    delete(cr, "supply_plan_line", [row[ID] for row in gone])
    changes.deleted += len(gone)
    changes.gone_places += [row[WAREHOUSE] for row in gone]
    if renamed:
        # lines may exchange keys, and the database looks at them one by one
        cr.execute(
            SQL("UPDATE supply_plan_line SET natural_key = NULL WHERE id = ANY(%s)", renamed)
        )
    update_texts(cr, "supply_plan_line", columns, different)
    changes.updated += len(different)
    changes.pending = len(fresh) + len(changes.changed_lines) > TOLD_AT_ONCE
    if changes.pending and changes.changed_lines:
        cr.execute(
            SQL(
                "UPDATE supply_plan_line SET decision_pending = TRUE WHERE id = ANY(%s)",
                changes.changed_lines,
            )
        )
    if not fresh:
        return
    ids = new_ids(cr, "supply_plan_line", len(fresh))
    lines = []
    later = TRUE if changes.pending else FALSE
    for number, (text, order) in zip(ids, fresh, strict=True):
        order.ref = number
        lines.append(f"{number}\t{text}\t{later}")
    copy(cr, "supply_plan_line", ("id", *columns, "decision_pending"), lines)
    changes.inserted += len(ids)
    changes.new_lines += ids


def _is_told(old, new):
    """Whether a line differs in something that its decision tells."""
    before, after = old.split("\t"), new.split("\t")
    return any(before[column] != after[column] for column in TOLD)


def compare_pegs(stored, wanted):
    """Ids of stored pegs that are gone, and texts of new ones."""
    left = dict.fromkeys(wanted)
    gone = [number for number, text in stored if left.pop(text, number) is not None]
    return gone, list(left)


def write_pegs(cr, columns, gone, new, changes):
    """Take out pegs by id and put in new ones, given as text."""
    if gone or new:
        changes.claim()
    delete(cr, "supply_peg", gone)
    copy(cr, "supply_peg", columns, new)
    changes.pegs += len(gone) + len(new)


def write_messages(cr, uid, casts, identity, stored, wanted, changes):
    """Messages are state: same document and kind, same row. A dismissed one comes back only when
    what it asks for has changed."""
    wanted = {tuple(row[column] for column in identity): row for row in wanted}
    gone, different = [], []
    for row in stored:
        key = tuple(row[column] for column in identity)
        values = wanted.pop(key, None)
        if values is None:
            gone.append(row["id"])
        elif any(row[column] != values[column] for column in casts if column != "state"):
            different.append((row["id"], *(sql_value(values[column]) for column in casts)))
    if gone or different or wanted:
        changes.claim()
    delete(cr, "supply_message", gone)
    update(cr, "supply_message", casts, different)
    rows = [(*(sql_value(values[column]) for column in casts), uid) for values in wanted.values()]
    ids = insert(cr, "supply_message", casts | {"create_uid": "int4"}, rows)
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
            page_size=len(rows),
        )


def bump(cr, warehouse_ids):
    """Raise the version of the warehouses' plans: see :meth:`Changes.claim`."""
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
