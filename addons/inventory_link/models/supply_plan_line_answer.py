from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .supply_plan_line import OPEN_STATES

MANAGER = "inventory_link.group_supply_manager"


class SupplyPlanLine(models.Model):
    """Approve and reject: whoever works with the plan says what becomes of it."""

    _inherit = "supply.plan.line"

    # -- actions --------------------------------------------------------------------------------

    def action_approve(self):
        """Approve proposed lines; the plan keeps them from then on.

        :raise AccessError: the user neither plans nor answers plans (warehouse, purchasing), or
            the amount is for a planning manager
        """
        self._check_may_answer()
        lines = self.sudo()._locked().filtered(lambda line: line.state == "proposed")
        lines._check_approval_amount()
        lines.write({"state": "approved"})
        lines._answer_decisions("accepted")
        lines._replan()
        return True

    def action_reject(self, reason=None):
        """Reject lines; they don't come back until their demand changes.

        :param str reason: why; asked for in a dialog when empty
        """
        self._check_may_answer()
        if not (reason or "").strip():
            raise UserError(self.env._("Tell why you reject the line."))
        lines = self.sudo()._locked().filtered(lambda line: line.state in OPEN_STATES)
        lines = lines._give_back()
        lines.write({"state": "rejected", "reject_reason": reason.strip()})
        lines._answer_decisions("overruled", reason)
        lines._replan()
        return True

    def action_open_reject(self):
        """Ask for the reason, then reject."""
        self._check_may_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "supply.plan.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    # -- business -------------------------------------------------------------------------------

    def _check_may_answer(self):
        """Planners, warehouse and purchasing answer plans of their companies."""
        self.check_access("read")
        if self.env.su:
            return
        for action in set(self.sudo().mapped("action")):
            if not any(self.env.user.has_group(group) for group in self._answer_groups(action)):
                raise AccessError(self.env._("You may read the plan, but not answer it."))

    @api.model
    def _answer_groups(self, _action):
        """Who may answer plan lines of this action."""
        return [
            "inventory_link.group_supply_planner",
            "stock.group_stock_user",
            "purchase.group_purchase_user",
        ]

    def _give_back(self):
        """What a planner changed or split is the plan's own proposal again, so that the need can
        be told from a later one when the rejection is remembered. Lines nothing needs are gone."""
        edited = self.filtered("edited")
        if edited:
            edited.write({"state": "proposed", "edited": False})
            edited._replan()
        return self.exists()

    def _answer_decisions(self, answer, reason=None):
        self.env["suite.decision"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("answer", "=", False)]
        )._answer(answer, reason)

    # -- value limit ----------------------------------------------------------------------------

    def _company_amount(self):
        """The line's amount in company currency, at today's rate."""
        company = self.company_id
        return (self.currency_id or company.currency_id)._convert(
            self.amount, company.currency_id, company, fields.Date.context_today(self)
        )

    def _above_limit(self):
        """Lines whose amount only a planning manager may approve."""
        return self.filtered(
            lambda line: (
                (limit := line.company_id.supply_approval_amount)
                and line.company_id.currency_id.compare_amounts(line._company_amount(), limit) > 0
            )
        )

    def _may_approve_all(self):
        """The user, not the rights that the code runs with: releases act for somebody."""
        return self.env.user.has_group(MANAGER) or self.env.user._is_superuser()

    def _check_approval_amount(self):
        if self._may_approve_all():
            return
        above = self._above_limit()
        if above:
            raise AccessError(
                self.env._(
                    "Above the approval limit of %(limit)s:\n%(lines)s\nAsk a planning manager"
                    " to approve, or leave these lines out.",
                    limit=above[0].company_id.currency_id.format(
                        above[0].company_id.supply_approval_amount
                    ),
                    lines="\n".join(
                        f"{line.product_id.display_name}: "
                        f"{line.company_id.currency_id.format(line._company_amount())}"
                        for line in above
                    ),
                )
            )

    def _approve_again(self, amounts):
        """An approval doesn't cover what was raised afterwards and is above the limit now.

        :param dict amounts: amount of each line before, in company currency
        """
        if self._may_approve_all():
            return
        raised = self._above_limit().filtered(
            lambda line: (
                line.state == "approved"
                and line.company_id.currency_id.compare_amounts(
                    line._company_amount(), amounts[line.id]
                )
                > 0
            )
        )
        raised.write({"state": "proposed"})

    def _check_may_split(self):
        """Two halves below the limit would need no manager any more."""
        if self.state == "proposed":
            self._check_approval_amount()
