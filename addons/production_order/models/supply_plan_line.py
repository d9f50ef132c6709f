from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.inventory_link.tools import at_noon
from odoo.addons.inventory_link.tools.fields import PlainMany2one


class SupplyPlanLine(models.Model):
    _inherit = "supply.plan.line"

    bom_id = PlainMany2one("mrp.bom", "Bill of Materials", readonly=True, ondelete="set null")
    production_id = fields.Many2one(
        "mrp.production", "Production Order", readonly=True, ondelete="set null"
    )

    @api.model
    def _document_fields(self):
        return super()._document_fields() | {"supply_production_id": "production_id"}

    def _document(self):
        return self.production_id or super()._document()

    @api.model
    def _answer_groups(self):
        return [*super()._answer_groups(), "mrp.group_mrp_user"]

    @api.model
    def _release_groups(self):
        return super()._release_groups() | {"make": "mrp.group_mrp_user"}

    def _create_documents(self):
        """Production orders are confirmed at once: their components are reserved and the shop
        floor sees them, which is what approving the line meant."""
        super()._create_documents()
        made = self.filtered(lambda line: line.action == "make")
        if not made:
            return
        lost = made.filtered(lambda line: not line.bom_id)
        if lost:
            raise UserError(
                self.env._(
                    "No bill of materials: %(products)s",
                    products=", ".join(lost.product_id.mapped("display_name")),
                )
            )
        for company, lines in made.grouped("company_id").items():
            productions = (
                self.env["mrp.production"]
                .with_company(company)
                .create([line._prepare_production() for line in lines])
            )
            for line, production in zip(lines, productions, strict=True):
                line.production_id = production
            productions.action_confirm()

    def _prepare_production(self):
        """Values of the production order: the plan's quantity and days."""
        tz = self.company_id.partner_id.tz or "UTC"
        picking_type = self.bom_id.picking_type_id or self.warehouse_id.manu_type_id
        return {
            "product_id": self.product_id.id,
            "product_qty": self.quantity,
            "product_uom_id": self.product_uom_id.id,
            "bom_id": self.bom_id.id,
            "company_id": self.company_id.id,
            "picking_type_id": picking_type.id,
            "location_src_id": picking_type.default_location_src_id.id,
            "location_dest_id": picking_type.default_location_dest_id.id,
            "location_final_id": self.warehouse_id.lot_stock_id.id,
            "date_start": at_noon(self.order_date, tz),
            "date_deadline": at_noon(self.due_date, tz),
            "origin": self.order_names,
            "plan_line_id": self.id,
            "user_id": False,
        }
