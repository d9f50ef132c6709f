from odoo import models
from odoo.tools import SQL

from ..runs.supply_planner import IN_ACTION_LIMIT


class SupplyPlanner(models.Model):
    """Promises and reservations in a run."""

    _inherit = "supply.planner"

    def _closure_of(self, products):
        """These products with all below them, ``None`` when they are more than a user waits for."""
        closure = self.sudo()._components_below(sorted(products))
        return closure if len(closure) <= IN_ACTION_LIMIT else None

    def _reserved_needs(self, scope):
        companies = {warehouse.company for warehouse in scope.warehouses.values()}
        lines = self.env["sale.order.line"]._reserved_lines(companies)
        needs = lines._reserved_needs(set(scope.products), set(scope.warehouses)) if lines else []
        return super()._reserved_needs(scope) + needs

    def _promises_written(self, changes):
        """What was too large to be promised in the user's action is promised by its first plan."""
        super()._promises_written(changes)
        if not changes.sale_lines:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order_line l
                   SET promised_date = GREATEST(l.promise_date, timezone(
                           COALESCE(p.tz, 'UTC'), timezone('UTC', o.commitment_date))::date),
                       promise_claim_date = l.promise_date - COALESCE(c.security_lead, 0)::int
                  FROM sale_order o
                  JOIN res_company c ON c.id = o.company_id
                  JOIN res_partner p ON p.id = c.partner_id
                 WHERE o.id = l.order_id AND o.state = 'sale' AND l.id = ANY(%s)
                   AND l.promised_date IS NULL AND l.promised_none IS NOT TRUE
                   AND l.promise_date IS NOT NULL
                """,
                sorted(changes.sale_lines),
            )
        )
        if self.env.cr.rowcount:
            self.env["sale.order.line"].invalidate_model(
                ["promised_date", "promise_claim_date"], flush=False
            )
