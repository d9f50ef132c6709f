from odoo import api, models

FACT_FIELDS = {"state", "partner_id", "validity_date", "order_line", "company_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        self.env["customer.pool"]._note(orders.partner_id)
        return orders

    def write(self, vals):
        """Sending, confirming, cancelling and re-opening all write the state: pool events."""
        if FACT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        partners = self.partner_id
        result = super().write(vals)
        self.env["customer.pool"]._note(partners | self.partner_id)
        return result
