from odoo import api, fields, models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    supply_digest_user_ids = fields.Many2many(
        "res.users",
        "stock_warehouse_supply_digest_rel",
        string="Plan Digests To",
        domain=[("share", "=", False)],
        help="Who is told what planning changed for this warehouse. Empty: the company's planners.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Products with safety stock need it in the new warehouse, too."""
        warehouses = super().create(vals_list)
        warehouses._enqueue_supply()
        return warehouses

    def write(self, vals):
        """An archived warehouse leaves the plan at once."""
        result = super().write(vals)
        if "active" in vals and not vals["active"]:
            self.env["supply.planner"].sudo()._clear_unplanned(warehouses=self)
        if {"active", "lot_stock_id", "company_id"} & vals.keys():
            self._enqueue_supply()
        return result

    def _enqueue_supply(self):
        planning = self.sudo().company_id.filtered("supply_planning")
        self.env["supply.change"]._enqueue_all(planning, reason="warehouse")
