from odoo import api, models
from odoo.exceptions import UserError

from ...tools.guarded import without

# Computed by Odoo from the move and the quantity, and stored: a caller could write them.
KEPT_BY_SYSTEM = {"state", "quantity_product_uom"}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """What is picked for one customer isn't handed to another's delivery; docs/flow.md."""
        if self.env.su:
            return super().write(vals)
        vals = without(vals, KEPT_BY_SYSTEM)
        if not {"move_id", "picking_id"} & vals.keys():
            return super().write(vals)
        payers = {line: line.move_id._credit_payers_of_goods() for line in self}
        result = super().write(vals)
        for line, payer in payers.items():
            now = line.move_id._credit_payers_of_goods()
            if payer and now and payer != now:
                raise UserError(
                    self.env._(
                        "%(product)s is picked for %(customer)s and can't be moved to the "
                        "delivery of another customer.",
                        product=line.product_id.display_name,
                        customer=payer.display_name,
                    )
                )
        return result
