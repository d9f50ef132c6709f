from odoo import api, models

from odoo.addons.inventory_link.tools.fields import PlainMany2one


class SupplyPeg(models.Model):
    _inherit = "supply.peg"

    production_id = PlainMany2one(
        "mrp.production",
        "Component of Production",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    supply_production_id = PlainMany2one(
        "mrp.production",
        "Production Order",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )

    @api.model
    def _chain_columns(self):
        return [*super()._chain_columns(), ("production_id", "supply_production_id")]

    def _demand_owners(self):
        return super()._demand_owners() | self.production_id.product_id
