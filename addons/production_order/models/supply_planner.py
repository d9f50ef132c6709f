from odoo import models
from odoo.tools import SQL

from ..engine import productions, reads, recipes


class SupplyPlanner(models.Model):
    _inherit = "supply.planner"

    def _components_below(self, product_ids):
        return reads.components_below(self.env.cr, super()._components_below(product_ids))

    def _load_recipes(self, scope):
        super()._load_recipes(scope)
        recipes.load(scope)

    def _production_columns(self):
        return SQL("m.raw_material_production_id"), SQL("m.production_id")

    def _load_productions(self, scope, moves, full):
        super()._load_productions(scope, moves, full)
        productions.load(scope, moves, full)

    def _line_casts(self):
        return super()._line_casts() | {"bom_id": "int4"}

    def _peg_key_casts(self):
        return super()._peg_key_casts() | {
            "production_id": "int4",
            "supply_production_id": "int4",
        }

    def _message_casts(self):
        return super()._message_casts() | {"production_id": "int4"}

    def _message_identity(self):
        return (*super()._message_identity(), "production_id")
