from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # few promises are later by capacity: they are found without reading all lines of a company
    _capacity_promise_idx = models.Index("(company_id) WHERE promise_data ->> 0 = 'capacity'")
