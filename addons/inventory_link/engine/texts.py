"""Database values as the text that PostgreSQL itself shows for them.

A stored row and a computed row are equal when their texts are: comparing text is exact, cheap in
memory, and the text of a new row is what COPY takes. Numbers are written without needless zeros.
"""

import json
from datetime import date

from odoo.tools import SQL

NULL = "\\N"
TRUE, FALSE = "true", "false"


def canonical(columns):
    """SQL of a row's text: values in this order, separated by tabs, NULL as ``\\N``."""
    return SQL(
        "concat_ws(E'\\t', %s)",
        SQL(", ").join(
            SQL(
                "COALESCE(%s, E'\\\\N')",
                SQL("trim_scale(%s)::text", SQL.identifier(column))
                if kind == "numeric"
                else SQL("%s::text", SQL.identifier(column)),
            )
            for column, kind in columns.items()
        ),
    )


def from_text(text):
    """The single values of a row's text, ``None`` for NULL."""
    return [None if part == NULL else part for part in text.split("\t")]


def number(value, digits=8):
    """A float as the shortest text of that many digits."""
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


def document(value):
    """A JSON value as jsonb shows it."""
    return json.dumps(value)


class Texts(dict):
    """Days (ordinals) as ISO dates, each rendered once; 0 is no date."""

    def __missing__(self, ordinal):
        text = date.fromordinal(ordinal).isoformat() if ordinal else NULL
        self[ordinal] = text
        return text


class Quantities(dict):
    """Rounding units as decimal text, each rendered once."""

    def __init__(self, scale):
        super().__init__()
        self.scale = scale
        self.digits = len(str(scale)) - 1

    def __missing__(self, units):
        whole, rest = divmod(units, self.scale)
        text = number(units / self.scale, self.digits) if rest else str(whole)
        self[units] = text
        return text
