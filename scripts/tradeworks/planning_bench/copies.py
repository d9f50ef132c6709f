"""Many rows like one that the ORM made: written by COPY, hundreds of thousands in seconds.

The ORM fills a template record with all defaults and stored computed values; every copy repeats
its row and changes what is given. Whatever column a version of Odoo adds comes along by itself.
"""

import io
import json

from odoo.tools import SQL


def reserve(cr, table, count):
    """Take ``count`` ids out of a table's sequence, in one statement; a range of ids."""
    name = f"{table}_id_seq"
    cr.execute(SQL("SELECT nextval(%s)", name))
    first = cr.fetchone()[0]
    cr.execute(SQL("SELECT setval(%s, %s)", name, first + max(count, 1) - 1))
    return range(first, first + count)


def copy_rows(cr, table, template_id, columns, rows):
    """Repeat row ``template_id`` once for each of ``rows``, whose values stand for ``columns``.

    Columns that the table doesn't have are left out: the same world fits a database without our
    addons. Lists and dicts become JSON. Returns how many rows were written.
    """
    cr.execute(
        SQL(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = current_schema ORDER BY ordinal_position",
            table,
        )
    )
    stored = [row[0] for row in cr.fetchall()]
    kept = [number for number, column in enumerate(columns) if column in stored]
    given = [columns[number] for number in kept]
    part = SQL.identifier(f"copy_{table}")
    names = SQL(", ").join(map(SQL.identifier, given))
    cr.execute(
        SQL(
            "CREATE TEMP TABLE %s ON COMMIT DROP AS SELECT %s FROM %s WITH NO DATA",
            part,
            names,
            SQL.identifier(table),
        )
    )
    count = copy_in(cr, f"copy_{table}", given, ([row[n] for n in kept] for row in rows))
    values = [
        SQL("c.%s" if column in given else "t.%s", SQL.identifier(column)) for column in stored
    ]
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s t CROSS JOIN %s c WHERE t.id = %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, stored)),
            SQL(", ").join(values),
            SQL.identifier(table),
            part,
            template_id,
        )
    )
    cr.execute(SQL("DROP TABLE %s", part))
    return count


def copy_in(cr, table, columns, rows):
    """Plain COPY of rows into a table; how many there were."""
    text, count = io.StringIO(), 0
    for row in rows:
        text.write("\t".join(map(_field, row)) + "\n")
        count += 1
    text.seek(0)
    names = ", ".join(f'"{column}"' for column in columns)
    cr._obj.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', text)
    return count


def _field(value):
    if value is None:
        return r"\N"
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")
