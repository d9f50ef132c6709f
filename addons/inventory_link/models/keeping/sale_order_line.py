from odoo import fields, models

KEPT_FIELDS = {"slip_told", "late_driver"}


class SaleOrderLine(models.Model):
    """What is known of a line whose promise isn't kept."""

    _inherit = "sale.order.line"

    slip_told = fields.Char(
        readonly=True, copy=False, index="btree_not_null", help="What its owner was told last."
    )
    late_driver = fields.Json(
        readonly=True,
        copy=False,
        help="What last made the line later than promised; kept when the goods have come.",
    )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in KEPT_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _named_driver(self):
        """The reason of lateness, with the purchase order in place of its line."""
        data = self.late_driver
        if data and data[0] == "purchase" and data[2]:
            order = self.env["purchase.order.line"].sudo().browse(data[2]).exists().order_id
            return [*data[:2], order.id, *data[3:]]
        return data
