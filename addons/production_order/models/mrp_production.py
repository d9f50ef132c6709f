from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.inventory_link.tools import is_by_plan

#: What the plan reads of a production besides its moves and its computed state.
PLAN_FIELDS = {
    "product_id",
    "product_qty",
    "product_uom_id",
    "bom_id",
    "date_start",
    "date_finished",
    "plan_line_id",
    "company_id",
    "state",
}


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    plan_line_id = fields.Many2one(
        "supply.plan.line",
        "Plan Line",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    supply_locked = fields.Boolean(
        "Date Fixed",
        copy=False,
        help="The production can't move: the plan makes or buys what is needed before.",
    )
    sale_line_ids = fields.Many2many(
        "sale.order.line",
        string="For Order Lines",
        compute="_compute_sale_line_ids",
        compute_sudo=True,
        help="Order lines that this production serves, directly or as a component.",
    )
    supply_sale_order_count = fields.Integer(compute="_compute_sale_line_ids", compute_sudo=True)
    _open_product_idx = models.Index("(product_id) WHERE state NOT IN ('done', 'cancel')")
    _plan_line_uniq = models.UniqueIndex(
        "(plan_line_id) WHERE plan_line_id IS NOT NULL",
        "This plan line has its production order already.",
    )

    def _has_field_access(self, field, operation):
        """Only a release ties a document to its plan line."""
        if operation == "write" and field.name == "plan_line_id" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # -- computes -------------------------------------------------------------------------------

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sale_line_ids(self):
        pegs = self.env["supply.peg"].sudo()
        roots = pegs._sale_lines_of("supply_production_id", self.ids)
        for production in self:
            lines = self.env["sale.order.line"].sudo(False).browse(roots.get(production.id, ()))
            lines = lines._filtered_access("read").sudo()
            production.sale_line_ids = lines
            production.supply_sale_order_count = len(lines.order_id)

    # -- CRUD -----------------------------------------------------------------------------------

    def write(self, vals):
        told = PLAN_FIELDS & vals.keys()
        if told:
            self._enqueue_supply()
        result = super().write(vals)
        if told:
            self._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_supply()
        self.env["supply.change"]._enqueue_owners("supply_production_id", self.ids)
        return super().unlink()

    def _compute_state(self):
        """A production that is started, or no longer, is planned in another way."""
        planned = self.filtered(lambda production: production._origin.id)
        planned = planned.sudo().filtered("company_id.supply_planning")
        known = planned._stored_states()
        super()._compute_state()
        planned.filtered(
            lambda production: production.state != known.get(production._origin.id)
        )._enqueue_supply()

    def _stored_states(self):
        if not self:
            return {}
        self.env.cr.execute(
            SQL("SELECT id, state FROM mrp_production WHERE id = ANY(%s)", self._origin.ids)
        )
        return dict(self.env.cr.fetchall())

    # -- components -----------------------------------------------------------------------------

    def _replace_component(self, product, kept, substitutes):
        """Take substitutes for a part of a component of a draft.

        :param float kept: share of the component that is still taken
        :param list substitutes: ``(product, quantity in its unit)``
        """
        moves = self.move_raw_ids.filtered(lambda move: move.product_id == product)
        for substitute, quantity in substitutes:
            self.move_raw_ids.create(
                self._get_move_raw_values(substitute, quantity, substitute.uom_id)
                | {"supply_instead_of_id": product.id}
            )
        for move in moves:
            move.product_uom_qty *= kept
        moves.filtered(lambda move: move.product_uom.is_zero(move.product_uom_qty)).unlink()

    def _resize_draft(self, quantity):
        """Another quantity for a draft; substitutes keep their share of what is taken."""
        factor = quantity / self.product_qty
        taken = {}
        if self.move_raw_ids.supply_instead_of_id:
            for move in self.move_raw_ids:
                taken[move.product_id] = taken.get(move.product_id, 0.0) + move.product_uom_qty
        # the end stays with it: Odoo would work it out anew
        self.write({"product_qty": quantity, "date_finished": self.date_finished})
        for product, moves in self.move_raw_ids.grouped("product_id").items() if taken else ():
            if product in taken:
                moves[0].product_uom_qty = taken[product] * factor
                moves[1:].unlink()
            else:
                moves.unlink()

    # -- actions --------------------------------------------------------------------------------

    def action_confirm(self):
        result = super().action_confirm()
        self._plan_supply()
        return result

    def action_cancel(self):
        """What a cancelled production would have made is wanted again."""
        result = super().action_cancel()
        cancelled = self.filtered(lambda production: production.state == "cancel")
        cancelled.sudo().plan_line_id.state = "cancelled"
        self._plan_supply()
        return result

    def action_view_supply_sale_orders(self):
        """The sales orders that this production serves."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sales Orders"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [["id", "in", self.sale_line_ids.order_id.ids]],
        }

    # -- business -------------------------------------------------------------------------------

    def _plan_supply(self):
        """Net change for what these productions make and take."""
        if is_by_plan(self.env):
            return
        planned = self.filtered("company_id.supply_planning")
        products = planned.product_id | planned.move_raw_ids.product_id
        if products:
            self.env["supply.planner"]._plan_products(products)

    def _enqueue_supply(self):
        """What these productions make and take is planned by the queue."""
        planned = self.sudo().filtered("company_id.supply_planning")
        products = planned.product_id | planned.move_raw_ids.product_id
        self.env["supply.change"]._enqueue(
            products.filtered(lambda product: product.supply_mode == "planned"),
            reason="production",
        )
