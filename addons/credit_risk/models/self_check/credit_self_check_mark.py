from odoo import api, fields, models
from odoo.tools import SQL


class CreditSelfCheckMark(models.Model):
    """When an account was checked last, and in which version.

    Not on the account itself: its row is written by every confirmation, which the check would
    make wait or fail.
    """

    _name = "credit.self.check.mark"
    _description = "Credit Self-Check Mark"

    account_id = fields.Many2one("credit.account", required=True, ondelete="cascade")
    version = fields.Integer(required=True)
    checked = fields.Datetime(required=True)

    _account_uniq = models.UniqueIndex("(account_id)")

    @api.model
    def _next_accounts(self, limit, begun):
        """Accounts to check: changed ones first, then those whose check is the longest ago.

        :param begun: begin of the run; what was checked since then isn't checked again
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT a.id
                  FROM credit_account a
                  JOIN res_company c ON c.id = a.company_id AND c.credit_control <> 'off'
                  LEFT JOIN credit_self_check_mark m ON m.account_id = a.id
                 WHERE m.id IS NULL OR m.checked < %(begun)s
                 ORDER BY m.version IS NOT DISTINCT FROM a.version, m.checked NULLS FIRST, a.id
                 LIMIT %(limit)s
                """,
                begun=begun,
                limit=limit,
            )
        )
        return self.env["credit.account"].browse(row[0] for row in rows)

    @api.model
    def _set(self, accounts, moment):
        """Note that the accounts were checked as they are now."""
        self.env.execute_query(
            SQL(
                """
                INSERT INTO credit_self_check_mark (account_id, version, checked)
                SELECT id, version, %(moment)s FROM credit_account WHERE id = ANY(%(ids)s)
                    ON CONFLICT (account_id)
                    DO UPDATE SET version = EXCLUDED.version, checked = EXCLUDED.checked
                RETURNING id
                """,
                moment=moment,
                ids=accounts.ids,
            )
        )
        self.invalidate_model(flush=False)
