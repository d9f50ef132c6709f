from odoo import api, fields, models
from odoo.tools import SQL


class SupplyShortage(models.Model):
    """Shortages of components of open productions, and what productions make too late."""

    _inherit = "supply.shortage"

    production_id = fields.Many2one("mrp.production", "Component of Production", readonly=True)
    supply_production_id = fields.Many2one("mrp.production", "Production Order", readonly=True)

    @api.model
    def _all_groups(self):
        return (*super()._all_groups(), "mrp.group_mrp_user")

    @api.model
    def _message_columns(self):
        return [*super()._message_columns(), ("production_id", "supply_production_id")]

    @api.model
    def _todo_cases(self):
        made = SQL("WHEN g.supply = 'production' THEN 'production'")
        first, *others = super()._todo_cases()
        return [first, made, *others]

    def _todo_record(self):
        if self.todo == "production":
            return self.supply_production_id
        return super()._todo_record()

    def _need_text(self):
        production = self.production_id
        if not production:
            return super()._need_text()
        return self.env._(
            "%(production)s of %(product)s",
            production=production.name,
            product=production.product_id.name,
        )
