from contextlib import contextmanager
from datetime import date

from odoo import models
from odoo.tools import SQL

from .recorder import RECORDER, Recorder


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
        for number, warehouse in scope.warehouses.items():
            recorder.days[number] = date.fromordinal(warehouse.today)
        kept = {row["id"]: row["warehouse_id"] for row in scope.lines}
        if len(scope.warehouses) == 1:
            recorder.add(
                next(iter(scope.warehouses)),
                inserted=changes.inserted,
                updated=changes.updated,
                deleted=changes.deleted,
                messages=changes.messages,
            )
        self._count_lines(recorder, scope, changes, kept)

    def _count_lines(self, recorder, scope, changes, kept):
        several = len(scope.warehouses) > 1
        new, changed = changes.new_lines, changes.changed_lines
        gone = set(kept) if several and changes.deleted else set()
        ids = [*new, *changed]
        if ids or gone:
            self.env.cr.execute(
                SQL(
                    "SELECT id, warehouse_id, late_days > 0 FROM supply_plan_line"
                    " WHERE id = ANY(%s) ORDER BY id",
                    [*ids, *gone],
                )
            )
            fresh, touched = set(new), set(ids)
            for number, warehouse, late in self.env.cr.fetchall():
                gone.discard(number)
                if number not in touched:
                    continue
                recorder.add_lines(warehouse, [number])
                recorder.add(warehouse, late=int(bool(late)))
                if several:
                    recorder.add(warehouse, **{"inserted" if number in fresh else "updated": 1})
        for number in gone:
            recorder.add(kept[number], deleted=1)
        if several and changes.new_messages:
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
