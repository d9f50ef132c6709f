from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Two customers become one debtor only by who may set limits; docs/flow.md."""
        partners = self.env["res.partner"].browse(partner_ids).exists()
        if not self.env.su and len(partners.commercial_partner_id) > 1:
            partners._credit_check_commercial_change()
        return super()._merge(partner_ids, dst_partner=dst_partner, extra_checks=extra_checks)
