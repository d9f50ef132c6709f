"""The currency of limits and holds becomes a column.

Until now both were always in the company's currency, which was looked up. Filled by the ORM the
new columns would leave a tracking message on each account and take long on large databases: they
are filled here by one statement each.
"""


def migrate(cr, version):
    cr.execute(
        """
        ALTER TABLE credit_account ADD COLUMN IF NOT EXISTS currency_id integer;
        UPDATE credit_account a SET currency_id = c.currency_id
          FROM res_company c WHERE c.id = a.company_id AND a.currency_id IS NULL;
        ALTER TABLE credit_hold ADD COLUMN IF NOT EXISTS currency_id integer;
        ALTER TABLE credit_hold ADD COLUMN IF NOT EXISTS currency_rate double precision;
        UPDATE credit_hold h SET currency_id = a.currency_id, currency_rate = 1
          FROM credit_account a WHERE a.id = h.account_id AND h.currency_id IS NULL;
        """
    )
