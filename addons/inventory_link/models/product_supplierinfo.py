from odoo import fields, models


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    supply_landed_percent = fields.Float(
        "Freight and Duty (%)",
        help="Added to the price when the plan compares vendors.",
    )

    _supply_landed_positive = models.Constraint(
        "CHECK (COALESCE(supply_landed_percent, 0) >= 0)",
        "Freight and duty can't be negative.",
    )
