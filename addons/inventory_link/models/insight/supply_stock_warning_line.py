from odoo import fields, models

from .supply_slow_stock import VALUE_GROUPS


class SupplyStockWarningLine(models.Model):
    _name = "supply.stock.warning.line"
    _description = "Dead Product"
    _order = "id"  # made by falling value, which not everybody may read
    _rec_name = "product_id"

    warning_id = fields.Many2one(
        "supply.stock.warning", required=True, readonly=True, ondelete="cascade", index=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", related="warehouse_id.company_id")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    idle_since = fields.Date("Resting Since", required=True, readonly=True)
    quantity = fields.Float("On Hand", digits="Product Unit", readonly=True)
    currency_id = fields.Many2one("res.currency", related="company_id.currency_id")
    value = fields.Monetary(readonly=True, groups=VALUE_GROUPS)

    _once_uniq = models.UniqueIndex(
        "(warehouse_id, product_id, idle_since)", "This product was told already."
    )
