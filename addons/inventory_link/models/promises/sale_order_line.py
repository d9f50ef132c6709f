from odoo import fields, models


class SaleOrderLine(models.Model):
    """What was promised to the customer, beside what the plan says today."""

    _inherit = "sale.order.line"

    promise_told_date = fields.Date(
        "Told to the Customer",
        readonly=True,
        copy=False,
        help="The day that the customer was last told: with the quotation, on the customer's page,"
        " or by the reservation. A later one has to be accepted before the order is confirmed.",
    )
    promised_date = fields.Date(
        "Promised Date",
        readonly=True,
        copy=False,
        help="The promise when the order was confirmed. On-time delivery is measured against it,"
        " and the plan keeps it against orders that come later.",
    )
    reserved_quantity = fields.Float(
        "Reserved Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the plan keeps for this quotation until then, in the line's unit.",
    )
    reserved_until = fields.Datetime("Reserved Until", readonly=True, copy=False)
    reserved_on = fields.Datetime("Reserved On", readonly=True, copy=False)
