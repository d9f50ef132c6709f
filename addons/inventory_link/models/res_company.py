from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_planning = fields.Boolean(
        "Supply Planning",
        help="Plan what to buy and make for confirmed orders. Off: Odoo's own rules do everything.",
    )
    supply_dampener_days = fields.Integer(
        "Tolerance for Early Documents",
        default=3,
        help="A purchase or production order that comes this many days before it is needed isn't"
        " reported.",
    )

    _supply_dampener_positive = models.Constraint(
        "CHECK (supply_dampener_days >= 0)", "The tolerance can't be negative."
    )

    def _make_to_order_routes(self):
        """Routes that order for each need out of the stock of a warehouse of these companies."""
        warehouses = self.env["stock.warehouse"].search([("company_id", "in", self.ids)])
        rules = self.env["stock.rule"].search(
            [
                ("action", "in", ("pull", "pull_push")),
                ("procure_method", "in", ("make_to_order", "mts_else_mto")),
                ("location_src_id", "child_of", warehouses.lot_stock_id.ids),
            ]
        )
        return rules.route_id
