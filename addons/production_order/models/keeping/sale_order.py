from odoo import models

from ...engine import risk_productions


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _judge_supplies(self, risks, as_of):
        """Productions that the orders wait for: behind, waiting, asked to end earlier, and how
        productions of the same products ended before."""
        rows = super()._judge_supplies(risks, as_of)
        mine = [row for row in rows if row[1] in ("production", "plan_line")]
        if mine:
            risk_productions.judge(self.env.cr, risks, mine, self.sudo().company_id.ids, as_of)
        return rows
