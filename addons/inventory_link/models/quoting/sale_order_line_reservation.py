from odoo import models


class SaleOrderLine(models.Model):
    """What happens to a reservation when its line changes."""

    _inherit = "sale.order.line"

    def write(self, vals):
        """More than was reserved isn't reserved; less reserves less, another product nothing."""
        changed = {"product_id", "product_uom_id", "product_uom_qty"} & vals.keys()
        reserved = self.sudo().filtered("reserved_quantity") if changed else self.browse().sudo()
        before = {line: (line.product_id, line.product_uom_id) for line in reserved}
        reserved._plan_reservations()
        result = super().write(vals)
        for line, (product, unit) in before.items():
            line._follow_reservation(product, unit)
        reserved._plan_reservations()
        return result

    def unlink(self):
        """The plan may give away again what was reserved."""
        self.sudo()._plan_reservations()
        return super().unlink()

    def _follow_reservation(self, product, unit):
        """Keep what is reserved within the line, in its unit."""
        if self.product_id != product:
            self.write({"reserved_quantity": 0.0, "reserved_on": False, "reserved_until": False})
            return
        kept = unit._compute_quantity(self.reserved_quantity, self.product_uom_id)
        kept = min(kept, max(self.product_uom_qty, 0.0))
        if kept != self.reserved_quantity:
            self.reserved_quantity = kept

    def _plan_reservations(self):
        """Plan anew, soon, what these lines reserve."""
        lines = self.filtered("reserved_quantity")
        self.env["supply.change"]._enqueue(lines._outlook_products(), reason="reservation")
