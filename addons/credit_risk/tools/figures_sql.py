"""The one place where exposure is computed: one query for any number of accounts.

Raw SQL on purpose: the result must not depend on the reader's record rules, selected
companies or language. The query counts in the company's currency, tax included; figures come
out in the currency of each account's limit, at today's rate.
"""

from odoo.tools import SQL

from .figures import Figures
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
            _FIGURES,
            wanted=wanted or SQL("TRUE"),
            chosen=chosen,
            todays=SQL(", ").join(SQL("(%s, %s::date)", *item) for item in todays.items()),
            receivable_accounts=_receivable_accounts(env),
            order_amounts=ORDER_AMOUNTS,
            late=_LATE if late else _NO_LATE,
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


def _receivable_accounts(env):
    """Ids of every receivable account: given as constants, the index on open items is used."""
    rows = env.execute_query(
        SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    )
    return [row[0] for row in rows]


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

# Items later than today with what unapplied credits leave uncovered (they cover the oldest).
_LATE = SQL(
    """
    late_items AS (
        SELECT i.account_id, i.due, i.today,
               LEAST(i.residual,
                     SUM(i.residual) OVER (PARTITION BY i.account_id ORDER BY i.due, i.id)
                     + b.credits) AS uncovered
          FROM items i
          JOIN balances b ON b.account_id = i.account_id
         WHERE i.residual > 0
           AND i.due < i.today
    ),
    late_by_day AS (
        SELECT account_id, today - due AS days, SUM(uncovered) AS amount
          FROM late_items
         WHERE uncovered > 0.000001
         GROUP BY account_id, today - due
    ),
    late AS (
        SELECT account_id, array_agg(days) AS days, array_agg(amount) AS amounts
          FROM late_by_day
         GROUP BY account_id
    )
    """
)
_NO_LATE = SQL(
    "late AS (SELECT NULL::integer AS account_id, NULL::integer[] AS days,"
    " NULL::numeric[] AS amounts WHERE FALSE)"
)

# Parts: accounts chosen, with their limit lines; their partners (contacts roll up to the company
# they belong to); open items; what is matched with entries that were reset to draft (Odoo keeps
# such matches, but a draft settles nothing); orders; goods shipped without an order less what was
# invoiced for them; bills of exchange not yet matured; drafts that come from no order.
_FIGURES = """
    WITH todays (company_id, today) AS (VALUES %(todays)s),
    accounts AS (
        SELECT a.*, t.today, COALESCE(NULLIF(cp.tz, ''), 'UTC') AS tz,
               c.currency_id AS company_currency_id, cur.decimal_places AS decimals,
               c.credit_default_limit_kind AS company_kind,
               c.credit_default_limit AS company_amount,
               c.credit_insurance_mode AS insurance_mode,
               g.member_limit_kind AS member_kind, g.member_limit_amount AS member_amount,
               g.currency_id AS group_currency_id,
               COALESCE(c.credit_overdue_days, 0) AS overdue_days,
               COALESCE(c.credit_overdue_amount, 0) AS overdue_amount,
               COALESCE(c.credit_limit_grace_days, 0) AS grace_days,
               COALESCE(c.credit_count_drafts, FALSE) AS count_drafts,
               policy.id AS used_policy_id, COALESCE(policy.horizon_days, 0) AS horizon_days
          FROM credit_account a
          JOIN res_company c ON c.id = a.company_id
          JOIN res_partner cp ON cp.id = c.partner_id
          JOIN todays t ON t.company_id = c.id
          JOIN res_currency cur ON cur.id = a.currency_id
          LEFT JOIN credit_group g ON g.id = a.group_id AND g.active
          LEFT JOIN credit_policy policy
            ON policy.id = COALESCE(a.policy_id, g.policy_id, c.credit_policy_id)
         WHERE %(chosen)s
    ),
    limit_lines AS (
        SELECT a.id AS account_id,
               MAX(l.amount) FILTER (WHERE l.kind = 'temporary_set') AS temporary_set,
               SUM(l.amount) FILTER (WHERE l.kind = 'temporary_add') AS temporary_add,
               SUM(l.amount * l.percent / 100) FILTER (WHERE l.kind = 'insured') AS insured,
               SUM(l.amount) FILTER (WHERE l.kind = 'deposit') AS deposit
          FROM accounts a
          JOIN credit_limit_line l ON l.account_id = a.id
         WHERE COALESCE(l.date_from, a.today) <= a.today
           AND COALESCE(l.date_to, a.today) >= a.today
         GROUP BY a.id
    ),
    partners AS (
        SELECT a.id AS account_id, a.company_id, a.today, a.horizon_days, a.tz,
               p.id AS partner_id
          FROM accounts a
          JOIN res_partner p ON p.commercial_partner_id = a.partner_id
    ),
    items AS (
        SELECT p.account_id, l.id, l.amount_residual AS residual,
               COALESCE(l.date_maturity, l.date) AS due, p.today
          FROM partners p
          JOIN account_move_line l ON l.partner_id = p.partner_id
                                  AND l.company_id = p.company_id
         WHERE l.account_id = ANY(%(receivable_accounts)s)
           AND l.reconciled IS NOT TRUE
           AND l.parent_state = 'posted'
           AND l.amount_residual <> 0
    ),
    unposted AS (
        SELECT p.account_id,
               SUM(CASE WHEN r.debit_move_id = d.id THEN -r.amount ELSE r.amount END) AS amount
          FROM partners p
          JOIN account_move_line d ON d.partner_id = p.partner_id
                                  AND d.company_id = p.company_id
          JOIN account_partial_reconcile r ON r.debit_move_id = d.id OR r.credit_move_id = d.id
          JOIN account_move_line l ON l.id = r.debit_move_id + r.credit_move_id - d.id
         WHERE d.parent_state = 'draft'
           AND d.account_id = ANY(%(receivable_accounts)s)
           AND l.parent_state = 'posted'
         GROUP BY p.account_id
    ),
    balances AS (
        SELECT account_id, SUM(residual) AS receivable,
               COALESCE(SUM(residual) FILTER (WHERE residual < 0), 0) AS credits
          FROM items
         GROUP BY account_id
    ),
    %(late)s,
    orders AS (
        SELECT o.id, p.account_id, TRUE AS confirmed, o.currency_id, o.amount_total,
               COALESCE(o.remainder_closed, FALSE) AS closed,
               COALESCE(NULLIF(o.currency_rate, 0), 1) AS rate,
               p.horizon_days > 0
                   AND (COALESCE(o.commitment_date, o.date_order)
                        AT TIME ZONE 'UTC' AT TIME ZONE p.tz)::date
                       > p.today + p.horizon_days AS beyond_horizon
          FROM partners p
          JOIN sale_order o ON o.partner_invoice_id = p.partner_id
                           AND o.company_id = p.company_id
         WHERE o.state = 'sale'
    ),
    %(order_amounts)s,
    ordered AS (
        SELECT oa.account_id, SUM(oa.delivered) AS delivered, SUM(oa.remaining) AS remaining,
               COALESCE(SUM(oa.remaining) FILTER (WHERE o.beyond_horizon), 0) AS beyond_horizon
          FROM order_amounts oa
          JOIN orders o ON o.id = oa.order_id
         GROUP BY oa.account_id
    ),
    manual_moves AS (
        SELECT m.credit_account_id AS account_id, m.product_id,
               (MIN(m.date) AT TIME ZONE 'UTC' AT TIME ZONE MIN(a.tz))::date AS since,
               SUM(signed.quantity) AS quantity,
               SUM(signed.quantity * m.credit_price) AS amount
          FROM accounts a
          JOIN stock_move m ON m.credit_account_id = a.id
          JOIN stock_location src ON src.id = m.location_id
          JOIN uom_uom mu ON mu.id = m.product_uom
          JOIN product_product pp ON pp.id = m.product_id
          JOIN product_template t ON t.id = pp.product_tmpl_id
          JOIN uom_uom tu ON tu.id = t.uom_id
          CROSS JOIN LATERAL (
                SELECT CASE WHEN src.usage = 'customer' THEN -m.quantity ELSE m.quantity END
                       * mu.factor / tu.factor AS quantity
               ) signed
         WHERE m.state = 'done'
           AND m.sale_line_id IS NULL
         GROUP BY m.credit_account_id, m.product_id
    ),
    manual AS (
        SELECT mm.account_id,
               SUM(mm.amount / mm.quantity
                   * GREATEST(0, mm.quantity - COALESCE(billed.quantity, 0))) AS amount
          FROM manual_moves mm
          JOIN accounts a ON a.id = mm.account_id
          LEFT JOIN LATERAL (
                SELECT SUM(CASE WHEN m.move_type = 'out_refund' THEN -il.quantity
                                ELSE il.quantity END
                           * CASE WHEN il.product_uom_id IS NULL THEN 1
                                  ELSE iu.factor / tu.factor END) AS quantity
                  FROM account_move m
                  JOIN account_move_line il ON il.move_id = m.id
                  JOIN product_product pp ON pp.id = il.product_id
                  JOIN product_template t ON t.id = pp.product_tmpl_id
                  JOIN uom_uom tu ON tu.id = t.uom_id
                  LEFT JOIN uom_uom iu ON iu.id = il.product_uom_id
                 WHERE m.commercial_partner_id = a.partner_id
                   AND m.company_id = a.company_id
                   AND m.state = 'posted'
                   AND m.move_type IN ('out_invoice', 'out_refund')
                   AND il.display_type = 'product'
                   AND il.product_id = mm.product_id
                   AND m.invoice_date >= mm.since
                   AND NOT EXISTS (SELECT 1 FROM sale_order_line_invoice_rel r
                                    WHERE r.invoice_line_id = il.id)
               ) billed ON TRUE
         WHERE mm.quantity > 0
         GROUP BY mm.account_id
    ),
    bills AS (
        SELECT p.account_id, SUM(b.booked_amount) AS amount
          FROM partners p
          JOIN credit_bill b ON b.partner_id = p.partner_id AND b.company_id = p.company_id
         WHERE b.state IN ('received', 'endorsed', 'discounted')
         GROUP BY p.account_id
    ),
    drafts AS (
        SELECT a.id AS account_id,
               SUM(il.price_total / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)) AS amount
          FROM accounts a
          JOIN account_move m ON m.commercial_partner_id = a.partner_id
                             AND m.company_id = a.company_id
          JOIN account_move_line il ON il.move_id = m.id
         WHERE m.state = 'draft'
           AND m.move_type = 'out_invoice'
           AND il.display_type = 'product'
           AND NOT EXISTS (SELECT 1 FROM sale_order_line_invoice_rel r
                            WHERE r.invoice_line_id = il.id)
         GROUP BY a.id
    )
    SELECT a.id, a.partner_id, a.company_id, a.currency_id, a.company_currency_id, a.decimals,
           a.group_id, a.rating, a.manual_hold, a.used_policy_id,
           a.horizon_days,
           a.limit_kind, a.limit_amount, a.member_kind, a.member_amount, a.group_currency_id,
           a.company_kind, a.company_amount,
           a.limit_valid_to,
           CASE WHEN a.limit_kind <> 'default' AND a.limit_valid_to < a.today
                THEN a.today - a.limit_valid_to END,
           limit_lines.temporary_set, COALESCE(limit_lines.temporary_add, 0),
           COALESCE(limit_lines.insured, 0), COALESCE(limit_lines.deposit, 0),
           a.insurance_mode, a.count_drafts, a.overdue_days, a.overdue_amount, a.grace_days,
           COALESCE(balances.receivable, 0) + COALESCE(unposted.amount, 0),
           COALESCE(ordered.delivered, 0), COALESCE(manual.amount, 0),
           COALESCE(ordered.remaining, 0), COALESCE(ordered.beyond_horizon, 0),
           COALESCE(bills.amount, 0), COALESCE(drafts.amount, 0),
           late.days, late.amounts
      FROM accounts a
      LEFT JOIN limit_lines ON limit_lines.account_id = a.id
      LEFT JOIN balances ON balances.account_id = a.id
      LEFT JOIN unposted ON unposted.account_id = a.id
      LEFT JOIN late ON late.account_id = a.id
      LEFT JOIN ordered ON ordered.account_id = a.id
      LEFT JOIN manual ON manual.account_id = a.id
      LEFT JOIN bills ON bills.account_id = a.id
      LEFT JOIN drafts ON drafts.account_id = a.id
     WHERE %(wanted)s
"""
