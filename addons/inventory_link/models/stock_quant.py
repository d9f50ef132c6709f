from odoo import api, models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        quants._enqueue_supply()
        return quants

    def write(self, vals):
        """Only what changes stock: reservations don't matter to the plan."""
        moved = "location_id" in vals
        result = super().write(vals)
        if moved or "quantity" in vals:
            self._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_supply()
        return super().unlink()

    def _enqueue_supply(self):
        """Stock of these products has changed."""
        quants = self.sudo().filtered(
            lambda quant: (
                quant.company_id.supply_planning
                and quant.location_id.usage == "internal"
                and quant.product_id.supply_mode == "planned"
            )
        )
        self.env["supply.change"]._enqueue(quants.product_id, reason="stock")
