from odoo import models

from ...engine import preview

#: Runs until nothing above moves any more: as many as a bill of materials has levels.
MOST_LEVELS = 20


class SupplyPlanner(models.Model):
    _inherit = "supply.planner"

    def _preview_solve(self, places, wanted, rows):
        """Net with changed lines until nothing above moves; ``wanted`` grows by what does."""
        for _level in range(MOST_LEVELS):
            scope = self._solve(
                places, sorted(wanted), extra=lambda scope: preview.put_edits(scope, rows)
            )
            above = scope.moved_owners() - wanted if scope is not None else ()
            if not above:
                return scope
            wanted |= above
        return scope
