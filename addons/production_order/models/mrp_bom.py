from odoo import fields, models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    supply_loss_percent = fields.Float(
        "Expected Loss (%)",
        help="Share of the made units that can't be used. The plan starts more by it; the company"
        " chooses how it is added.",
    )

    _supply_loss_range = models.Constraint(
        "CHECK (COALESCE(supply_loss_percent, 0) BETWEEN 0 AND 90)",
        "An expected loss is from 0 to 90 percent.",
    )
