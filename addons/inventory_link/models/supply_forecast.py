from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date


class SupplyForecast(models.Model):
    """What is expected to be sold in a time, orders included: orders of customers use it up.

    What is left is planned as a need of the first day of its time. When the time is over, the
    rest lapses.
    """

    _name = "supply.forecast"
    _inherit = ["supply.change.mixin"]
    _description = "Sales Forecast for Planning"
    _order = "date_from, product_id, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        required=True,
        ondelete="cascade",
        default=lambda self: self._default_warehouse(),
    )
    company_id = fields.Many2one(
        "res.company", related="warehouse_id.company_id", store=True, index=True
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    date_from = fields.Date("First Day", required=True)
    date_to = fields.Date("Last Day", required=True)
    active = fields.Boolean(default=True)

    _quantity_positive = models.Constraint("CHECK (quantity >= 0)", "A forecast can't be negative.")
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day can't be before the first one."
    )

    @api.constrains("product_id", "warehouse_id", "date_from", "date_to", "active")
    def _check_one_at_a_time(self):
        """Orders use up a forecast once: two for the same days would count them twice."""
        for forecast in self.filtered("active"):
            other = self.search(
                [
                    ("id", "!=", forecast.id),
                    ("product_id", "=", forecast.product_id.id),
                    ("warehouse_id", "=", forecast.warehouse_id.id),
                    ("date_from", "<=", forecast.date_to),
                    ("date_to", ">=", forecast.date_from),
                ],
                limit=1,
            )
            if other:
                raise ValidationError(
                    self.env._(
                        "%(product)s has a forecast from %(start)s to %(end)s already. Change that"
                        " one, or choose days outside of it.",
                        product=forecast.product_id.display_name,
                        start=format_date(self.env, other.date_from),
                        end=format_date(self.env, other.date_to),
                    )
                )

    @api.model
    def _default_warehouse(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    def _planned_by_this(self):
        return self.product_id
