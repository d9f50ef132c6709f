from odoo import api, models


class SupplyPlanLine(models.Model):
    _inherit = "supply.plan.line"

    @api.onchange("bom_id")
    def _onchange_preview_bom(self):
        """Another bill of materials has a consequence, too."""
        self._onchange_preview()
