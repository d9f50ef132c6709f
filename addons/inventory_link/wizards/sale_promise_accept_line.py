from odoo import fields, models


class SalePromiseAcceptLine(models.TransientModel):
    """One line that comes later than told."""

    _name = "sale.promise.accept.line"
    _description = "Later Date"

    accept_id = fields.Many2one("sale.promise.accept", required=True, ondelete="cascade")
    # not readonly: the window sends back what it showed, and accepting compares that with today
    sale_line_id = fields.Many2one("sale.order.line", "Line", required=True)
    order_id = fields.Many2one(related="sale_line_id.order_id")
    product_id = fields.Many2one(related="sale_line_id.product_id")
    told_date = fields.Date("Told")
    new_date = fields.Date("Now")
    reason = fields.Char()
