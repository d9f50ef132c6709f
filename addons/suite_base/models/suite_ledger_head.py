from odoo import fields, models

from ..tools import ledger_sql


class SuiteLedgerHead(models.Model):
    """The end of each company's ledger: number and hash of its newest entry.

    Every append updates this one row, so that of two transactions that append at once the
    later one is told to start again by the database; and a ledger whose last entries were
    cut off no longer fits its head. Used by :class:`suite.ledger.entry` alone.
    """

    _name = "suite.ledger.head"
    _description = "Ledger Head"
    _log_access = False
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    sequence = fields.Integer(required=True, readonly=True)
    hash = fields.Char(required=True, readonly=True)

    _company_uniq = models.UniqueIndex("(company_id)")

    def init(self):
        """Let the head move forward only (also after an upgrade of the addon)."""
        ledger_sql.protect_head(self.env.cr)
