from odoo import fields, models


class SupplyPlanApproveLine(models.TransientModel):
    """One plan line that needs a look, and why."""

    _name = "supply.plan.approve.line"
    _description = "Plan Line to Look At"

    wizard_id = fields.Many2one("supply.plan.approve", required=True, ondelete="cascade")
    line_id = fields.Many2one(
        "supply.plan.line", "Plan Line", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(related="line_id.product_id")
    quantity = fields.Float(related="line_id.quantity")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id")
    vendor_id = fields.Many2one(related="line_id.vendor_id")
    amount = fields.Monetary(related="line_id.amount_company", currency_field="currency_id")
    currency_id = fields.Many2one(related="line_id.company_currency_id")
    reason = fields.Text(readonly=True)
    blocked = fields.Boolean(readonly=True)
    chosen = fields.Boolean("Approve")
