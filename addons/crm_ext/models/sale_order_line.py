from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _compute_qty_delivered(self):
        """A delivery is a pool event; the customer is noted only, looked at when committing.

        Deliveries reach the order through this field whichever module makes them, and without
        needing the stock module here.
        """
        super()._compute_qty_delivered()
        delivered = self.filtered(lambda line: line.state == "sale" and line.qty_delivered)
        if delivered:
            self.env["customer.pool"]._note(delivered.order_id.partner_id)
