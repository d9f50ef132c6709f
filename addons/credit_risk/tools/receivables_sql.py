"""Open receivables as they stood on a date, instalment by instalment."""

from odoo.tools import SQL


def residuals_at(env, company_id, date, partner_ids=None):
    """``[(commercial partner id or None, due date, residual)]`` of one company.

    A residual is the item's balance less what had been matched with it up to and including
    ``date``. A match counts from the later of its two entries' dates, and not before the day on
    which somebody made it: a payment that nobody had applied yet stands for itself. Amounts in the
    company's currency; unapplied payments and credit notes are negative.
    """
    env.flush_all()
    partner = (
        SQL("AND p.commercial_partner_id = ANY(%s)", list(partner_ids))
        if partner_ids is not None
        else SQL("")
    )
    return env.execute_query(
        SQL(
            """
            WITH items AS (
                SELECT l.id, p.commercial_partner_id AS partner_id, l.balance,
                       COALESCE(l.date_maturity, l.date) AS due
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                  LEFT JOIN res_partner p ON p.id = l.partner_id
                 WHERE a.account_type = 'asset_receivable'
                   AND l.company_id = %(company)s
                   AND l.parent_state = 'posted'
                   AND l.date <= %(date)s
                   %(partner)s
            ),
            matches AS (
                SELECT debit_move_id, credit_move_id, amount
                  FROM account_partial_reconcile
                 WHERE company_id = %(company)s
                   AND GREATEST(
                           max_date,
                           (create_date AT TIME ZONE 'UTC' AT TIME ZONE (
                                SELECT COALESCE(NULLIF(cp.tz, ''), 'UTC')
                                  FROM res_company c JOIN res_partner cp ON cp.id = c.partner_id
                                 WHERE c.id = %(company)s))::date
                       ) <= %(date)s
            ),
            matched AS (
                SELECT debit_move_id AS line_id, -amount AS amount FROM matches
                 UNION ALL
                SELECT credit_move_id, amount FROM matches
            ),
            matched_sums AS (
                SELECT line_id, SUM(amount) AS amount FROM matched GROUP BY line_id
            ),
            residuals AS (
                SELECT i.partner_id, i.due, i.balance + COALESCE(m.amount, 0) AS residual
                  FROM items i
                  LEFT JOIN matched_sums m ON m.line_id = i.id
            )
            SELECT partner_id, due, SUM(residual)
              FROM residuals
             WHERE residual <> 0
             GROUP BY partner_id, due
            """,
            company=company_id,
            date=date,
            partner=partner,
        )
    )


def open_items(todays):
    """The query behind ``receivable.item``: open items with their age.

    :param todays: today in each company's time zone, by company id
    """
    return SQL(
        """
        WITH todays (company_id, today) AS (VALUES %(todays)s),
        items AS (
            SELECT l.id, l.move_id, l.move_name, l.company_id, l.account_id, l.date,
                   p.commercial_partner_id AS partner_id,
                   COALESCE(m.invoice_user_id, cp.user_id) AS user_id,
                   COALESCE(l.date_maturity, l.date) AS date_maturity,
                   t.today - COALESCE(l.date_maturity, l.date) AS days_late,
                   l.currency_id, l.company_currency_id,
                   l.balance AS amount,
                   l.amount_residual AS residual,
                   l.amount_residual_currency AS residual_currency
              FROM account_move_line l
              JOIN account_account a ON a.id = l.account_id
                                    AND a.account_type = 'asset_receivable'
              JOIN account_move m ON m.id = l.move_id
              JOIN todays t ON t.company_id = l.company_id
              LEFT JOIN res_partner p ON p.id = l.partner_id
              LEFT JOIN res_partner cp ON cp.id = p.commercial_partner_id
             WHERE l.parent_state = 'posted'
               AND l.reconciled IS NOT TRUE
               AND l.amount_residual <> 0
        )
        SELECT items.*,
               CASE WHEN days_late <= 0 THEN '0_not_due'
                    WHEN days_late <= 30 THEN '1_30'
                    WHEN days_late <= 60 THEN '2_60'
                    WHEN days_late <= 90 THEN '3_90'
                    ELSE '4_older' END AS bucket
          FROM items
        """,
        todays=SQL(", ").join(SQL("(%s, %s::date)", *item) for item in todays.items()),
    )
