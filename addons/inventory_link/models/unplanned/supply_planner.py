from odoo import models
from odoo.tools import SQL

from ...engine import writer
from ...tools.recorder import RECORDER


class SupplyPlanner(models.Model):
    """Takes out of the plan what isn't planned any more."""

    _inherit = "supply.planner"

    def _clear_unplanned(self, products=None, warehouses=None):
        """Take proposals, pegs and messages of what is no longer planned out of the plan: products
        by other rules or archived, warehouses archived, companies that stopped planning.

        :return: number of plan lines deleted
        """
        self.env.flush_all()
        where = self._unplanned_where(products, warehouses)
        cr = self.env.cr
        cr.execute(
            SQL("DELETE FROM supply_peg x WHERE %s RETURNING sale_line_id, warehouse_id", where)
        )
        pegs = cr.fetchall()
        cr.execute(
            SQL(
                "DELETE FROM supply_message x WHERE state IN ('open', 'dismissed')"
                " AND (kind NOT IN ('minimum', 'problem') OR NOT EXISTS ("
                " SELECT 1 FROM stock_warehouse w JOIN res_company c ON c.id = w.company_id"
                " WHERE w.id = x.warehouse_id AND w.active AND c.supply_planning)) AND %s"
                " RETURNING warehouse_id",
                where,
            )
        )
        messages = cr.fetchall()
        cr.execute(
            SQL(
                "DELETE FROM supply_plan_line x"
                " WHERE state IN ('proposed', 'approved', 'rejected') AND %s"
                " RETURNING warehouse_id",
                where,
            )
        )
        lines = [number for (number,) in cr.fetchall()]
        if pegs or messages or lines:
            touched = {wid for _line, wid in pegs} | {wid for (wid,) in messages} | set(lines)
            writer.bump(cr, touched)
            self._clear_promises([line for line, _wid in pegs if line])
            self._forget()
            recorder = cr.cache.get(RECORDER)
            for number in lines if recorder else ():
                recorder.add(number, deleted=1)
        return len(lines)

    def _unplanned_where(self, products, warehouses):
        return SQL(
            """
            (%(all_products)s OR x.product_id = ANY(%(products)s))
            AND (%(all_warehouses)s OR x.warehouse_id = ANY(%(warehouses)s))
            AND NOT EXISTS (
                SELECT 1
                  FROM product_product p
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN stock_warehouse w ON w.id = x.warehouse_id
                  JOIN res_company c ON c.id = w.company_id
                 WHERE p.id = x.product_id AND p.active AND t.supply_mode = 'planned'
                   AND t.is_storable AND w.active AND c.supply_planning
                   AND (t.company_id IS NULL OR t.company_id = c.id))
            """,
            all_products=products is None,
            products=products.ids if products is not None else [],
            all_warehouses=warehouses is None,
            warehouses=warehouses.ids if warehouses is not None else [],
        )

    def _clear_promises(self, sale_lines):
        """Order lines without any peg have no promise from the plan."""
        if sale_lines:
            self.env.cr.execute(
                SQL(
                    "UPDATE sale_order_line s SET promise_date = NULL, promise_late_days = NULL,"
                    " promise_data = NULL WHERE s.id = ANY(%s) AND NOT EXISTS"
                    " (SELECT 1 FROM supply_peg g WHERE g.sale_line_id = s.id)",
                    sorted(set(sale_lines)),
                )
            )
