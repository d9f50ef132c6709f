"""Which values occur in a column, without reading the whole table."""

from odoo.tools import SQL


def recorded_values(model, name):
    """The values of an indexed column, in order (one index probe a value)."""
    model.flush_model([name])
    rows = model.env.execute_query(
        SQL(
            """
            WITH RECURSIVE found AS (
                (SELECT %(column)s AS value FROM %(table)s ORDER BY %(column)s LIMIT 1)
                UNION ALL
                SELECT (SELECT %(column)s FROM %(table)s
                         WHERE %(column)s > found.value ORDER BY %(column)s LIMIT 1)
                  FROM found WHERE found.value IS NOT NULL
            )
            SELECT value FROM found WHERE value IS NOT NULL
            """,
            column=SQL.identifier(name),
            table=SQL.identifier(model._table),
        )
    )
    return [value for (value,) in rows]
