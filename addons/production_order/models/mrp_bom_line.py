from odoo import api, fields, models


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    supply_scrap_percent = fields.Float(
        "Scrap (%)",
        help="Share of the component that is lost in production. The plan brings more by it; the"
        " company chooses how it is added.",
    )

    _supply_scrap_range = models.Constraint(
        "CHECK (COALESCE(supply_scrap_percent, 0) BETWEEN 0 AND 90)",
        "Scrap is from 0 to 90 percent.",
    )

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
