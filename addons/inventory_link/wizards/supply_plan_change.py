from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

#: More days than this, either way, are a typing error.
MOST_DAYS = 730
SHOWN = 5


class SupplyPlanChange(models.TransientModel):
    """Moves the needed day of several plan lines, or gives them to another vendor, and shows
    before what that does."""

    _name = "supply.plan.change"
    _description = "Change Plan Lines"

    line_ids = fields.Many2many("supply.plan.line", string="Plan Lines", required=True)
    change = fields.Selection(
        [("days", "Move the needed day"), ("vendor", "Choose another vendor")],
        required=True,
        default="days",
    )
    days = fields.Integer("Days", help="Later; below zero earlier.")
    vendor_id = fields.Many2one("res.partner", "Vendor")
    consequence = fields.Json(compute="_compute_consequence")
    possible_count = fields.Integer(compute="_compute_consequence")

    @api.depends_context("uid", "lang")
    @api.depends("line_ids", "change", "days", "vendor_id")
    def _compute_consequence(self):
        for wizard in self:
            edits = wizard._edits()
            found = wizard._lines()._preview_edits(edits) if edits else {}
            wizard.possible_count = len(found.get("lines", ()))
            wizard.consequence = wizard._tell(found) if edits else False

    def action_apply(self):
        """Change the lines that can take it; tell the others.

        :raise UserError: nothing to change, or no line can take it
        """
        self.ensure_one()
        lines, edits = self._lines(), self._edits()
        if not edits:
            raise UserError(self.env._("Enter the days or the vendor first."))
        lines._check_may_edit({})
        problems = lines._preview_edits(edits)["problems"]
        good = {line: vals for line, vals in edits.items() if line.id not in problems}
        if not good:
            raise UserError("\n".join(dict.fromkeys(problems.values())))
        lines.browse(line.id for line in good)._apply_edits(good)
        return self._tell_result(len(good), problems)

    # -- business -------------------------------------------------------------------------------

    def _lines(self):
        """The stored lines, also while the dialog isn't saved."""
        return self.line_ids._origin

    def _edits(self):
        """``{line: new values}``; empty when nothing is entered yet."""
        lines = self._lines().filtered(lambda line: line.state in ("proposed", "approved"))
        if self.change == "vendor":
            return {line: {"vendor_id": self.vendor_id.id} for line in lines if self.vendor_id}
        days = max(-MOST_DAYS, min(self.days, MOST_DAYS))
        if not days:
            return {}
        return {
            line: {"due_date": max(fields.Date.add(line.due_date, days=days), line._today())}
            for line in lines
        }

    def _tell(self, found):
        """The preview of all lines in words, as entries of ``consequence``."""
        problems, values = found["problems"], found["lines"]
        lines = self._lines()
        entries = lines[:1]._tell_promises(found["promises"]) if values else []
        late = sum(1 for one in values.values() if one["late_days"] or not one["feasible_date"])
        before = sum(
            1 for line in lines if line.id in values and (line.late_days or not line.feasible_date)
        )
        if values and late != before:
            text = self.env._("Late lines: %(new)s instead of %(old)s.", new=late, old=before)
            entries.append({"kind": "danger" if late > before else "success", "text": text})
        entries += self._tell_amounts(values)
        entries += lines[:1]._tell_proposals(found) if values else []
        for number, text in list(problems.items())[:SHOWN]:
            name = lines.browse(number).product_id.display_name
            entries.append({"kind": "danger", "text": f"{name}: {text}"})
        return entries

    def _tell_amounts(self, values):
        entries = []
        changed = self._lines().filtered(lambda line: line.id in values)
        for company, lines in changed.grouped("company_id").items():
            currency = company.currency_id
            old = sum(lines.mapped("amount_company"))
            new = sum(values[line.id]["amount_company"] for line in lines)
            if currency.compare_amounts(old, new):
                text = self.env._(
                    "Value %(new)s instead of %(old)s.",
                    new=currency.format(new),
                    old=currency.format(old),
                )
                entries.append({"kind": "info", "text": text})
        days = sorted(one["order_date"] for one in values.values() if one["order_date"])
        if days:
            text = self.env._("To be ordered from %(day)s on.", day=format_date(self.env, days[0]))
            entries.append({"kind": "info", "text": text})
        return entries

    def _tell_result(self, count, problems):
        parts = [self.env._("%(count)s lines changed.", count=count)]
        if problems:
            parts.append(self.env._("%(count)s refused:", count=len(problems)))
            parts += list(dict.fromkeys(problems.values()))[:SHOWN]
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(parts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
