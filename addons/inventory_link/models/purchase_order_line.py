from odoo import api, fields, models


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
