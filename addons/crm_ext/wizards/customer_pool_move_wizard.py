from odoo import fields, models

from ..models.customer_pool import POOLS


class CustomerPoolMoveWizard(models.TransientModel):
    """Asks for pool and reason; the move itself is ``res.partner.action_move_pool``."""

    _name = "customer.pool.move.wizard"
    _description = "Move Customers to a Pool"

    partner_ids = fields.Many2many("res.partner", string="Customers", required=True)
    to_pool = fields.Selection(POOLS, required=True)
    reason = fields.Char(required=True)

    def action_move(self):
        """Move the chosen customers as the current user."""
        self.ensure_one()
        self.partner_ids.action_move_pool(self.to_pool, self.reason)
        return {"type": "ir.actions.act_window_close"}
