"""The set-based queries of the customer pools; nothing here decides, the rules do."""

from odoo.tools import SQL

# A fact is (commercial partner, amount in company currency, date, document). Each query joins
# the table ``rule``, which holds the active rules of every company that uses pools.
FACTS = {
    # Posted customer invoices that are paid in full, by invoice date.
    "paid_invoice": """
        SELECT r.rank, r.id AS rule_id, r.pool, m.commercial_partner_id AS partner_id,
               'account.move' AS model, m.id AS document_id,
               m.amount_total_signed AS amount, m.invoice_date AS date
          FROM account_move m
          JOIN rule r ON r.fact = 'paid_invoice' AND r.company_id = m.company_id
         WHERE m.move_type = 'out_invoice' AND m.state = 'posted'
           AND m.payment_state IN ('paid', 'in_payment')
           AND m.amount_total_signed > 0 AND m.amount_total_signed >= r.minimum
           AND (r.since IS NULL OR m.invoice_date >= r.since)
           AND m.commercial_partner_id IN (SELECT id FROM scope)
    """,
    # Confirmed orders of which at least one line has been delivered, by order date.
    "delivered_order": """
        SELECT r.rank, r.id, r.pool, p.commercial_partner_id,
               'sale.order', o.id, o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1),
               o.date_order::date
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN rule r ON r.fact = 'delivered_order' AND r.company_id = o.company_id
         WHERE o.state = 'sale' AND o.amount_total > 0
           AND o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1) >= r.minimum
           AND (r.since IS NULL OR o.date_order::date >= r.since)
           AND p.commercial_partner_id IN (SELECT id FROM scope)
           AND EXISTS (SELECT 1 FROM sale_order_line l
                        WHERE l.order_id = o.id AND l.display_type IS NULL
                          AND l.qty_delivered > 0)
    """,
    # Confirmed orders with something still to deliver.
    "open_order": """
        SELECT r.rank, r.id, r.pool, p.commercial_partner_id,
               'sale.order', o.id, o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1),
               o.date_order::date
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN rule r ON r.fact = 'open_order' AND r.company_id = o.company_id
         WHERE o.state = 'sale' AND o.amount_total > 0
           AND o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1) >= r.minimum
           AND (r.since IS NULL OR o.date_order::date >= r.since)
           AND p.commercial_partner_id IN (SELECT id FROM scope)
           AND EXISTS (SELECT 1 FROM sale_order_line l
                        WHERE l.order_id = o.id AND l.display_type IS NULL
                          AND l.qty_delivered < l.product_uom_qty)
    """,
    # Quotations that can still be accepted: draft or sent, with an amount, not expired.
    "open_quotation": """
        SELECT r.rank, r.id, r.pool, p.commercial_partner_id,
               'sale.order', o.id, o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1),
               o.date_order::date
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_id
          JOIN rule r ON r.fact = 'open_quotation' AND r.company_id = o.company_id
         WHERE o.state IN ('draft', 'sent') AND o.amount_total > 0
           AND o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1) >= r.minimum
           AND (r.since IS NULL OR o.date_order::date >= r.since)
           AND (o.validity_date IS NULL OR o.validity_date >= r.today)
           AND p.commercial_partner_id IN (SELECT id FROM scope)
    """,
    # Running opportunities with an expected amount and an expected closing date.
    "open_opportunity": """
        SELECT r.rank, r.id, r.pool, p.commercial_partner_id,
               'crm.lead', l.id, l.expected_revenue, l.date_deadline
          FROM crm_lead l
          JOIN res_partner p ON p.id = l.partner_id
          JOIN rule r ON r.fact = 'open_opportunity'
                     AND (r.company_id = l.company_id OR l.company_id IS NULL)
         WHERE l.type = 'opportunity' AND l.active AND l.won_status = 'pending'
           AND l.expected_revenue > 0 AND l.expected_revenue >= r.minimum
           AND l.date_deadline IS NOT NULL
           AND (r.since IS NULL OR l.create_date::date >= r.since)
           AND p.commercial_partner_id IN (SELECT id FROM scope)
    """,
}


def scope_query(company_ids, partner_ids):
    """Active commercial partners of the given companies or shared by all companies.

    ``partner_ids`` may name contacts: their company is meant. None means everybody.
    """
    chosen = SQL("TRUE")
    if partner_ids is not None:
        chosen = SQL(
            "p.id IN (SELECT commercial_partner_id FROM res_partner WHERE id = ANY(%s))",
            list(partner_ids),
        )
    return SQL(
        """SELECT p.id, p.customer_pool, p.customer_pool_manual, p.customer_pool_rule_id,
                  p.customer_pool_fact_model, p.customer_pool_fact_id, p.customer_rank,
                  p.company_id
             FROM res_partner p
            WHERE p.id = p.commercial_partner_id AND p.active AND %s
              AND (p.company_id IS NULL OR p.company_id = ANY(%s))""",
        chosen,
        list(company_ids),
    )


def difference_query(company_ids, partner_ids, rules):
    """One row for each customer whose pool, rule or document differs from what is stored.

    A customer has a customer rank, or any lead, quotation or order in a company that uses
    pools. The first rule by rank decides; inside a rule the newest document is the reason.
    A customer moved by hand differs only when rule or document differ from those at that time.

    :param rules: rows (rank, id, company_id, pool, fact, since, minimum, today)
    """
    values = SQL(", ").join(
        SQL("(%s::int, %s::int, %s::int, %s, %s, %s::date, %s::numeric, %s::date)", *row)
        for row in rules
    )
    return SQL(
        """
        WITH scope AS MATERIALIZED (%(scope)s),
             rule (rank, id, company_id, pool, fact, since, minimum, today) AS (VALUES %(rules)s),
             fact AS (%(facts)s),
             best AS (SELECT DISTINCT ON (partner_id) *
                        FROM fact ORDER BY partner_id, rank, date DESC NULLS LAST,
                                           document_id DESC),
             active_partner AS (
                SELECT p.commercial_partner_id AS id
                  FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id
                 WHERE (l.company_id IS NULL OR l.company_id = ANY(%(companies)s))
                   AND p.commercial_partner_id IN (SELECT id FROM scope)
                 UNION
                SELECT p.commercial_partner_id
                  FROM sale_order o JOIN res_partner p ON p.id = o.partner_id
                 WHERE o.company_id = ANY(%(companies)s)
                   AND p.commercial_partner_id IN (SELECT id FROM scope)),
             result AS (
                SELECT s.*, b.rule_id, b.model, b.document_id, b.amount, b.date,
                       CASE WHEN s.customer_rank > 0 OR a.id IS NOT NULL
                            THEN COALESCE(b.pool, 'nurture') END AS pool
                  FROM scope s
                  LEFT JOIN best b ON b.partner_id = s.id
                  LEFT JOIN active_partner a ON a.id = s.id)
        SELECT id, company_id, customer_pool AS old_pool, customer_pool_manual AS manual,
               pool, rule_id, model, document_id, amount, date
          FROM result
         WHERE (rule_id, model, document_id) IS DISTINCT FROM
               (customer_pool_rule_id, customer_pool_fact_model, customer_pool_fact_id)
            OR (pool IS DISTINCT FROM customer_pool AND customer_pool_manual IS NOT TRUE)
            OR (pool IS NULL AND customer_pool IS NOT NULL)
         ORDER BY id
        """,
        scope=scope_query(company_ids, partner_ids),
        rules=values,
        facts=SQL(" UNION ALL ").join(SQL(query) for query in FACTS.values()),
        companies=list(company_ids),
    )


def store_query(rows):
    """Write pools on customers; ``since`` moves only with the pool.

    :param rows: (id, pool, manual, rule_id, model, document_id, note, today)
    """
    columns = [list(column) for column in zip(*rows, strict=True)]
    return SQL(
        """
        UPDATE res_partner p
           SET customer_pool = v.pool, customer_pool_manual = v.manual,
               customer_pool_rule_id = v.rule_id, customer_pool_fact_model = v.model,
               customer_pool_fact_id = v.document_id, customer_pool_note = v.note,
               customer_pool_since = CASE
                   WHEN v.pool IS NULL THEN NULL
                   WHEN p.customer_pool IS DISTINCT FROM v.pool THEN v.today
                   ELSE p.customer_pool_since END
          FROM unnest(%s::int[], %s::text[], %s::bool[], %s::int[], %s::text[], %s::int[],
                      %s::text[], %s::date[])
            AS v(id, pool, manual, rule_id, model, document_id, note, today)
         WHERE p.id = v.id
        """,
        *columns,
    )


def contacts_query(company_ids, partner_ids):
    """Let the contacts show their company's pool; only differences are written."""
    return SQL(
        """
        UPDATE res_partner c
           SET customer_pool = p.customer_pool, customer_pool_since = p.customer_pool_since,
               customer_pool_manual = p.customer_pool_manual,
               customer_pool_note = p.customer_pool_note,
               customer_pool_rule_id = p.customer_pool_rule_id,
               customer_pool_fact_model = p.customer_pool_fact_model,
               customer_pool_fact_id = p.customer_pool_fact_id
          FROM res_partner p
         WHERE p.id = c.commercial_partner_id AND c.id <> p.id
           AND p.id IN (SELECT s.id FROM (%s) s)
           AND (c.customer_pool, c.customer_pool_since, c.customer_pool_manual,
                c.customer_pool_note, c.customer_pool_rule_id, c.customer_pool_fact_model,
                c.customer_pool_fact_id)
               IS DISTINCT FROM
               (p.customer_pool, p.customer_pool_since, p.customer_pool_manual,
                p.customer_pool_note, p.customer_pool_rule_id, p.customer_pool_fact_model,
                p.customer_pool_fact_id)
        """,
        scope_query(company_ids, partner_ids),
    )


def count_query(company_ids, partner_ids):
    """Customers in each pool."""
    return SQL(
        "SELECT s.customer_pool, count(*) FROM (%s) s WHERE s.customer_pool IS NOT NULL GROUP BY 1",
        scope_query(company_ids, partner_ids),
    )
