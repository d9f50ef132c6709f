"""Numbers as the reader's language writes them."""

from odoo.tools.misc import formatLang

MAX_DIGITS = 4


def format_number(env, value, digits=None):
    """``value`` with the language's separators: ``digits`` decimals, or as many of at most
    four as it needs."""
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return str(value)
    if digits is None:
        decimals = f"{abs(value):.{MAX_DIGITS}f}".rstrip("0").partition(".")[2]
        digits = len(decimals)
    return formatLang(env, value, digits=digits)
