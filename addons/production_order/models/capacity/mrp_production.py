from odoo import models


class MrpProduction(models.Model):
    _name = "mrp.production"
    _inherit = ["mrp.production", "supply.capacity.mixin"]
    _capacity_link = "production_id"
