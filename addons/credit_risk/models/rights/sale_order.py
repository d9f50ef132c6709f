from odoo import api, models
from odoo.exceptions import AccessError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.depends_context("uid")
    def _compute_credit_message(self):
        """Who may not know the payer's figures is told only whether the order is, or would be,
        held; a customer who looks at his order in the portal nothing of it."""
        super()._compute_credit_message()
        for order in self._credit_hidden_from_user("credit_message"):
            if self.env.user.share:
                order.credit_message = False
            elif order.credit_state == "hold":
                order.credit_message = self.env._("Credit hold. Finance decides about it.")
            else:
                order.credit_message = self.env._("Credit: this order would be put on hold.")

    @api.depends_context("uid")
    def _compute_partner_credit_warning(self):
        """Odoo tells limit and debt to everybody: here only to who may know them."""
        super()._compute_partner_credit_warning()
        for order in self._credit_hidden_from_user("partner_credit_warning"):
            order.partner_credit_warning = ""

    def _credit_hidden_from_user(self, name):
        """Of the orders with something in that field those whose payer's figures are hidden."""
        orders = self.filtered(name)
        if not orders:
            return orders
        pairs = {
            order: (
                order.sudo().partner_invoice_id.commercial_partner_id._origin.id,
                order.company_id.id,
            )
            for order in orders
        }
        hidden = self.env["credit.account"]._hidden_pairs(pairs.values())
        return orders.filtered(lambda rec: pairs[rec] in hidden)

    def action_ship_what_fits(self):
        """As in general, for those who may know what fits: the part tells what is available."""
        self.check_access("write")
        pair = (self.sudo().partner_invoice_id.commercial_partner_id.id, self.company_id.id)
        if self.env["credit.account"]._hidden_pairs([pair]):
            raise AccessError(
                self.env._("Only the customer's salesperson and finance may ship a part by credit.")
            )
        return super().action_ship_what_fits()

    def action_open_credit_account(self):
        """As in general, for those who may see the payer's account."""
        action = super().action_open_credit_account()
        self.env["credit.account"].browse(action["res_id"]).check_access("read")
        return action
