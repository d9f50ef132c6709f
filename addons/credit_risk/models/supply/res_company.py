from odoo import fields, models

SUPPLY_KINDS = [("tentative", "Plan as Tentative"), ("none", "Don't Plan")]


class ResCompany(models.Model):
    _inherit = "res.company"

    credit_hold_supply = fields.Selection(
        SUPPLY_KINDS,
        "Goods of Orders on Hold",
        default="tentative",
        required=True,
        help="Nothing is procured or produced for an order that waits for credit. Tentative: its "
        "needs may show in a plan (where the plan includes them), not to be released. Don't "
        "plan: not even that. Products and their categories may say otherwise.",
    )

    def write(self, vals):
        """Another rule for orders on hold: they are planned anew."""
        result = super().write(vals)
        if "credit_hold_supply" in vals:
            self.env["suite.outlook"]._held_lines_changed([("company_id", "in", self.ids)])
        return result
