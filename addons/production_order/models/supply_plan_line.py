from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.inventory_link.tools import BY_PLAN, at_noon
from odoo.addons.inventory_link.tools.fields import PlainMany2one

#: Production orders of one ``create``.
BATCH = 50


class SupplyPlanLine(models.Model):
    _inherit = "supply.plan.line"

    bom_id = PlainMany2one("mrp.bom", "Bill of Materials", ondelete="set null")
    allowed_bom_ids = fields.Many2many(
        "mrp.bom", string="Possible Bills of Materials", compute="_compute_allowed_bom_ids"
    )
    production_id = fields.Many2one(
        "mrp.production", "Production Order", readonly=True, ondelete="set null"
    )

    @api.depends("product_id", "company_id", "action")
    def _compute_allowed_bom_ids(self):
        """Bills by which a planner may have the product made."""
        for line in self:
            line.allowed_bom_ids = line.action == "make" and self.env["mrp.bom"].search(
                [
                    ("type", "=", "normal"),
                    ("product_tmpl_id", "=", line.product_id.product_tmpl_id.id),
                    ("product_id", "in", (False, line.product_id.id)),
                    ("company_id", "in", (False, line.company_id.id)),
                ]
            )

    # -- document -------------------------------------------------------------------------------

    @api.model
    def _document_fields(self):
        return super()._document_fields() | {"supply_production_id": "production_id"}

    def _document(self):
        return self.production_id or super()._document()

    def _document_values(self):
        """Of a production also its components: a person may have changed them alone."""
        made = self.production_id
        if not made:
            return super()._document_values()
        components = sorted(
            (move.product_id.id, round(move.product_uom_qty, 6)) for move in made.move_raw_ids
        )
        return [
            made.state,
            made.bom_id.id,
            made.product_uom_id.id,
            round(made.product_qty, 6),
            made.date_start,
            made.date_finished,
            components,
        ]

    # -- answers and changes --------------------------------------------------------------------

    @api.model
    def _answer_groups(self, action):
        """Production answers what is to be made."""
        more = ["mrp.group_mrp_user"] if action == "make" else []
        return [*super()._answer_groups(action), *more]

    @api.model
    def _release_groups(self):
        return super()._release_groups() | {"make": "mrp.group_mrp_user"}

    @api.model
    def _planner_fields(self):
        return super()._planner_fields() | {"bom_id"}

    def _check_edit(self, vals):
        super()._check_edit(vals)
        if "bom_id" in vals:
            self._check_bom_choice()
            self.lead_days = self.bom_id.produce_delay

    def _check_bom_choice(self):
        if self.action != "make":
            raise UserError(
                self.env._(
                    "%(product)s is bought: it takes no bill of materials.",
                    product=self.product_id.display_name,
                )
            )
        if not self.bom_id or self.bom_id not in self.allowed_bom_ids:
            raise UserError(
                self.env._(
                    "Choose a bill of materials by which %(product)s can be made.",
                    product=self.product_id.display_name,
                )
            )

    # -- release --------------------------------------------------------------------------------

    def _release_problem(self):
        if self.state == "approved" and self.action == "make" and not self.bom_id:
            return self.env._("No bill of materials. Add one to the product.")
        return super()._release_problem()

    def _create_documents(self):
        """Production orders stay drafts and follow the plan until somebody confirms them; a
        company that trusts its plan has them confirmed at once."""
        super()._create_documents()
        made = self.filtered(lambda line: line.action == "make")
        # the plan is run once for all of them, after the release
        for company, lines in (
            made.with_context(supply_by_plan=BY_PLAN).grouped("company_id").items()
        ):
            for start in range(0, len(lines), BATCH):
                productions = lines[start : start + BATCH]._create_productions(company)
                if company.supply_confirm_productions:
                    productions.action_confirm()

    def _create_productions(self, company):
        productions = (
            self.env["mrp.production"]
            .with_company(company)
            .create([line._prepare_production() for line in self])
        )
        for line, production in zip(self, productions, strict=True):
            line.production_id = production
            line._use_substitutes(production)
        return productions

    def _use_substitutes(self, production):
        """The production takes the substitutes that the plan uses up, instead of the product."""
        for product, pegs in self.component_peg_ids.grouped("substitute_for_id").items():
            if not product:
                continue
            own = sum(
                self.component_peg_ids.filtered(
                    lambda peg, product=product: (
                        peg.product_id == product and not peg.substitute_for_id
                    )
                ).mapped("quantity")
            )
            replaced = sum(pegs.mapped("substitute_quantity"))
            production._replace_component(
                product,
                own / (own + replaced),
                [(peg.product_id, peg.quantity) for peg in pegs],
            )

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
            "date_finished": at_noon(max(self.due_date, self.feasible_date or self.due_date), tz),
            "date_deadline": at_noon(self.due_date, tz),
            "origin": self.order_names,
            "plan_line_id": self.id,
            "user_id": False,
        }
