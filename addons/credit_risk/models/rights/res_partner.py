from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    credit = fields.Monetary(search="_search_credit")

    @api.depends_context("uid")
    def _compute_credit(self):
        """Figures of others' customers stay empty."""
        super()._compute_credit()
        company = self.env.company
        pairs = {
            partner: (partner.commercial_partner_id._origin.id, company.id) for partner in self
        }
        hidden = self.env["credit.account"]._hidden_pairs(pairs.values())
        for partner in self.filtered(lambda rec: pairs[rec] in hidden):
            partner.credit_exposure = 0.0
            partner.credit_available = 0.0
            partner.credit_unlimited = False
            partner.credit_account_count = 0

    def _search_credit_limit(self, operator, value):
        self._check_credit_searchable("credit_limit")
        return super()._search_credit_limit(operator, value)

    def _search_credit(self, operator, value):
        """Odoo finds customers by their debt for everybody; here for who may read it."""
        self._check_credit_searchable("credit")
        return self._credit_search(operator, value)

    def _check_credit_searchable(self, name):
        """:raise AccessError: a search would tell what the user may not read"""
        if not self.env.su:
            self._check_field_access(self._fields[name], "read")

    def write(self, vals):
        """A salesperson doesn't get to know a customer's credit by taking him over."""
        if "user_id" in vals and not self.env.su:
            self._credit_check_takeover(vals["user_id"])
        return super().write(vals)

    def _credit_check_takeover(self, user_id):
        """:raise AccessError: somebody else's customer, taken by who sees own documents only"""
        user = self.env.user
        if (
            user_id != user.id
            or not user.has_group("sales_team.group_sale_salesman")
            or user.has_group("sales_team.group_sale_salesman_all_leads")
            or user.has_group("account.group_account_invoice")
            or self.env.company.sudo().credit_control == "off"
        ):
            return
        others = self.sudo().filtered(lambda rec: rec.user_id and rec.user_id != user)
        if others:
            raise AccessError(
                self.env._(
                    "%(customer)s is a customer of %(user)s. Ask the sales manager to change "
                    "the salesperson.",
                    customer=others[:1].display_name,
                    user=others[:1].user_id.name,
                )
            )

    def action_open_credit_account(self):
        """As in general, for those who may see the customer."""
        self.check_access("read")
        return super().action_open_credit_account()
