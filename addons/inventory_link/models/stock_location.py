from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    supply_excluded = fields.Boolean(
        "Not for Planning",
        help="Goods here, and in all locations below, can't be promised: quarantine, complaints,"
        " scrap. The plan leaves them out.",
    )
