from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def action_request_credit_limit(self):
        """The form that asks for another limit of this customer in the active company."""
        self.ensure_one()
        self.env["credit.account"].check_access("read")
        account = self.env["credit.account"].sudo()._for(self, self.env.company)
        return account.sudo(False).action_request_limit()
