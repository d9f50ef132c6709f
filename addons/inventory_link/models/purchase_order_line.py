from odoo import api, fields, models

#: What the plan reads of a purchase line.
PLAN_FIELDS = {
    "product_id",
    "product_qty",
    "product_uom_id",
    "date_planned",
    "supply_locked",
    "order_id",
    "plan_line_id",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    plan_line_id = fields.Many2one(
        "supply.plan.line",
        "Plan Line",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    supply_locked = fields.Boolean(
        "Date Fixed by Vendor",
        copy=False,
        help="The vendor won't deliver earlier: the plan orders what is needed before.",
    )

    _plan_line_uniq = models.UniqueIndex(
        "(plan_line_id) WHERE plan_line_id IS NOT NULL",
        "This plan line has its purchase order already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._enqueue_supply()
        return lines

    def write(self, vals):
        told = PLAN_FIELDS & vals.keys()
        if "product_id" in vals:
            self._enqueue_supply()
        result = super().write(vals)
        if told:
            self._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_gone()
        return super().unlink()

    def _enqueue_gone(self):
        self._enqueue_supply()
        self.env["supply.change"]._enqueue_owners("supply_purchase_line_id", self.ids)

    def _enqueue_supply(self):
        """These lines bring another quantity, at another time, or nothing any more."""
        lines = self.sudo().filtered("order_id.company_id.supply_planning")
        products = lines.product_id.filtered(lambda product: product.supply_mode == "planned")
        self.env["supply.change"]._enqueue(products, reason="purchase")

    def _has_field_access(self, field, operation):
        """Only a release ties a document to its plan line."""
        if operation == "write" and field.name == "plan_line_id" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _merge_po_line(self, rfq_line):
        """Two requests become one: the plan line of the other is found by what it became."""
        super()._merge_po_line(rfq_line)
        plan_line = rfq_line.sudo().plan_line_id
        if plan_line:
            rfq_line.sudo().plan_line_id = False
            plan_line.purchase_line_id = self
            if not self.plan_line_id:
                self.sudo().plan_line_id = plan_line

    @api.ondelete(at_uninstall=False)
    def _unlink_plan_line(self):
        """A purchase line taken out gives its need back to the plan."""
        self.sudo().plan_line_id.filtered(lambda line: line.state == "released").write(
            {"state": "cancelled"}
        )
