"""The parts of the exposure: from columns of the query to rounded amounts that add up."""

from odoo.tools import float_round

#: Parts of the exposure and the columns that make them.
PARTS = {
    "receivable": ("receivable",),
    "delivered_not_invoiced": ("shipped", "shipped_without_order"),
    "open_orders": ("remaining",),
    "bills": ("bills",),
    "draft_invoices": ("drafts",),
}


def rounded_parts(row, rate, decimals):
    """The parts in the limit's currency and their sum, which is rounded once.

    A half order shipped is as much as the whole: were each part rounded by itself, moving value
    from one to another would change the sum. What is lost so goes to the largest part.
    """
    raw = {
        name: sum(float(row[column]) for column in columns) * rate
        for name, columns in PARTS.items()
    }
    counted = [name for name in PARTS if name != "draft_invoices" or row["count_drafts"]]
    exposure = rounded(sum(raw[name] for name in counted), decimals)
    parts = {name: rounded(amount, decimals) for name, amount in raw.items()}
    rest = rounded(exposure - sum(parts[name] for name in counted), decimals)
    if rest:
        largest = max(counted, key=lambda name: abs(raw[name]))
        parts[largest] = rounded(parts[largest] + rest, decimals)
    return parts, exposure


def rounded(amount, decimals):
    """Half away from zero, never a negative zero."""
    return float_round(amount, precision_digits=decimals) + 0.0
