from odoo import api, models


class SupplyChangeMixin(models.AbstractModel):
    """Master data that the plan reads: making, changing or deleting it plans its products anew."""

    _name = "supply.change.mixin"
    _description = "Data of the Plan"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._tell_plan()
        return records

    def write(self, vals):
        """What it was about and what it is about now."""
        self._tell_plan()
        result = super().write(vals)
        self._tell_plan()
        return result

    def unlink(self):
        self._tell_plan()
        return super().unlink()

    def _tell_plan(self):
        products = self.sudo()._planned_by_this()
        self.env["supply.change"]._enqueue(products, reason=self._table)

    def _planned_by_this(self):
        """Products whose plan this data may change."""
        return self.env["product.product"]
