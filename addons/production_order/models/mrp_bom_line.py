from odoo import api, models


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.bom_id._enqueue_supply()
        return lines

    def write(self, vals):
        self.bom_id._enqueue_supply()
        result = super().write(vals)
        self.bom_id._enqueue_supply()
        return result

    def unlink(self):
        """Told before: the component that goes out is still in the bill."""
        self.bom_id._enqueue_supply()
        return super().unlink()
