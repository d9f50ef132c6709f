from odoo import models


class SupplyModeWizard(models.TransientModel):
    _inherit = "supply.mode.wizard"

    def _count_drafts(self, templates):
        """Drafts of production orders beside requests for quotation."""
        productions = self.env["mrp.production"].sudo()
        drafts = [("product_id", "in", self._variants(templates).ids), ("state", "=", "draft")]
        return super()._count_drafts(templates) + productions.search_count(drafts)

    def _unplannable(self, templates):
        """Kits aren't planned: their components are."""
        return super()._unplannable(templates) | templates.filtered("is_kits")

    def _without_source(self, templates):
        """A bill of materials is a source as well."""
        return (
            super()
            ._without_source(templates)
            .filtered(lambda template: not template.sudo().bom_ids)
        )

    def _missing_label(self):
        return self.env._("Without a vendor or a bill of materials")
