from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import explain

#: What decides about the needs of an order that isn't confirmed.
OUTLOOK_FIELDS = {"commitment_date", "warehouse_id", "state", "company_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    plan_line_count = fields.Integer("Plan Lines", compute="_compute_plan_line_count")
    purchase_order_ids = fields.Many2many(
        "purchase.order",
        string="Purchase Orders",
        compute="_compute_purchase_order_ids",
        compute_sudo=True,
        help="Purchase orders that supply this order, through all levels of components.",
    )

    def _compute_plan_line_count(self):
        for order in self:
            order.plan_line_count = len(order.sudo()._plan_lines()) if order.id else 0

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_purchase_order_ids(self):
        """Those that the reader may open."""
        for order in self:
            found = order._pegs_below().supply_purchase_line_id.order_id.sudo(False)
            order.purchase_order_ids = found._filtered_access("read").sudo()

    def write(self, vals):
        """A new delivery date moves the needs of a confirmed order, and of one that may come."""
        told = OUTLOOK_FIELDS & vals.keys()
        if told:
            self._enqueue_outlook()
        result = super().write(vals)
        if "commitment_date" in vals:
            self.filtered(lambda order: order.state == "sale").order_line._plan_supply()
        if told:
            self._enqueue_outlook()
        return result

    # -- actions --------------------------------------------------------------------------------

    def _action_cancel(self):
        planned = self.filtered("company_id.supply_planning")
        lines = planned.filtered(lambda order: order.state == "sale").order_line
        products = lines.move_ids.product_id
        result = super()._action_cancel()
        lines._plan_supply(products)
        return result

    def action_view_plan_lines(self):
        """The plan lines behind this order, through all levels."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "inventory_link.supply_plan_line_action"
        )
        return action | {
            "domain": [("id", "in", self.sudo()._plan_lines().ids)],
            "context": {},
        }

    def get_promises(self):
        """When each line can be delivered, from stock, open orders, vendors and production.

        Works on quotations: their lines are planned in memory behind every confirmed demand, so
        that no promise makes a confirmed order late. Nothing is stored or reserved.

        :return: list of ``{"line_id", "date", "splits": [{"quantity", "date"}], "driver"}``;
            ``date`` is ``False`` when a part can't be had (the driver says why); quantities are in
            the line's unit
        :raise UserError: more than one company
        """
        self.check_access("read")
        if len(self.company_id) > 1:
            raise UserError(self.env._("Ask for the promises of one company at a time."))
        lines = self.order_line.filtered(
            lambda line: not line.display_type and line.product_id.type == "consu"
        )
        if not lines:
            return []
        confirmed = lines.filtered(lambda line: line.state == "sale")
        result = {line.id: line._stored_promise() for line in confirmed}
        result |= (lines - confirmed)._simulated_promises()
        return [result[line.id] for line in lines]

    # -- orders that may come -------------------------------------------------------------------

    def _outlook_products(self):
        """What quotations of companies that plan orders on hold, or probable ones, would take."""
        return self.order_line._in_outlook()._outlook_products()

    def _enqueue_outlook(self):
        """A quotation has changed: plan for it soon, where it is planned for at all."""
        self.env["supply.change"]._enqueue(self.sudo()._outlook_products(), reason="quotation")

    # -- business -------------------------------------------------------------------------------

    def _pegs_below(self):
        return self.env["supply.peg"]._documents_of(self.order_line.ids)

    def _plan_lines(self):
        pegs = self._pegs_below()
        return pegs.supply_plan_line_id | pegs.supply_purchase_line_id.plan_line_id


def promise_from_takes(takes, today, to_line, security_days):
    """Splits of one quoted line: quantity by the day it can leave; latest day first wins."""
    by_day = defaultdict(float)
    for supply, quantity in takes:
        by_day[supply.feasible and max(supply.feasible, today) + security_days] += quantity
    splits = [
        {"quantity": to_line(quantity), "date": date.fromordinal(day) if day else False}
        for day, quantity in sorted(
            by_day.items(), key=lambda item: item[0] or date.max.toordinal()
        )
    ]
    whole = max(by_day) if by_day and all(by_day) else 0
    return {
        "date": date.fromordinal(whole) if whole else False,
        "splits": splits,
    }


def promise_driver(env, reason):
    """Text of a promise's reason in the reader's language."""
    return explain.tell(env, [list(reason) or ["stock", None, None]])[0]
