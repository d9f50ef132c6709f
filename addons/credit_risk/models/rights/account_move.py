from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends_context("uid")
    def _compute_credit_state(self):
        """Who may not know the customer's figures is told only that the invoice is held."""
        super()._compute_credit_state()
        told = self.filtered("credit_message")
        pairs = {move: (move.commercial_partner_id._origin.id, move.company_id.id) for move in told}
        hidden = told and self.env["credit.account"]._hidden_pairs(pairs.values())
        for move in told.filtered(lambda rec: pairs[rec] in hidden):
            move.credit_message = self.env._("Credit hold. Finance decides about it.")

    @api.depends_context("uid")
    def _compute_partner_credit_warning(self):
        """Odoo tells limit and debt to everybody: here only to who may know them."""
        super()._compute_partner_credit_warning()
        warned = self.filtered("partner_credit_warning")
        if not warned:
            return
        pairs = {
            move: (move.commercial_partner_id._origin.id, move.company_id.id) for move in warned
        }
        hidden = self.env["credit.account"]._hidden_pairs(pairs.values())
        for move in warned.filtered(lambda rec: pairs[rec] in hidden):
            move.partner_credit_warning = ""
