from odoo import models


class PurchaseRequisitionLine(models.Model):
    _name = "purchase.requisition.line"
    _inherit = ["purchase.requisition.line", "supply.change.mixin"]

    def _planned_by_this(self):
        return self.product_id
