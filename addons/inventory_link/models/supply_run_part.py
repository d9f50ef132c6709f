from odoo import fields, models
from odoo.tools import SQL

from ..tools.recorder import COUNTS


class SupplyRunPart(models.Model):
    """Counts of one net change inside somebody's action, until the next digest sums them up.

    Only inserted and deleted: people who confirm orders at the same time never share a row.
    """

    _name = "supply.run.part"
    _description = "Part of a Planning Run"
    _rec_name = "warehouse_id"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    inserted = fields.Integer(readonly=True)
    updated = fields.Integer(readonly=True)
    deleted = fields.Integer(readonly=True)
    messages = fields.Integer(readonly=True)
    late = fields.Integer(readonly=True)
    seconds = fields.Float(readonly=True)
    statements = fields.Integer(readonly=True)

    def _add(self, recorder):
        rows = [
            (warehouse, *(counts[name] for name in COUNTS), recorder.seconds, recorder.statements)
            for warehouse, counts in recorder.told().items()
        ]
        if rows:
            self.env.cr.execute_values(
                "INSERT INTO supply_run_part (warehouse_id, inserted, updated, deleted, messages,"
                " late, seconds, statements, create_date) SELECT v.*, now() AT TIME ZONE 'UTC'"
                " FROM (VALUES %s) AS v",
                rows,
            )

    def _take(self, warehouse):
        """Sums of what was counted for a warehouse, which is forgotten then; ``None``: nothing."""
        self.env.cr.execute(
            SQL(
                """
                WITH taken AS (
                    DELETE FROM supply_run_part WHERE warehouse_id = %s RETURNING *
                )
                SELECT sum(inserted) AS inserted, sum(updated) AS updated,
                       sum(deleted) AS deleted, sum(messages) AS messages, sum(late) AS late,
                       round(sum(seconds)::numeric, 3)::float AS seconds,
                       sum(statements) AS statements
                  FROM taken HAVING count(*) > 0
                """,
                warehouse.id,
            )
        )
        return self.env.cr.dictfetchone()
