from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _promise_components(self):
        """Kits are delivered as their components."""
        result = super()._promise_components()
        for company, lines in self.grouped("company_id").items():
            kits = self.env["mrp.bom"]._bom_find(
                lines.product_id, company_id=company.id, bom_type="phantom"
            )
            for line in lines:
                kit = kits.get(line.product_id)
                if kit:
                    result[line.id] = line._kit_components(kit)
        return result

    def _kit_components(self, kit):
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, kit.product_uom_id, round=False
        )
        _boms, parts = kit.explode(
            self.product_id,
            quantity / kit.product_qty,
            never_attribute_values=self.product_no_variant_attribute_value_ids,
        )
        return [
            (
                part.product_id,
                part.product_uom_id._compute_quantity(data["qty"], part.product_id.uom_id),
            )
            for part, data in parts
            if part.product_id.type == "consu"
        ]
