from odoo import models

from ...engine import preview

#: Runs until nothing above moves any more: as many as a bill of materials has levels.
MOST_LEVELS = 20
#: So many products above are loaded at once; more are looked at level by level, as they move.
MOST_ABOVE = 150


class SupplyPlanner(models.Model):
    _inherit = "supply.planner"

    def _preview_solve(self, places, rows):
        """Net with changed plan lines until nothing above moves any more.

        :param dict rows: ``{plan line id: row as it would be}``
        """
        wanted = {row["product_id"] for row in rows.values()}
        above = self._preview_above(list(rows))
        if len(above) <= MOST_ABOVE:
            wanted |= above
        for _level in range(MOST_LEVELS):
            scope = self._solve(
                places,
                sorted(wanted),
                stored=False,
                change=lambda scope: preview.put_edits(scope, rows),
            )
            moved = scope.moved_owners() - wanted if scope is not None else ()
            if not moved:
                return scope
            wanted |= moved
        return scope

    def _preview_above(self, line_ids):
        """Products that wait for these plan lines, through all levels; one query."""
        chain = self.env["supply.peg"]._chain_columns()
        links = " OR ".join(f"g.{supply} = up.{demand}" for demand, supply in chain)
        demands = ", ".join(f"g.{demand}" for demand, _supply in chain)
        self.env.cr.execute(
            f"""
            WITH RECURSIVE up AS (
                SELECT g.id, g.product_id, {demands}
                  FROM supply_peg g WHERE g.supply_plan_line_id = ANY(%s)
                 UNION
                SELECT g.id, g.product_id, {demands} FROM supply_peg g JOIN up ON {links}
            )
            SELECT DISTINCT product_id FROM up LIMIT %s
            """,  # noqa: S608 - column names of this model, never input
            [line_ids, MOST_ABOVE + 1],
        )
        return {row[0] for row in self.env.cr.fetchall()}
