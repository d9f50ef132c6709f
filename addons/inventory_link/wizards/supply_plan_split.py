from odoo import api, fields, models


class SupplyPlanSplit(models.TransientModel):
    """Asks how much of a plan line stays on it."""

    _name = "supply.plan.split"
    _description = "Split a Plan Line"

    line_id = fields.Many2one("supply.plan.line", "Plan Line", required=True)
    total = fields.Float("Planned", digits="Product Unit", related="line_id.quantity")
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="line_id.product_uom_id")
    quantity = fields.Float("Keep on This Line", digits="Product Unit", required=True)
    rest = fields.Float("On a New Line", digits="Product Unit", compute="_compute_rest")

    @api.depends("quantity", "line_id")
    def _compute_rest(self):
        for wizard in self:
            wizard.rest = wizard.total - wizard.quantity

    def action_split(self):
        """Split the line at this quantity."""
        self.ensure_one()
        self.line_id.action_split(self.quantity)
        return {"type": "ir.actions.act_window_close"}
