import math

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ...tools import limit_records
from ...tools.approvals import covers

FIELDS = ("company_id", "kind", "sequence", "max_percent", "max_amount", "group_id")


class CreditApproval(models.Model):
    """One line of the approval matrix: up to which size a group of users may decide.

    The first line (by sequence) whose bounds both cover a case says who is needed for it; the
    groups of the lines after it may decide as well. What no line covers is for administrators.
    Without lines, credit controllers release and credit managers set limits.
    """

    _name = "credit.approval"
    _description = "Credit Approval"
    _order = "company_id, kind, sequence, id"
    _rec_name = "group_id"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("release", "Release of a Hold"), ("limit", "Higher Limit")],
        "Decision",
        required=True,
        default="release",
    )
    sequence = fields.Integer(default=10, help="From the weakest to the strongest.")
    max_percent = fields.Float(
        "Up To (%)",
        aggregator=None,
        help="Release: percent by which the document exceeds the limit. Higher limit: percent by "
        "which it grows. 0: any.",
    )
    max_amount = fields.Monetary(
        "Up To (Amount)",
        aggregator=None,
        help="Release: amount of the document. Higher limit: the new limit. In the company's "
        "currency. 0: any.",
    )
    group_id = fields.Many2one("res.groups", "Decided By", required=True, ondelete="restrict")

    _bounds_check = models.Constraint(
        "CHECK(COALESCE(max_percent, 0) >= 0 AND COALESCE(max_amount, 0) >= 0)",
        "A bound can't be negative.",
    )

    @api.constrains("kind", "sequence", "max_percent", "max_amount", "company_id")
    def _check_order(self):
        """A later line has to reach at least as far, or nobody would ever be asked by it."""
        for company, kind in {(line.company_id, line.kind) for line in self}:
            bounds = [
                (line.max_percent or math.inf, line.max_amount or math.inf)
                for line in self.search(
                    [("kind", "=", kind), ("company_id", "=", company.id)], order="sequence, id"
                )
            ]
            for weaker, stronger in zip(bounds, bounds[1:], strict=False):
                if stronger[0] < weaker[0] or stronger[1] < weaker[1]:
                    raise ValidationError(
                        self.env._(
                            "The lines go from the weakest to the strongest: a later line can't "
                            "have a smaller bound than the one before it."
                        )
                    )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self.env.registry.clear_cache()
        for line in lines:
            line._record_change("created", {})
        return lines

    def write(self, vals):
        before = {line.id: limit_records.snapshot(line, FIELDS) for line in self}
        result = super().write(vals)
        self.env.registry.clear_cache()
        for line in self:
            if before[line.id] != limit_records.snapshot(line, FIELDS):
                line._record_change("changed", before[line.id])
        return result

    def unlink(self):
        for line in self:
            line._record_change("deleted", limit_records.snapshot(line, FIELDS))
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # ------------------------------------------------------------------ business

    @api.model
    def _lines(self, kind, company):
        """The matrix of a company for one kind of decision, weakest line first."""
        return self.sudo().browse(self._line_ids(kind, company.id))

    @api.model
    @ormcache("kind", "company_id")
    def _line_ids(self, kind, company_id):
        """Kept in memory: each written limit asks."""
        domain = [("kind", "=", kind), ("company_id", "=", company_id)]
        return tuple(self.sudo().search(domain, order="sequence, id").ids)

    @api.model
    def _deciding_groups(self, kind, company, amount, percent):
        """The groups whose users may decide, the one that is needed first.

        :param amount: in the company's currency
        :param percent: ``math.inf`` for an excess over nothing
        """
        lines = self._lines(kind, company)
        if not lines:
            name = "controller" if kind == "release" else "manager"
            return self.env.ref(f"credit_risk.group_credit_{name}").sudo()
        for index, line in enumerate(lines):
            if covers(line.max_percent, line.max_amount, percent, amount):
                return lines[index:].group_id
        return self.env.ref("base.group_system").sudo()

    @api.model
    def _needed_group(self, kind, company, amount, percent):
        """The group that decides such a case (stronger ones may as well)."""
        return self._deciding_groups(kind, company, amount, percent)[:1]

    @api.model
    def _may(self, kind, company, amount, percent, user):
        """Whether the user may decide such a case in the company."""
        user = user.sudo()
        if company not in user.company_ids:
            return False
        return bool(self._deciding_groups(kind, company, amount, percent) & user.all_group_ids)

    @api.model
    def _may_ever(self, kind, company, user):
        """Whether the user may decide at least some cases in the company."""
        groups = self._lines(kind, company).group_id
        groups |= self._deciding_groups(kind, company, math.inf, math.inf)
        return company in user.sudo().company_ids and bool(groups & user.sudo().all_group_ids)

    @api.model
    def _deciding_users(self, kind, company, amount, percent):
        """The users to be asked: active ones of the needed group who work in the company."""
        group = self._needed_group(kind, company, amount, percent)
        return group.all_user_ids.filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )

    def _record_change(self, event, before):
        self.ensure_one()
        self.env["suite.ledger.entry"]._append(
            "credit.approval", limit_records.approval_entry(self, event, before), self.company_id
        )
