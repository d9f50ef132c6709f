from contextlib import contextmanager
from datetime import date

from odoo import models
from odoo.tools import SQL

from ...tools.recorder import LINES_KEPT, RECORDER, Recorder


class SupplyPlanner(models.Model):
    """Counts what runs did, for the log and the digests."""

    _inherit = "supply.planner"

    def _write(self, scope):
        changes = super()._write(scope)
        recorder = self.env.cr.cache.get(RECORDER)
        if recorder and changes.any:
            self._count(recorder, scope, changes)
        return changes

    def _count(self, recorder, scope, changes):
        """Counts by warehouse. Of several warehouses, updates that only move a possible day and
        messages that went away aren't told apart, so they aren't counted there."""
        recorder.days.update(
            {number: date.fromordinal(w.today) for number, w in scope.warehouses.items()}
        )
        several = len(scope.warehouses) > 1
        if not several:
            recorder.add(
                next(iter(scope.warehouses)),
                inserted=changes.inserted,
                updated=changes.updated,
                deleted=changes.deleted,
                messages=changes.messages,
            )
        self._count_lines(recorder, changes, several)
        if several:
            for warehouse in changes.gone_places:
                recorder.add(warehouse, deleted=1)
            self._count_messages(recorder, changes)

    def _count_lines(self, recorder, changes, several):
        """New and changed lines by warehouse: how many, how many late, the first of them."""
        if not changes.new_lines and not changes.changed_lines:
            return
        self.env.cr.execute(
            SQL(
                """
                SELECT l.warehouse_id, count(*) FILTER (WHERE t.new),
                       count(*) FILTER (WHERE NOT t.new),
                       count(*) FILTER (WHERE l.late_days > 0),
                       (array_agg(l.id ORDER BY l.id))[1:%(kept)s]
                  FROM (SELECT unnest(%(new)s::int[]) AS id, TRUE AS new
                         UNION ALL
                        SELECT unnest(%(changed)s::int[]), FALSE) t
                  JOIN supply_plan_line l ON l.id = t.id
                 GROUP BY l.warehouse_id ORDER BY l.warehouse_id
                """,
                new=changes.new_lines,
                changed=changes.changed_lines,
                kept=LINES_KEPT,
            )
        )
        for warehouse, new, changed, late, first in self.env.cr.fetchall():
            recorder.add_lines(warehouse, first)
            recorder.add(warehouse, late=late)
            if several:
                recorder.add(warehouse, inserted=new, updated=changed)

    def _count_messages(self, recorder, changes):
        if changes.new_messages:
            self.env.cr.execute(
                SQL(
                    "SELECT warehouse_id, count(*) FROM supply_message WHERE id = ANY(%s)"
                    " GROUP BY 1",
                    list(changes.new_messages),
                )
            )
            for warehouse, messages in self.env.cr.fetchall():
                recorder.add(warehouse, messages=messages)

    @contextmanager
    def _recording(self, kind, tell=()):
        """Count what is planned inside; at the end log it. Digests of the warehouses ``tell`` are
        made at once, others when they are due."""
        cache = self.env.cr.cache
        recorder = cache[RECORDER] = Recorder(self.env.cr, kind)
        try:
            yield recorder
        finally:
            cache.pop(RECORDER, None)
        self._note_days(recorder)
        if kind == "action":
            self.env["supply.run.part"]._add(recorder)
        else:
            runs = self.env["supply.run"].sudo()._log(recorder)
            at_once = self.env["stock.warehouse"].sudo().browse(tell)
            runs._tell(at_once, runs.warehouse_id - at_once)
        self.env["supply.message"]._post_notes(recorder.notes)

    def _note_days(self, recorder):
        """A part planned as of a later day than the rest can't be compared with it any more."""
        if recorder.kind != "night" and recorder.days:
            self.env.cr.execute_values(
                "UPDATE supply_planner p SET change_day = v.day FROM (VALUES %s) AS v (id, day)"
                " WHERE p.warehouse_id = v.id AND p.plan_day < v.day"
                " AND p.change_day IS DISTINCT FROM v.day",
                list(recorder.days.items()),
                template="(%s, %s::date)",
            )
            self.invalidate_model(["change_day"], flush=False)
