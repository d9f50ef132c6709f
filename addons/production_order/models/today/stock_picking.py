from odoo import models
from odoo.tools import SQL


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _today_purposes(self):
        """Also the productions that take what is received as it comes."""
        purposes = super()._today_purposes()
        for number, names in self._today_waiting_productions().items():
            purposes[number] = [*names, *purposes.get(number, ())]
        return purposes

    def _today_waiting_productions(self):
        """``{id: [text]}``, in one query."""
        self.env["supply.peg"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT m.picking_id, p.name
                  FROM stock_move m
                  JOIN supply_peg g ON g.supply_move_id = m.id
                       OR g.supply_purchase_line_id = m.purchase_line_id
                  JOIN mrp_production p ON p.id = g.production_id
                 WHERE m.picking_id = ANY(%s)
                 ORDER BY 1, 2
                """,
                self.ids,
            )
        )
        found = {}
        for number, name in self.env.cr.fetchall():
            text = self.env._("Production %(name)s", name=name)
            found.setdefault(number, []).append(text)
        return found
