from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.inventory_link.engine import explain
from odoo.addons.inventory_link.tools.fields import PlainMany2one, clean_after_delete


class SupplyJob(models.Model):
    """One operation of a production order, or of a plan line to make, where and when there is room
    for it; what has no operations is one job without a work centre. Written by the planner alone.
    """

    _name = "supply.job"
    _description = "Job of a Work Centre"
    _order = "start_date, due_date, production_id, plan_line_id, sequence, id"
    _log_access = False
    _rec_name = "product_id"

    company_id = PlainMany2one("res.company", required=True, readonly=True, ondelete="cascade")
    warehouse_id = PlainMany2one("stock.warehouse", readonly=True, ondelete="cascade")
    production_id = PlainMany2one(
        "mrp.production",
        "Production Order",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    plan_line_id = PlainMany2one(
        "supply.plan.line", "Plan Line", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    sequence = fields.Integer(readonly=True)
    product_id = PlainMany2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    quantity = fields.Float(digits="Product Unit", readonly=True)
    product_uom_id = PlainMany2one("uom.uom", "Unit", readonly=True)
    workcenter_id = PlainMany2one(
        "mrp.workcenter", "Work Centre", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    workorder_id = PlainMany2one(
        "mrp.workorder", "Work Order", readonly=True, ondelete="set null", index="btree_not_null"
    )
    operation = fields.Char(readonly=True)
    hours = fields.Float(readonly=True, help="On the clock, less what is booked already.")
    start_date = fields.Date("Start", readonly=True, help="When there is room for it.")
    end_date = fields.Date("End", readonly=True)
    due_date = fields.Date("Finished by Plan", readonly=True)
    capacity_date = fields.Date(
        "Finished by Capacity",
        readonly=True,
        help="When all operations of the production can be finished.",
    )
    delay_days = fields.Integer(
        "Later by Capacity (Days)", readonly=True, aggregator="max", help="Than the plan says."
    )
    delayed_by_id = PlainMany2one(
        "mrp.workcenter", "Delayed by", readonly=True, ondelete="set null", index="btree_not_null"
    )
    delay_data = fields.Json(readonly=True)
    delay_reason = fields.Char("Why Later", compute="_compute_delay_reason")
    kind = fields.Selection(
        [("firm", "Confirmed"), ("proposed", "Proposed"), ("tentative", "Tentative")],
        readonly=True,
    )
    order_names = fields.Char("Sales Orders", compute="_compute_order_names")

    def init(self):
        """What a foreign key does on deletion, see :class:`PlainMany2one`."""
        self.pool.post_init(clean_after_delete, self)

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("delay_data")
    def _compute_delay_reason(self):
        texts = explain.tell(self.env, [job.delay_data for job in self])
        for job, text in zip(self, texts, strict=True):
            job.delay_reason = text

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("production_id", "plan_line_id")
    def _compute_order_names(self):
        """Numbers of the orders behind it: workers see them, whether they may open them or not."""
        pegs = self.env["supply.peg"].sudo()
        found = {
            field: pegs._sale_lines_of(column, self[field].ids)
            for field, column in (
                ("plan_line_id", "supply_plan_line_id"),
                ("production_id", "supply_production_id"),
            )
        }
        lines = self.env["sale.order.line"].sudo()
        for job in self:
            field = "production_id" if job.production_id else "plan_line_id"
            orders = lines.browse(found[field].get(job[field].id, ())).order_id
            job.order_names = ", ".join(sorted(orders.mapped("name")))

    # -- actions --------------------------------------------------------------------------------

    def action_approve(self):
        """Approve the plan lines of these jobs; those that are productions already stay.

        :raise AccessError: the user doesn't answer plan lines
        """
        self.check_access("read")
        self.plan_line_id.filtered(lambda line: line.state == "proposed").action_approve()

    def action_open(self):
        """Open the production order, or the plan line that will become one."""
        self.ensure_one()
        self.check_access("read")
        record = self.production_id or self.plan_line_id
        if not record:
            raise UserError(
                self.env._("It is gone: what made it was cancelled meanwhile. Reload the page.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # -- business -------------------------------------------------------------------------------

    @api.model
    def _by_document(self, field, records):
        """The first job of each document: ``{id: supply.job}``. What may read the document may
        read its days."""
        jobs = self.sudo().search([(field, "in", records.ids)])
        return {document.id: found[:1] for document, found in jobs.grouped(field).items()}
