"""The one place where exposure is computed: one query for any number of accounts.

Raw SQL on purpose: the result must not depend on the reader's record rules, selected
companies or language. The query counts in the company's currency, tax included; figures come
out in the currency of each account's limit, at today's rate.
"""

from odoo.tools import SQL

from .figures import Figures
from .figures_query import FIGURES, LATE, NO_LATE
from .items_sql import open_items_sql
from .limits import effective_limit
from .orders_sql import ORDER_AMOUNTS
from .parts import rounded, rounded_parts
from .policies import Policies
from .rules import Account
from .umbrellas import find_members, with_umbrellas


def account_figures(env, todays, account_ids=None, late=True, wanted=None):
    """The figures of the accounts, or of all.

    :param todays: today in each company's time zone, by company id
    :param late: also what is overdue (costs a sort of all open items)
    :param wanted: SQL condition on the parts: accounts that it isn't true for are left out
    :return: ``{account id: Figures}``
    """
    if not todays or (account_ids is not None and not account_ids):
        return {}
    env.flush_all()
    shared = find_members(env, account_ids)
    chosen = SQL("TRUE")
    if account_ids is not None:
        every = set(account_ids) | shared.account_ids
        chosen = SQL("a.id = ANY(%s)", list(every))
        todays = _todays_of(env, every, todays) if every != set(account_ids) else todays
    if wanted and shared:  # a shared limit is judged by what all its members owe
        wanted = SQL("(%s OR a.id = ANY(%s))", wanted, list(shared.account_ids))
    rows = env.execute_query(
        SQL(
            FIGURES,
            wanted=wanted or SQL("TRUE"),
            chosen=chosen,
            todays=SQL(", ").join(SQL("(%s, %s::date)", *item) for item in todays.items()),
            open_items=open_items_sql(env),
            order_amounts=ORDER_AMOUNTS,
            late=LATE if late else NO_LATE,
        )
    )
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
    rates, policies = _Rates(env, todays), Policies(env, rows)
    figures = {row["account_id"]: _figures(row, rates, policies) for row in rows}
    if shared:
        figures = with_umbrellas(env, figures, shared, rows, rates)
    if account_ids is not None and len(figures) > len(account_ids):
        figures = {key: figures[key] for key in account_ids if key in figures}
    return figures


def _todays_of(env, account_ids, todays):
    """Members of a shared limit may belong to other companies: their today as well."""
    accounts = env["credit.account"].sudo().browse(account_ids)
    others = accounts.company_id.filtered(lambda company: company.id not in todays)
    return todays | {company.id: company._credit_today() for company in others}


class _Rates:
    """Rates of exchange at today's date of the company, each looked up once."""

    def __init__(self, env, todays):
        self._env = env
        self._todays = todays
        self._known = {}

    def __call__(self, company_id, from_id, to_id):
        if from_id == to_id:
            return 1.0
        key = (company_id, from_id, to_id)
        if key not in self._known:
            currencies = self._env["res.currency"].sudo()
            self._known[key] = currencies._get_conversion_rate(
                from_currency=currencies.browse(from_id),
                to_currency=currencies.browse(to_id),
                company=self._env["res.company"].sudo().browse(company_id),
                date=self._todays[company_id],
            )
        return self._known[key]


def _figures(row, rates, policies):
    """The row with its parts in the limit's currency, rounded and added up."""
    decimals = row["decimals"]
    rate = rates(row["company_id"], row["company_currency_id"], row["currency_id"])
    parts, exposure = rounded_parts(row, rate, decimals)
    limit, unlimited, limit_parts = effective_limit(row, rates)
    days, amounts = row["late_days"] or (), row["late_amounts"] or ()
    late = zip(days, (rounded(float(one) * rate, decimals) for one in amounts), strict=True)
    policy = policies.of(row, rates)
    return Figures(
        **parts,
        account_id=row["account_id"],
        exposure=exposure,
        beyond_horizon=rounded(float(row["beyond_horizon"]) * rate, decimals),
        late=tuple(late),
        limit=limit,
        limit_parts=limit_parts,
        unlimited=unlimited,
        valid_to=row["valid_to"],
        days_expired=row["days_expired"],
        rate=rate,
        decimals=decimals,
        account=Account(
            row["partner_id"], row["group_id"] or 0, row["rating"] or "", bool(row["manual_hold"])
        ),
        rules=policy.rules,
        policy_key=policy.key,
        policy_version=policy.version,
        horizon_days=row["horizon_days"],
    )


_COLUMNS = (
    "account_id",
    "partner_id",
    "company_id",
    "currency_id",
    "company_currency_id",
    "decimals",
    "group_id",
    "rating",
    "manual_hold",
    "policy_id",
    "horizon_days",
    "limit_kind",
    "limit_amount",
    "member_kind",
    "member_amount",
    "group_currency_id",
    "company_kind",
    "company_amount",
    "valid_to",
    "days_expired",
    "temporary_set",
    "temporary_add",
    "insured",
    "deposit",
    "insurance_mode",
    "count_drafts",
    "overdue_days",
    "overdue_amount",
    "grace_days",
    "receivable",
    "shipped",
    "shipped_without_order",
    "remaining",
    "beyond_horizon",
    "bills",
    "drafts",
    "late_days",
    "late_amounts",
)
