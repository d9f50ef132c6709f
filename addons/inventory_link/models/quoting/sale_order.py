from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import at_noon

#: Of no concern to customers, who may read their own orders by RPC as well. What a promise depends
#: on is told on their page, in other words.
FOR_EMPLOYEES = {
    "promise_condition",
    "plan_line_count",
    "purchase_order_ids",
    "reservation_activity_id",
    "delivery_risk",
    "delivery_risk_points",
    "delivery_risk_data",
    "delivery_risk_causes",
    "delivery_risk_fix",
}


class SaleOrder(models.Model):
    """The promise of a whole quotation."""

    _inherit = "sale.order"

    promise_latest = fields.Date(
        "All Deliverable On",
        compute="_compute_promise_latest",
        help="The day on which every line can be delivered; empty when one of them has no day.",
    )
    promise_condition = fields.Char(compute="_compute_promise_latest")
    promise_differs = fields.Boolean(compute="_compute_promise_latest")

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("order_line.promise_live", "commitment_date", "state")
    def _compute_promise_latest(self):
        self.promise_latest = False
        self.promise_condition = False
        self.promise_differs = False
        for order in self.filtered(lambda rec: rec.state in ("draft", "sent")):
            told = [line.promise_live for line in order.order_line if line.promise_live]
            if not told:
                continue
            order.promise_condition = next(
                filter(None, (each["condition"] for each in told)), False
            )
            if all(each["date"] for each in told):
                order.promise_latest = date.fromisoformat(max(each["date"] for each in told))
                order.promise_differs = order.promise_latest != order._wished_day()

    def _has_field_access(self, field, operation):
        """Customers read days, not what stands behind them."""
        if field.name in FOR_EMPLOYEES and not (self.env.su or self.env.user._is_internal()):
            return False
        return super()._has_field_access(field, operation)

    def get_promises(self):
        """As in general; a customer who asks gets days without what stands behind them."""
        if self.env.su or self.env.user._is_internal():
            return super().get_promises()
        self.check_access("read")
        promises = super(SaleOrder, self.sudo()).get_promises()
        return [
            promise | {"driver": "", "cause": "", "earlier": [], "condition": ""}
            for promise in promises
        ]

    # -- actions --------------------------------------------------------------------------------

    def action_use_promise_date(self):
        """Ask for delivery on the day on which every line can be delivered.

        :raise UserError: a line has no day
        """
        self.check_access("write")
        for order in self.filtered(lambda rec: rec.state in ("draft", "sent")):
            if not order.promise_latest:
                raise UserError(
                    self.env._(
                        "Not all lines of %(order)s can be delivered yet. The promise of each line"
                        " tells what is missing.",
                        order=order.name,
                    )
                )
            day = order.promise_latest
            order.commitment_date = at_noon(day, order.company_id.partner_id.tz)
            # whoever puts the day on the quotation tells it
            lines = order.sudo().order_line.filtered("promise_live")
            lines.filtered(lambda line: not line.promise_told_date).promise_told_date = day
        return True

    # -- business -------------------------------------------------------------------------------

    def _promised_lines(self):
        """``[(line, promise for the screen)]`` of today, asked anew."""
        self.order_line.invalidate_recordset(["promise_live"], flush=False)
        return [(line, line.promise_live) for line in self.order_line if line.promise_live]

    def _portal_shown(self):
        """What the customer's page shows, as a part of the address that signs it: the page itself
        tells nobody anything, it is opened by programs that check links as well."""
        self.ensure_one()
        days = [f"{line.id}:{line.promise_live['date'] or ''}" for line in self._shown_lines()]
        return "&promises=" + ",".join(days) if days else ""

    def _shown_lines(self):
        quoted = self.state in ("draft", "sent")
        return self.order_line.filtered("promise_live") if quoted else self.order_line.browse()

    def _portal_condition(self):
        """What the promises depend on besides goods and time, in words for the customer."""
        self.ensure_one()
        if not self.promise_condition:
            return ""
        public = self.env.ref("base.public_user")
        order = self.with_user(public).sudo()
        return self.env["suite.outlook"].with_env(order.env)._conditions(order).get(order, "")
