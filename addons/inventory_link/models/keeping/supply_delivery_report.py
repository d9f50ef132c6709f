from odoo import fields, models

from ...engine import deliveries
from .supply_delivery import CAUSES


class SupplyDeliveryReport(models.Model):
    """On-time delivery: one row an order line that was due, see
    :func:`~odoo.addons.inventory_link.engine.deliveries.report_query`."""

    _name = "supply.delivery.report"
    _description = "On-Time Delivery"
    _auto = False
    _order = "promised_date desc, id desc"
    _rec_name = "sale_line_id"

    sale_line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    sale_order_id = fields.Many2one("sale.order", "Order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    product_id = fields.Many2one("product.product", "Product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    salesperson_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    promised_date = fields.Date("Promised", readonly=True)
    done_date = fields.Date("Delivered", readonly=True, help="The last part of the line.")
    days_late = fields.Integer(readonly=True, aggregator="avg")
    state = fields.Selection(
        [
            ("on_time", "On Time"),
            ("late", "Delivered Late"),
            ("open", "Overdue, Not Delivered"),
        ],
        "Result",
        readonly=True,
    )
    cause = fields.Selection(CAUSES, readonly=True)
    lines = fields.Integer("Lines Due", readonly=True)
    late_lines = fields.Integer(readonly=True)
    on_time_rate = fields.Float("On Time (%)", readonly=True, aggregator="avg", digits=(16, 1))

    @property
    def _table_query(self):
        return deliveries.report_query()
