from odoo import models

from ...tools import accounts_sql


class CreditAccount(models.Model):
    _inherit = "credit.account"

    def _take_turn(self):
        """:meth:`_bump` for who comes first of all: waits for others instead of failing.

        For the beginning of a call, before anything is written.

        :return: whether it had to wait: what was read before may be out of date then
        """
        if not self.ids:
            return False
        bumped, waited = accounts_sql.take_turn(self.env, self._bump)
        if not bumped:
            self._bump()
        return waited
