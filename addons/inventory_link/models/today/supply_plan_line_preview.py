from odoo import models
from odoo.exceptions import UserError

from ...engine import preview
from ...engine.lots import LotRule, round_up
from ...engine.rows_lines import KEPT_COLUMNS, LINE_COLUMNS


class SupplyPlanLine(models.Model):
    """What a change of open lines would do, netted in memory: nothing is written."""

    _inherit = "supply.plan.line"

    def _preview_edit(self, vals):
        """What changing this line would do.

        :param dict vals: new values of fields that a planner may change
        :return: see :meth:`_preview_edits`
        """
        return self._preview_edits({self: vals})

    def _preview_edits(self, edits):
        """What changing these lines together would do. Nothing is written.

        :param dict edits: ``{line: new values}``
        :return: ``{"problems": {line id: text}, "lines": {line id: values it would have},
            "promises": {sale line id: (day before, day after)}, "new", "gone": proposals of the
            plan as (product id, quantity, due day, vendor id)}``; days are dates, ``None`` for no
            date; quantities in the product's unit; amounts in the line's currency and
            ``amount_company`` in the company's
        """
        drafts, problems = {}, {}
        for line, vals in edits.items():
            draft, problem = line.sudo()._preview_draft(vals)
            if problem:
                problems[line.id] = problem
            else:
                drafts[line.id] = draft
        result = {"problems": problems, "lines": {}, "promises": {}, "new": [], "gone": []}
        if drafts:
            result |= self._preview_run(drafts)
        return result

    def _preview_draft(self, vals):
        """``(the line as it would be, in memory; why it can't be)``, by the checks of a change."""
        self.ensure_one()
        draft = self.new({}, origin=self)
        try:
            values = self._checked_values(vals)
            draft.update(values)
            draft._check_open()
            draft._check_edit(values)
        except UserError as error:
            return draft, f"{error} {draft._preview_correction()}".strip()
        return draft, ""

    def _preview_correction(self):
        """The next quantity that could be ordered, as a hint; empty when that isn't what is
        wrong."""
        if self.action == "make" or not self.vendor_id or self.quantity <= 0:
            return ""
        allowed = self._orderable_quantity()
        if self.product_uom_id.compare(allowed, self.quantity) == 0:
            return ""
        return self.env._(
            "The next quantity possible is %(quantity)s.", quantity=self._quantity_text(allowed)
        )

    def _orderable_quantity(self):
        """The smallest quantity from this one on that vendor and lot rule allow."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        scale = 10**digits
        product, unit = self.product_id, self.product_uom_id
        box = self._vendor_rows()[:1].product_uom_id
        piece = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        whole = 0
        if box and box != unit and box.factor > unit.factor and piece:
            same = (box.parent_path or "").startswith(piece.parent_path or "-")
            whole = round(box._compute_quantity(1, unit) * scale) if same else 0
        rule = LotRule(
            round(product.supply_multiple * scale), 0, product.supply_lot_rounding or "ceil"
        )
        minimum = round(self._vendor_minimum() * scale)
        return round_up(round(self.quantity * scale), minimum, rule, whole) / scale

    # -- the run --------------------------------------------------------------------------------

    def _preview_run(self, drafts):
        planner = self.env["supply.planner"].sudo()
        self.env.flush_all()
        extra = [name for name in planner._line_columns() if name not in LINE_COLUMNS]
        rows = {number: draft._preview_row(extra) for number, draft in drafts.items()}
        places = sorted({row["warehouse_id"] for row in rows.values()})
        after = planner._preview_solve(places, rows)
        if after is None:
            return {}
        days = preview.days_with(after)
        stored = preview.stored_days(self.env.cr, days, after.product_ids)
        new, gone = preview.changed_proposals(
            preview.stored_proposals(after, set(rows)),
            preview.proposals(after, {row["natural_key"] for row in rows.values()}),
        )
        result = {
            "lines": {
                number: values | drafts[number]._preview_values()
                for number, values in preview.line_values(after, rows).items()
            },
            "promises": preview.moved_days(days, stored),
            "new": new,
            "gone": gone,
        }
        after.dismantle()
        return result

    def _preview_row(self, extra):
        """The line as the loader reads one that is kept."""
        row = {}
        for name in (*KEPT_COLUMNS, *extra):
            value = self[name]
            row[name] = (value.id or None) if self._fields[name].relational else value or None
        row["id"] = self._origin.id
        row["edited"] = bool(self.edited)
        row["tentative"] = bool(self.tentative)
        row["natural_key"] = self.natural_key or f"L{self._origin.id}"
        return row

    def _preview_values(self):
        """What the vendor's price makes of the line."""
        return {
            "price_unit": self.price_unit,
            "currency_id": self.currency_id.id,
            "amount": self.quantity * self.price_unit,
            "amount_company": self._company_amount(),
            "lead_days": self.lead_days,
        }
