"""The search for customers over their limit or locked, among any number of them."""

from odoo.tools import SQL

from .figures_sql import account_figures

# The parts are rounded in Python, each by up to half a unit of currencies without decimals.
ROUNDING = 5

# Not clearly within the limit: what is left for the exact judgement in Python. Clear are accounts
# in the company's currency whose limit nothing adds to and that share none.
_UNCLEAR = SQL(
    """
    NOT COALESCE(
        a.currency_id = a.company_currency_id
        AND limit_lines.account_id IS NULL
        AND a.group_id IS NULL
        AND (CASE WHEN a.limit_kind = 'default' THEN a.company_kind ELSE a.limit_kind END
                 IS DISTINCT FROM 'limited'
             OR CASE WHEN a.limit_kind = 'default' THEN a.company_amount ELSE a.limit_amount END
                > COALESCE(balances.receivable, 0)
                  + COALESCE(ordered.delivered, 0) + COALESCE(manual.amount, 0)
                  + COALESCE(ordered.remaining, 0) + COALESCE(bills.amount, 0)
                  + CASE WHEN a.count_drafts THEN COALESCE(drafts.amount, 0) ELSE 0 END
                  + %(rounding)s),
        FALSE)
    """,
    rounding=ROUNDING,
)


# What a rule may block: all under a policy, whose rules may be any; of the others those who are
# late, held by hand, without a valid limit, or not clearly within it.
_SUSPECT = SQL(
    """
    (a.used_policy_id IS NOT NULL
     OR a.manual_hold
     OR late.account_id IS NOT NULL
     OR a.limit_valid_to < a.today
     OR %s)
    """,
    _UNCLEAR,
)


def over_limit_ids(env, todays):
    """Ids of the accounts over their own or a shared limit; the same as asking each one's figures.

    :param todays: today in each company's time zone, by company id
    """
    figures = account_figures(env, todays, late=False, wanted=_UNCLEAR)
    return [account_id for account_id, found in figures.items() if found.excess() > 0]


def blocked_ids(env, todays, matches):
    """Ids of the accounts whose figures ``matches`` is true for; it asks for what a rule blocks.

    The same as asking each one's figures.

    :param todays: as above
    """
    figures = account_figures(env, todays, wanted=_SUSPECT)
    return [account_id for account_id, found in figures.items() if matches(found)]
