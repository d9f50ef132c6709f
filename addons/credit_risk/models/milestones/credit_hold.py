from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditHold(models.Model):
    _inherit = "credit.hold"

    order_paid_amount = fields.Monetary(
        "Paid for the Order",
        compute="_compute_order_paid_amount",
        currency_field="order_currency_id",
        compute_sudo=True,
    )
    order_currency_id = fields.Many2one(
        "res.currency", compute="_compute_order_paid_amount", compute_sudo=True
    )

    @api.depends("sale_order_id.credit_paid_amount", "picking_id.sale_id.credit_paid_amount")
    def _compute_order_paid_amount(self):
        for hold in self:
            order = hold._paid_order()
            hold.order_currency_id = order.currency_id or hold.currency_id
            hold.order_paid_amount = order.credit_paid_amount

    def _paid_order(self):
        """The order whose payment would free the hold's document."""
        return self.sale_order_id or self.picking_id.sale_id

    def action_down_payment(self):
        """Make the down-payment invoice that sets the hold's order (or delivery) free.

        :raise UserError: as of ``sale.order.action_credit_down_payment``; a delivery without order
        """
        self.ensure_one()
        self.check_access("read")
        order = self._paid_order()
        if not order:
            raise UserError(
                self.env._(
                    "%(document)s comes from no order: invoice it instead.", document=self.name
                )
            )
        return order.action_credit_down_payment()
