"""Whom a replay is about: payers of the period's orders, with their settings of today."""

from odoo.tools import SQL


def partners_of(pairs):
    """Contacts of (commercial partner, company) pairs, with the pair's number as ``key``."""
    return SQL(
        """
        pairs AS (
            SELECT pair.key, pair.partner_id, pair.company_id,
                   COALESCE(NULLIF(cp.tz, ''), 'UTC') AS tz
              FROM unnest(%(partners)s, %(companies)s) WITH ORDINALITY
                   AS pair (partner_id, company_id, key)
              JOIN res_company c ON c.id = pair.company_id
              JOIN res_partner cp ON cp.id = c.partner_id
        ),
        partners AS (
            SELECT pairs.key, pairs.company_id, pairs.tz, p.id AS partner_id
              FROM pairs
              JOIN res_partner p ON p.commercial_partner_id = pairs.partner_id
        )
        """,
        partners=[pair[0] for pair in pairs],
        companies=[pair[1] for pair in pairs],
    )


def payers(env, company_id, start, end, partner_ids):
    """``[commercial partner id]`` of who pays for an order asked for in the period."""
    chosen = SQL("TRUE")
    if partner_ids:
        chosen = SQL("p.commercial_partner_id = ANY(%s)", list(partner_ids))
    rows = env.execute_query(
        SQL(
            """
            SELECT DISTINCT p.commercial_partner_id
              FROM sale_order o
              JOIN res_partner p ON p.id = o.partner_invoice_id
              LEFT JOIN LATERAL (
                    SELECT MIN(h.create_date) AS asked
                      FROM credit_hold h WHERE h.sale_order_id = o.id
                   ) hold ON TRUE
             WHERE o.company_id = %(company)s
               AND (o.state = 'sale' OR (hold.asked IS NOT NULL AND o.state <> 'cancel'))
               AND LEAST(hold.asked, CASE WHEN o.state = 'sale' THEN o.date_order END)
                   BETWEEN %(start)s AND %(end)s
               AND %(chosen)s
             ORDER BY 1
            """,
            company=company_id,
            start=start,
            end=end,
            chosen=chosen,
        )
    )
    return [row[0] for row in rows]


ACCOUNT_COLUMNS = (
    "key",
    "account_id",
    "partner_id",
    "company_id",
    "currency_id",
    "company_currency_id",
    "decimals",
    "group_id",
    "rating",
    "own_policy",
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
    "insurance_mode",
    "overdue_days",
    "overdue_amount",
    "grace_days",
    "tz",
)


def accounts(env, pairs):
    """Settings of each customer as they are today; also of one that has no account yet."""
    rows = env.execute_query(
        SQL(
            """
            WITH %(partners)s
            SELECT pairs.key, a.id, pairs.partner_id, pairs.company_id,
                   COALESCE(a.currency_id, c.currency_id), c.currency_id, cur.decimal_places,
                   a.group_id, a.rating, COALESCE(a.policy_id, g.policy_id) IS NOT NULL,
                   COALESCE(a.policy_id, g.policy_id, c.credit_policy_id),
                   COALESCE(policy.horizon_days, 0),
                   COALESCE(a.limit_kind, 'default'), a.limit_amount,
                   g.member_limit_kind, g.member_limit_amount, g.currency_id,
                   c.credit_default_limit_kind, c.credit_default_limit,
                   CASE WHEN a.limit_kind <> 'default' THEN a.limit_valid_to END,
                   c.credit_insurance_mode,
                   COALESCE(c.credit_overdue_days, 0), COALESCE(c.credit_overdue_amount, 0),
                   COALESCE(c.credit_limit_grace_days, 0), pairs.tz
              FROM pairs
              JOIN res_company c ON c.id = pairs.company_id
              LEFT JOIN credit_account a ON a.partner_id = pairs.partner_id
                                        AND a.company_id = pairs.company_id
              JOIN res_currency cur ON cur.id = COALESCE(a.currency_id, c.currency_id)
              LEFT JOIN credit_group g ON g.id = a.group_id AND g.active
              LEFT JOIN credit_policy policy
                ON policy.id = COALESCE(a.policy_id, g.policy_id, c.credit_policy_id)
             ORDER BY pairs.key
            """,
            partners=partners_of(pairs),
        )
    )
    return [dict(zip(ACCOUNT_COLUMNS, row, strict=True)) for row in rows]


def limit_lines(env, account_ids):
    """``[(account id, kind, amount that counts, first day, last day)]``."""
    return env.execute_query(
        SQL(
            """
            SELECT account_id, kind,
                   amount * CASE WHEN kind = 'insured' THEN COALESCE(percent, 100) / 100
                                 ELSE 1 END,
                   date_from, date_to
              FROM credit_limit_line WHERE account_id = ANY(%s)
             ORDER BY account_id, id
            """,
            list(account_ids),
        )
    )
