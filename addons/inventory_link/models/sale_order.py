from odoo import api, fields, models

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
        lines._forget_promises()
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
