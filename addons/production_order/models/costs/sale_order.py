from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_compare
from odoo.tools.translate import LazyTranslate

from .sale_order_line import COST_GROUPS

_lt = LazyTranslate(__name__)

#: Days after which the costs of a delivered order stay as they are: bills come later than goods.
SETTLED_AFTER = 90
INPUTS = (
    "planned_cost_delivered",
    "actual_cost",
    "cost_variance_price",
    "cost_variance_quantity",
    "cost_variance_time",
)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    company_currency_id = fields.Many2one(
        "res.currency", "Company Currency", related="company_id.currency_id"
    )
    supply_margin = fields.Monetary(
        "Cost Margin",
        currency_field="company_currency_id",
        compute="_compute_supply_margin",
        groups=COST_GROUPS,
        help="Planned margin of the order; once everything is delivered, the actual one.",
    )
    costs_closed_on = fields.Datetime(
        "Costs Compared On",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="When everything was delivered and planned and actual cost were compared.",
    )

    @api.depends("order_line.planned_margin", "order_line.actual_margin", "costs_closed_on")
    def _compute_supply_margin(self):
        for order in self:
            name = "actual_margin" if order.costs_closed_on else "planned_margin"
            order.supply_margin = sum(order.order_line.mapped(name))

    def _has_field_access(self, field, operation):
        """Only the comparison closes an order's costs."""
        if operation == "write" and field.name == "costs_closed_on" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_view_costs(self):
        """Planned and actual cost and margin of the order's lines.

        :raise AccessError: the user may not see costs
        """
        self.check_access("read")
        self.env["supply.order.cost"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "production_order.supply_order_cost_action_order"
        )
        return action | {"domain": [["order_id", "in", self.ids]]}

    def _action_cancel(self):
        """A cancelled order costs nothing that was delivered; a new confirmation plans anew."""
        result = super()._action_cancel()
        cancelled = self.filtered(lambda order: order.state == "cancel")
        lines = cancelled.sudo().order_line.filtered(lambda line: not line.qty_delivered)
        lines._forget_costs()
        emptied = lines.order_id.filtered(
            lambda order: not any(order.order_line.mapped("qty_delivered"))
        )
        emptied.costs_closed_on = False
        return result

    def _record_final_costs(self):
        """Orders that are delivered in full: write down the comparison, once."""
        done = self.sudo().filtered(
            lambda order: not order.costs_closed_on and order._is_cost_complete()
        )
        done.costs_closed_on = fields.Datetime.now()
        done._record_costs()

    def _is_cost_complete(self):
        """Every line whose cost is planned has left in full."""
        lines = self.order_line.filtered("planned_cost_quantity")
        return bool(lines) and all(
            float_compare(
                line.qty_delivered,
                line.product_uom_qty,
                precision_rounding=line.product_uom_id.rounding,
            )
            >= 0
            for line in lines
        )

    def _record_costs(self):
        """The amounts are among the inputs alone, where only who may see costs sees them."""
        if self:
            self.env["suite.decision"]._record([order._prepare_cost_decision() for order in self])

    def _prepare_cost_decision(self):
        lines = self.order_line.filtered("planned_cost_quantity")
        return {
            "kind": "order.cost",
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "outcome": "compared",
            "explanation": _lt(
                "Everything was delivered: what the order cost was compared with its plan, the"
                " difference split into price, quantity and time."
            ),
            "rule": "order.cost",
            "rule_version": "1",
            "inputs": [
                {"model": line._name, "id": line.id, "field": name, "value": line[name]}
                for line in lines
                for name in INPUTS
            ],
        }

    @api.model
    def _cron_update_costs(self, size=200):
        """Bills, landed costs and working time that came after the delivery; orders that are
        complete now. Companies that plan only."""
        since = fields.Datetime.now() - timedelta(days=SETTLED_AFTER)
        orders = self.search(
            [
                ("state", "=", "sale"),
                ("company_id.supply_planning", "=", True),
                ("order_line.planned_cost_quantity", ">", 0),
                ("order_line.qty_delivered", ">", 0),
                "|",
                ("costs_closed_on", "=", False),
                ("costs_closed_on", ">=", since),
            ],
            order="id",
        )
        cron = self.env["ir.cron"]
        for start in range(0, len(orders), size):
            batch = orders[start : start + size]
            lines = batch.order_line.filtered("planned_cost_quantity")
            changed = lines._update_actual_costs()
            closed = batch.filtered("costs_closed_on")
            (changed.order_id & closed)._record_costs()
            (batch - closed)._record_final_costs()
            if not cron._commit_progress(len(batch), remaining=len(orders) - start - len(batch)):
                break
