from odoo import api, fields, models

from .product_supplierinfo import GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    supply_on_time_rate = fields.Float(
        "On Time", compute="_compute_supply_on_time", groups=GROUPS, help="Of the last year."
    )
    supply_has_receipts = fields.Boolean(compute="_compute_supply_on_time", groups=GROUPS)

    @api.depends_context("allowed_company_ids")
    def _compute_supply_on_time(self):
        rates = self.env["supply.vendor.performance"]._on_time_rates(self.commercial_partner_id)
        for partner in self:
            rate = rates.get(partner.commercial_partner_id.id)
            partner.supply_on_time_rate = rate or 0
            partner.supply_has_receipts = rate is not None

    def action_vendor_performance(self):
        """How this vendor kept his promises."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "inventory_link.supply_vendor_performance_action"
        )
        return action | {
            "domain": [("vendor_id", "=", self.commercial_partner_id.id)],
            "context": {"search_default_due": 1, "search_default_group_product": 1},
        }
