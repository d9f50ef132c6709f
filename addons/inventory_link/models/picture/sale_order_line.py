from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    supply_pegged = fields.Boolean(
        "Has Pegs",
        compute="_compute_supply_pegged",
        compute_sudo=True,
        help="The plan covers something of it: there is a peg picture.",
    )

    @api.depends("supply_peg_ids")
    def _compute_supply_pegged(self):
        groups = self.env["supply.peg"]._read_group(
            [("sale_line_id", "in", self.ids)], ["sale_line_id"]
        )
        pegged = {line.id for (line,) in groups}
        for line in self:
            line.supply_pegged = line.id in pegged

    def action_open_picture(self):
        """Open the peg picture of the line: what supplies it."""
        return self.env["supply.peg"]._picture_action(self, "down")
