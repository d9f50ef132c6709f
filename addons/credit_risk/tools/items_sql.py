"""A customer's open receivable items, as the figures and the cures see them.

Odoo keeps the matches of an entry that is reset to draft, but a draft settles nothing: what was
matched with it is open, and as late as it ever was.
"""

from odoo.tools import SQL

# Of "partners" (account_id, company_id, partner_id). An item that is open in part and matched
# with a draft in part has two rows, both of the item's sign.
_ITEMS = """
    items AS (
        SELECT p.account_id, l.id, l.move_id, l.amount_residual AS residual,
               COALESCE(l.date_maturity, l.date) AS due
          FROM partners p
          JOIN account_move_line l ON l.partner_id = p.partner_id
                                  AND l.company_id = p.company_id
         WHERE l.account_id = ANY(%(receivable_accounts)s)
           AND l.reconciled IS NOT TRUE
           AND l.parent_state = 'posted'
           AND l.amount_residual <> 0
         UNION ALL
        SELECT p.account_id, l.id, l.move_id,
               CASE WHEN r.debit_move_id = d.id THEN -r.amount ELSE r.amount END,
               COALESCE(l.date_maturity, l.date)
          FROM partners p
          JOIN account_move_line d ON d.partner_id = p.partner_id
                                  AND d.company_id = p.company_id
          JOIN account_partial_reconcile r ON r.debit_move_id = d.id OR r.credit_move_id = d.id
          JOIN account_move_line l ON l.id = r.debit_move_id + r.credit_move_id - d.id
         WHERE d.parent_state = 'draft'
           AND d.account_id = ANY(%(receivable_accounts)s)
           AND l.parent_state = 'posted'
    )
"""


def open_items_sql(env):
    """The common table ``items`` (account_id, id, move_id, residual, due) of a query.

    The ids of the receivable accounts are given as constants: the index on open items is used.
    """
    rows = env.execute_query(
        SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'")
    )
    return SQL(_ITEMS, receivable_accounts=[row[0] for row in rows])
