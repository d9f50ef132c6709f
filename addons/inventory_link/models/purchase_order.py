from odoo import api, fields, models

from ..tools import is_by_plan


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    supply_sale_order_ids = fields.Many2many(
        "sale.order",
        string="For Orders",
        compute="_compute_supply_sale_order_ids",
        compute_sudo=True,
    )
    supply_sale_order_count = fields.Integer(
        compute="_compute_supply_sale_order_ids", compute_sudo=True
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_supply_sale_order_ids(self):
        pegs = self.env["supply.peg"].sudo()
        roots = pegs._sale_lines_of("supply_purchase_line_id", self.order_line.ids)
        for order in self:
            lines = {number for line in order.order_line.ids for number in roots.get(line, ())}
            orders = self.env["sale.order.line"].sudo().browse(lines).order_id
            readable = orders.sudo(False)._filtered_access("read").sudo()
            order.supply_sale_order_ids = readable
            order.supply_sale_order_count = len(readable)

    def action_view_supply_sale_orders(self):
        """The sales orders that this purchase supplies."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sales Orders"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [["id", "in", self.supply_sale_order_ids.ids]],
        }

    def write(self, vals):
        """State, place and vendor decide whether, where and how the lines are supply."""
        result = super().write(vals)
        if {"state", "picking_type_id", "partner_id", "company_id"} & vals.keys():
            self.order_line._enqueue_supply()
        return result

    def unlink(self):
        self.order_line._enqueue_gone()
        return super().unlink()

    def button_confirm(self):
        result = super().button_confirm()
        self._plan_supply()
        return result

    def button_cancel(self):
        """What a cancelled order would have supplied is wanted again."""
        result = super().button_cancel()
        lines = self.filtered(lambda order: order.state == "cancel").sudo().order_line.plan_line_id
        lines.filtered(lambda line: line.state == "released").state = "cancelled"
        self._plan_supply()
        return result

    def button_draft(self):
        result = super().button_draft()
        lines = self.filtered(lambda order: order.state == "draft").sudo().order_line.plan_line_id
        lines.filtered(lambda line: line.state == "cancelled").state = "released"
        self._plan_supply()
        return result

    def _plan_supply(self):
        if is_by_plan(self.env):
            return
        for company, orders in self.grouped("company_id").items():
            if company.supply_planning:
                self.env["supply.planner"]._plan_products(orders.order_line.product_id)
