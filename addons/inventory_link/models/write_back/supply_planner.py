from odoo import models

from ...engine import (
    reads_needs,
    reads_plan,
    rows_lines,
    rows_messages,
    rows_pegs,
    texts,
    writer,
)


class SupplyPlanner(models.Model):
    """Writes what a run found: only differences, in a few bulk statements."""

    _inherit = "supply.planner"

    def _write(self, scope):
        cr = self.env.cr
        changes = writer.Changes(cr, scope.warehouse_ids)
        columns = self._peg_columns()
        self._write_lines(scope, changes)
        wanted = rows_pegs.peg_texts(scope, columns)
        stored = reads_plan.pegs(
            cr, scope.stored_products, scope.warehouse_ids, texts.canonical(columns)
        )
        gone, new = writer.compare_pegs(stored, wanted)
        del stored, wanted
        sale_lines = set(scope.sale_lines)
        if gone:
            sale_lines |= reads_plan.pegged_sale_lines(cr, gone)
        writer.write_pegs(cr, columns, gone, new, changes)
        self._write_messages(scope, changes)
        changes.sale_lines = sale_lines
        if changes.any and sale_lines:
            promised = reads_plan.sale_line_dates(cr, sale_lines)
            writer.write_promises(cr, list(rows_pegs.promise_rows(promised)))
        return changes

    def _write_messages(self, scope, changes):
        cr, columns = self.env.cr, self._message_columns()
        window = {
            company.id: company.supply_window_days or 0
            for company in self.env["res.company"].browse(
                {warehouse.company for warehouse in scope.warehouses.values()}
            )
        }
        asked = [
            *rows_messages.document_messages(scope, columns),
            *rows_messages.problem_messages(scope, columns),
            *rows_messages.minimum_messages(
                reads_needs.minimum_orders(cr, scope.warehouse_ids), window, columns
            ),
        ]
        stored = reads_plan.messages(cr, scope.stored_products, scope.warehouse_ids, list(columns))
        writer.write_messages(
            cr, self.env.uid, columns, self._message_identity(), stored, asked, changes
        )

    def _write_lines(self, scope, changes):
        columns = self._line_columns()
        render = rows_lines.LineWriter(scope, columns).text
        proposals = {}
        for row in scope.lines:
            if row[rows_lines.ID] not in scope.kept:
                group = proposals.setdefault((row[2], row[1]), {})
                group[row[rows_lines.KEY] or f"L{row[rows_lines.ID]}"] = row
        matched, fresh, gone = [], [], []
        for key, item in scope.items.items():
            old = proposals.pop(key, None)
            if old is None:
                fresh += [(render(item, order), order) for order in item.orders]
                continue
            same, new, left = writer.pair(old, item.orders)
            gone += left
            matched += [(row, render(item, order), order) for row, order in same]
            fresh += [(render(item, order), order) for order in new]
        gone += [row for rows in proposals.values() for row in rows.values()]
        writer.write_lines(self.env.cr, columns, matched, fresh, gone, changes)
        self._write_kept(scope, changes)

    def _write_kept(self, scope, changes):
        casts = rows_lines.KEPT_VALUES
        different = []
        for item in scope.items.values() if scope.kept else ():
            for supply in item.supplies:
                row = scope.kept.get(supply.ref) if supply.kind == "plan" else None
                if row is None:
                    continue
                values = rows_lines.kept_values(scope, supply, row)
                if any(row[column] != values[column] for column in casts):
                    different.append((supply.ref, *(writer.sql_value(values[c]) for c in casts)))
                    if values["state"] == "cancelled":
                        changes.changed_lines.append(supply.ref)
        if different:
            changes.claim()
        writer.update(self.env.cr, "supply_plan_line", casts, different)
        changes.updated += len(different)

    def _forget(self):
        """The tables were written behind the ORM's back."""
        for model in ("supply.plan.line", "supply.peg", "supply.message"):
            self.env[model].invalidate_model(flush=False)
        self.env["sale.order.line"].invalidate_model(
            ["promise_date", "promise_late_days", "promise_data", "supply_peg_ids"], flush=False
        )

    def _record_decisions(self, changes):
        """One decision for every plan line that is new or materially different; those of a large
        run are recorded after it, or when somebody asks."""
        lines = self.env["supply.plan.line"]
        if changes.pending:
            self.env.ref("inventory_link.supply_plan_line_cron_decisions")._trigger()
        else:
            lines.browse(changes.new_lines + changes.changed_lines)._record_decisions()
        messages = self.env["supply.message"].browse(changes.new_messages)
        if messages:
            self.env["suite.decision"]._record(messages._prepare_decisions())
