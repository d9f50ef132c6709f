from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    supply_planned = fields.Boolean(
        "Ordered by Supply Planning", compute="_compute_supply_planned", compute_sudo=True
    )
    supply_paused = fields.Boolean(
        "Paused by Supply Planning",
        readonly=True,
        copy=False,
        help="Archived when its product moved to supply planning; comes back when it leaves.",
    )

    @api.depends(
        "product_id.supply_mode",
        "product_id.is_storable",
        "company_id.supply_planning",
        "location_id",
        "route_id",
    )
    def _compute_supply_planned(self):
        for point in self:
            point.supply_planned = point._is_planned()

    @api.depends("product_id.supply_mode", "company_id.supply_planning")
    def _compute_qty_to_order_computed(self):
        """Nothing to order where the plan orders: the list must not ask a person to do it."""
        planned = self.filtered("supply_planned")
        planned.qty_to_order_computed = 0.0
        super(StockWarehouseOrderpoint, self - planned)._compute_qty_to_order_computed()

    @api.depends("supply_planned")
    def _compute_qty_to_order(self):
        """A quantity that someone typed before the product was planned doesn't show either."""
        planned = self.filtered("supply_planned")
        planned.qty_to_order = 0.0
        super(StockWarehouseOrderpoint, self - planned)._compute_qty_to_order()

    @api.depends("product_id.supply_mode", "company_id.supply_planning")
    def _compute_deadline_date(self):
        planned = self.filtered("supply_planned")
        planned.deadline_date = False
        super(StockWarehouseOrderpoint, self - planned)._compute_deadline_date()

    def _has_field_access(self, field, operation):
        """Only moving a product to supply planning and back tells which rules it paused."""
        if operation == "write" and field.name == "supply_paused" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # -- actions --------------------------------------------------------------------------------

    def action_replenish(self, force_to_max=False):
        """Order what the plan doesn't; refuse what would silently do nothing.

        :raise UserError: supply planning orders all of these products
        """
        free = self._without_planned()
        result = super(StockWarehouseOrderpoint, free).action_replenish(force_to_max=force_to_max)
        return (self - free)._notify_planned() or result

    def action_replenish_auto(self):
        """Automate what the plan doesn't order; the rules of the others stay as they are."""
        free = self._without_planned()
        result = super(StockWarehouseOrderpoint, free).action_replenish_auto()
        return (self - free)._notify_planned() or result

    def action_view_plan_lines(self):
        """What the plan buys and makes of these products."""
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "inventory_link.supply_plan_line_action"
        )
        return action | {"domain": [("product_id", "in", self.product_id.ids)], "context": {}}

    # -- business -------------------------------------------------------------------------------

    def _procure_orderpoint_confirm(
        self, use_new_cursor=False, company_id=None, raise_user_error=True
    ):
        """Reordering rules of planned products order nothing: two planners would order twice."""
        free = self.filtered(lambda point: not point._is_planned())
        return super(StockWarehouseOrderpoint, free)._procure_orderpoint_confirm(
            use_new_cursor=use_new_cursor,
            company_id=company_id,
            raise_user_error=raise_user_error,
        )

    def _get_orderpoint_products(self):
        """The replenishment report proposes nothing that the plan proposes already."""
        products = super()._get_orderpoint_products()
        if not all(self.env.companies.mapped("supply_planning")):
            return products
        return products.filtered(lambda product: product.supply_mode != "planned")

    @api.autovacuum
    def _unlink_processed_orderpoints(self):
        """A paused rule has nothing to order, and yet it must be there when it comes back."""
        points = self or self.with_context(active_test=False).search(self._proposals_domain())
        free = points.filtered(lambda point: not point.supply_paused)
        if not free:
            return free
        return super(StockWarehouseOrderpoint, free)._unlink_processed_orderpoints()

    @api.model
    def _proposals_domain(self):
        """Rules of the system itself, of which the replenishment report makes one a shortage."""
        return [("create_uid", "=", SUPERUSER_ID), ("trigger", "=", "manual")]

    def _is_planned(self):
        """The plan orders this product, so this rule may not."""
        return self.product_id._is_supply_planned(self.company_id) and self._orders()

    def _orders(self):
        """Whether the rule brings goods into the warehouse's stock. One that takes them from there
        to another place orders nothing, and the plan doesn't do it: such rules always go on."""
        stock = self.warehouse_id.lot_stock_id
        if self.location_id == stock:
            return True
        rule = self._get_default_rule()
        return not (
            rule.action in ("pull", "pull_push")
            and rule.location_src_id
            and rule.location_src_id._child_of(stock)
        )

    def _without_planned(self):
        """Those that the plan doesn't order; an error with what to do when there is none."""
        planned = self.filtered("supply_planned")
        if planned and planned == self:
            raise UserError(
                self.env._(
                    "Supply planning buys and makes these products: %(products)s. Change the plan,"
                    " or make a purchase order by hand; the plan counts it.",
                    products=planned._product_names(),
                )
            )
        return self - planned

    def _notify_planned(self):
        """Tell which of several rules ordered nothing."""
        if not self:
            return False
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Left to supply planning: %(products)s.", products=self._product_names()
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _product_names(self):
        return ", ".join(self.product_id.mapped("display_name"))

    def _is_proposal(self):
        """A line of the replenishment report, not a rule that anybody keeps."""
        return bool(
            self.filtered_domain(self._proposals_domain())
            and self.product_uom.is_zero(self.product_min_qty)
            and self.product_uom.is_zero(self.product_max_qty)
        )

    def _pause(self):
        """Archive the rules and remember that it was us."""
        self.sudo().write({"active": False, "supply_paused": True})

    @api.model
    def _resume(self, products):
        """Bring back exactly the rules that :meth:`_pause` archived."""
        paused = (
            self.sudo()
            .with_context(active_test=False)
            .search([("product_id", "in", products.ids), ("supply_paused", "=", True)])
        )
        paused.write({"active": True, "supply_paused": False})

    def _largest_minimum(self):
        """What the rules keep of one variant in one warehouse; the most of any, in its unit."""
        kept = {}
        for point in self:
            key = point.product_id, point.warehouse_id
            kept[key] = kept.get(key, 0.0) + point.product_min_qty
        return max(kept.values(), default=0.0)

    def _largest_multiple(self):
        """The largest multiple of the rules in the product's unit; 0 when none has one."""
        return max(
            (
                point.replenishment_uom_id._compute_quantity(1, point.product_uom)
                for point in self
                if point.replenishment_uom_id and point.replenishment_uom_id != point.product_uom
            ),
            default=0.0,
        )
