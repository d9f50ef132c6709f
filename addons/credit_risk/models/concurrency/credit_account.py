from odoo import models

from ...tools import accounts_sql


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _take_turn(self):
        """:meth:`_bump` for who comes first of all: waits for others instead of failing.

        For the beginning of a call, before anything is written and before anything is read that
        the call goes by: what was read is read again afterwards.
        """
        if self.ids and not accounts_sql.take_turn(self.env, self._bump):
            self._bump()
