from odoo import models

from ..models.res_partner import MERGING


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_values(self, src_partners, dst_partner):
        """Merging copies every stored value; the pool is decided anew instead."""
        result = super()._update_values(
            src_partners, dst_partner.with_context(crm_ext_merging=MERGING)
        )
        self.env["customer.pool"]._note(dst_partner)
        return result
