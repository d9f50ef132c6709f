from odoo import models
from odoo.exceptions import UserError

from ...tools.guarded import without


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def write(self, vals):
        """A locked delivery without an order doesn't change its customer to get out; its state
        follows its moves and isn't for a caller to write."""
        if "state" in vals and not self.env.su and self.move_ids._credit_handed_over():
            vals = without(vals, {"state"})
        if "partner_id" in vals and not self.env.su:
            self._credit_check_other_customer(vals["partner_id"])
        return super().write(vals)

    def _credit_check_other_customer(self, partner_id):
        """:raise UserError: a locked delivery would be charged to somebody else"""
        partner = self.env["res.partner"].sudo().browse(partner_id or [])
        for picking in self.filtered(lambda rec: not rec.sudo().sale_id and rec.partner_id):
            now = picking.sudo().partner_id.commercial_partner_id
            if now != partner.commercial_partner_id and picking.shipment_locked:
                raise UserError(
                    self.env._(
                        "%(picking)s is locked for the credit of %(customer)s and can't be "
                        "changed to another customer. Cancel it and make a new one.",
                        picking=picking.name,
                        customer=now.display_name,
                    )
                )

    def _credit_is_released(self):
        """A release is about whoever was to pay then; another payer needs his own."""
        holds = (self.credit_hold_ids | self.sale_id.credit_hold_ids).filtered(
            lambda hold: hold.state == "released"
        )
        if not holds or self.move_ids._credit_payers_of_goods() - holds.partner_id:
            return False
        return super()._credit_is_released()
