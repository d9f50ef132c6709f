import logging

from psycopg2.errors import SerializationFailure

from odoo import api, models, modules

from ..tools import umbrellas

_logger = logging.getLogger(__name__)

BATCH = 200  # customers that the hourly job looks at in one transaction


class CreditAccount(models.Model):
    """What happens when the exposure or the limit of accounts changes."""

    _inherit = "credit.account"

    def _controlled(self, *modes):
        """The accounts of companies where credit is controlled (in one of the modes)."""
        modes = modes or ("warn", "block")
        return self.filtered(lambda account: account.sudo().company_id.credit_control in modes)

    def _exposure_raised(self):
        """To be called when documents that raise the exposure were changed."""
        accounts = self._controlled()
        accounts._bump()
        accounts._controlled("block").sudo()._with_sharing()._sync_shipment_holds()

    def _exposure_lowered(self, cause):
        """As above for what lowers it; ``cause`` goes to the log ("Payment BNK1/2026/0001")."""
        self._controlled()._reassess(cause)

    def _reassess(self, cause):
        """Look again at the open holds: release what fits, lock or unlock deliveries."""
        self._forget_figures()
        accounts = self._controlled("block").sudo()._with_sharing()
        if not accounts:
            return
        self.env["credit.hold"].sudo()._release_what_fits(accounts, cause)
        accounts._sync_shipment_holds()

    def _with_sharing(self):
        """These accounts and those that use a limit together with them."""
        self.flush_model(["parent_id", "group_id"])
        shared = umbrellas.find_members(self.env, self.ids)
        return (self | self.browse(shared.account_ids))._controlled("block")

    def _sync_shipment_holds(self):
        """Open a hold for each delivery that became locked, close those that are free."""
        self.env["stock.picking"].sudo()._credit_sync_holds(self)

    def _reassess_scheduled(self):
        """One batch of the hourly check; who works on one of these customers goes first."""
        for last in (False, True):
            try:
                self._reassess(self.env._("Scheduled check"))
                self.env.flush_all()
                return
            except SerializationFailure:
                if modules.module.current_test:
                    raise
                self.env.cr.rollback()
                if last:
                    _logger.info("Accounts %s are busy: they wait for the next check", self.ids)

    @api.model
    def _cron_reassess(self):
        """Hourly: items fall due, limits expire, deliveries lock and unlock.

        Each batch is a transaction of its own, so that nobody waits long and what is done stays.
        """
        companies = self.env["res.company"].sudo().search([("credit_control", "!=", "off")])
        self.sudo()._make_missing(companies)
        self.env["credit.hold"].sudo()._refresh_age()
        ids = self.sudo().search([("company_id", "in", companies.ids)], order="id").ids
        for start in range(0, len(ids), BATCH):
            batch = self.sudo().browse(ids[start : start + BATCH]).exists()
            batch._reassess_scheduled()
            remaining = max(0, len(ids) - start - BATCH)
            self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)
