from odoo import api, models


class MergePartner(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """What the merged contacts owe is under one account; docs/flow.md."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        concerned = partners | partners.commercial_partner_id
        result = super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
        left = concerned.exists()
        if len(partners) > 1:
            # Moved by statements of Odoo's own, which recompute nothing.
            family = left.with_context(active_test=False).search([("id", "child_of", left.ids)])
            self.env.add_to_compute(family._fields["commercial_partner_id"], family)
            accounts = self.env["credit.account"].sudo()
            accounts._settle(left, self.env._("Contacts merged"))
        return result

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Two accounts of one customer in a company can't be: they are combined before."""
        self.env["credit.account"].sudo()._combine_pairs(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
