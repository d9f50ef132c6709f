from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError

from ..tools import accounts_sql, figures_sql, open_items, umbrellas
from ..tools.figures_names import FIGURES


class CreditAccount(models.Model):
    """The rows of accounts: found, made, counted and bumped, each for any number at once."""

    _inherit = "credit.account"

    # ------------------------------------------------------------------ business: rows

    @api.model
    def _for(self, partner, company):
        """The account of the partner's commercial entity in the company, made if missing.

        Two transactions that make it at the same time: the later one is run again by Odoo.
        """
        partner = partner.commercial_partner_id
        pair = (partner.id, company.id)
        account = self._for_pairs([pair])[pair]
        account.invalidate_recordset(FIGURES, flush=False)
        return account

    @api.model
    def _for_pairs(self, pairs, make=True):
        """``{(commercial partner id, company id): account}``, in few queries.

        :param make: make the missing ones; else they are left out (for computed fields, which
            must not write)
        """
        pairs = list(dict.fromkeys(pairs))
        if not pairs:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["res.company"].flush_model(["currency_id"])
        self.flush_model(["partner_id", "company_id"])
        rows = accounts_sql.find(self.env, pairs)
        if make and len(rows) < len(pairs):
            accounts_sql.insert_missing(self.env, pairs)
            rows = accounts_sql.find(self.env, pairs)
        return {(partner, company): self.browse(key) for key, partner, company in rows}

    @api.model
    def _make_missing(self, companies):
        """Give every customer with an order or an open item in the companies his account."""
        if not companies:
            return
        self.env.flush_all()
        rows = accounts_sql.owing_customers(self.env, companies.ids)
        self._for_pairs([row for row in rows if row[0]])

    # ------------------------------------------------------------------ business: figures

    def _figures(self):
        """``{account id: Figures}``, one query for any number of accounts."""
        companies = self.env["res.company"].sudo()
        if self.ids:
            companies = self.sudo().company_id
        todays = {company.id: company._credit_today() for company in companies}
        return figures_sql.account_figures(self.env, todays, self.ids)

    @api.model
    def _forget_figures(self):
        """Documents have changed: figures read before are out of date in this transaction."""
        self.env["credit.account"].invalidate_model([*FIGURES, "limit_explanation"], flush=False)
        self.env["res.partner"].invalidate_model(
            ["credit_exposure", "credit_available"], flush=False
        )
        self.env["stock.picking"].invalidate_model(
            ["shipment_locked", "credit_state", "credit_message", "credit_part_fits"], flush=False
        )
        self.env["sale.order"].invalidate_model(
            ["credit_message", "credit_fits", "credit_part_fits"], flush=False
        )
        self.env["credit.hold"].invalidate_model(["cure", "part_fits"], flush=False)
        self.env["credit.group"].invalidate_model(["exposure", "available"], flush=False)

    def _bump(self):
        """Say that this transaction raises the exposure (or judges by it).

        Of two transactions the second is refused by the database and run again by Odoo.
        """
        if not self.ids:
            return
        self.flush_recordset(["version", "parent_id", "group_id"])
        parents, groups = umbrellas.above(self.env, self.ids)
        try:
            accounts_sql.bump(self.env, {*self.ids, *parents})
            if groups:
                umbrellas.bump_groups(self.env, groups)
        except SerializationFailure as error:
            if accounts_sql.is_last_try(self.env.cr):
                raise UserError(
                    self.env._(
                        "Others are working on the same customer's documents right now. "
                        "Try again in a moment."
                    )
                ) from error
            raise
        self.invalidate_recordset(["version"], flush=False)
        self._forget_figures()

    def _credit_open_items(self, figures=None):
        """``{account id: open items, oldest first}``: what a payment would settle.

        :param figures: ``{account id: Figures}`` where they are known already
        """
        figures = self._figures() if figures is None else figures
        rates = {account.id: figures[account.id].rate for account in self}
        todays = {company.id: company._credit_today() for company in self.sudo().company_id}
        return open_items.open_items(self.env, self.sudo(), rates, todays)
