"""A customer's open receivable items, for the cures: which invoices a payment should settle."""

from dataclasses import dataclass

from odoo.tools import SQL

from .items_sql import open_items_sql


@dataclass(frozen=True)
class Item:
    """One open item less what unapplied credits cover of it.

    :param amount: in the currency of the account's limit
    :param days_late: 0 while it isn't due
    """

    move_id: int
    name: str
    amount: float
    days_late: int


def open_items(env, accounts, rates, todays):
    """``{account id: (Item, …)}``, oldest first: one query for any number of accounts.

    :param rates: ``{account id: units of the limit's currency for one of the company's}``
    :param todays: ``{company id: today}``
    """
    if not accounts:
        return {}
    rows = env.execute_query(
        SQL(
            """
            WITH partners AS (
                SELECT a.id AS account_id, a.company_id, p.id AS partner_id
                  FROM credit_account a
                  JOIN res_partner p ON p.commercial_partner_id = a.partner_id
                 WHERE a.id = ANY(%(accounts)s)
            ),
            %(open_items)s,
            due AS (
                SELECT account_id, id, move_id, due, SUM(residual) AS residual
                  FROM items WHERE residual > 0 GROUP BY account_id, id, move_id, due
            ),
            credits AS (
                SELECT account_id, SUM(residual) AS amount
                  FROM items WHERE residual < 0 GROUP BY account_id
            )
            SELECT i.account_id, m.company_id, i.move_id, m.name, i.due,
                   LEAST(i.residual, SUM(i.residual) OVER (
                       PARTITION BY i.account_id ORDER BY i.due, i.id) + COALESCE(c.amount, 0))
              FROM due i
              JOIN account_move m ON m.id = i.move_id
              LEFT JOIN credits c ON c.account_id = i.account_id
             ORDER BY i.account_id, i.due, i.id
            """,
            accounts=accounts.ids,
            open_items=open_items_sql(env),
        )
    )
    digits = {account.id: account.currency_id.decimal_places for account in accounts}
    found = {}
    for account_id, company_id, move_id, name, due, uncovered in rows:
        amount = round(float(uncovered) * rates[account_id], digits[account_id])
        if amount > 0:
            late = max(0, (todays[company_id] - due).days)
            found.setdefault(account_id, []).append(Item(move_id, name or "", amount, late))
    return {key: tuple(items) for key, items in found.items()}
