from odoo import api, models
from odoo.exceptions import UserError

FAMILY_FIELDS = {"parent_id", "is_company"}


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """A contact that belongs to another company brings what it owes along."""
        if not FAMILY_FIELDS & vals.keys():
            return super().write(vals)
        every = self.with_context(active_test=False)
        before = {
            partner: partner.commercial_partner_id
            for partner in every.search([("id", "child_of", self.ids)])
        }
        result = super().write(vals)
        moved = every.browse().union(
            *(
                partner | payer
                for partner, payer in before.items()
                if partner.commercial_partner_id != payer
            )
        )
        if moved:
            cause = self.env._(
                "%(contacts)s moved to another company",
                contacts=", ".join(self.mapped("display_name")),
            )
            self.env["credit.account"].sudo()._settle(moved, cause)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_credit_history(self):
        """Limits, holds and decisions of a customer must stay provable."""
        for account in self.env["credit.account"].sudo()._accounts_of(self):
            if account._has_history():
                raise UserError(
                    self.env._(
                        "%(customer)s has a credit account with a limit, holds or decisions, "
                        "which have to stay on record. Archive the contact, or merge it into "
                        "another one.",
                        customer=account.partner_id.display_name,
                    )
                )
