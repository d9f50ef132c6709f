from odoo import models
from odoo.tools import SQL

from ..engine import productions, reads, recipes, subcontracts


class SupplyPlanner(models.Model):
    _inherit = "supply.planner"

    def _components_below(self, product_ids):
        return reads.components_below(self.env.cr, super()._components_below(product_ids))

    def _load_recipes(self, scope):
        super()._load_recipes(scope)
        recipes.load(scope)

    def _move_columns(self):
        return super()._move_columns() | {
            "raw": SQL("m.raw_material_production_id"),
            "finished": SQL("m.production_id"),
            "picked_for": reads.PICKED_FOR,
            "before": reads.BEFORE_PRODUCTION,
            "resupply": subcontracts.RESUPPLIED_LINE,
            "bill_line": SQL("m.bom_line_id"),
        }

    def _load_productions(self, scope, productions_, full):
        super()._load_productions(scope, productions_, full)
        productions.load(scope, productions_, full)
        subcontracts.load(scope)

    def _plan_lines_of(self, documents):
        productions = self.env["mrp.production"].browse(
            sorted(ref for kind, ref in documents if kind == "production")
        )
        return super()._plan_lines_of(documents) | {
            ("production", production.id): production.plan_line_id for production in productions
        }

    def _line_columns(self):
        return super()._line_columns() | {"bom_id": "int4"}

    def _peg_columns(self):
        return super()._peg_columns() | {
            "production_id": "int4",
            "supply_production_id": "int4",
        }

    def _message_columns(self):
        return super()._message_columns() | {"production_id": "int4"}

    def _message_identity(self):
        return (*super()._message_identity(), "production_id")
