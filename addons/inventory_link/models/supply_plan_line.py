from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import explain
from ..tools import at_noon

PLANNER_FIELDS = {"quantity", "due_date", "vendor_id"}
OPEN_STATES = ("proposed", "approved")


class SupplyPlanLine(models.Model):
    """One order that the plan wants: buy or make this much, by that day, for these needs.

    The planner engine owns the rows. People approve, release and reject them; a planner may change
    quantity, needed date and vendor while the line isn't released, and the plan then keeps it.
    """

    _name = "supply.plan.line"
    _inherit = ["suite.decision.mixin"]
    _description = "Plan Line"
    _order = "order_date, product_id, id"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    action = fields.Selection(
        [("buy", "Buy"), ("make", "Make"), ("subcontract", "Subcontract")],
        required=True,
        readonly=True,
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", required=True, readonly=True)
    vendor_id = fields.Many2one("res.partner", "Vendor", index="btree_not_null")
    supplierinfo_id = fields.Many2one(
        "product.supplierinfo", "Vendor Price", readonly=True, ondelete="set null"
    )
    price_unit = fields.Float(
        "Unit Price", digits="Product Price", readonly=True, help="Net of discount, for one unit."
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary("Amount", compute="_compute_amount")
    order_date = fields.Date("Order By", readonly=True, help="Latest day to order or to start.")
    due_date = fields.Date("Needed", required=True)
    feasible_date = fields.Date("Possible", readonly=True)
    late_days = fields.Integer("Days Late", readonly=True)
    lead_days = fields.Integer("Lead Time", readonly=True)
    driver_data = fields.Json(readonly=True)
    driver = fields.Char("Why Late", compute="_compute_driver")
    free_quantity = fields.Float(
        "Free", digits="Product Unit", readonly=True, help="Not needed by any order so far."
    )
    tentative = fields.Boolean(readonly=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("released", "Released"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        "Status",
        required=True,
        default="proposed",
        readonly=True,
        index=True,
    )
    edited = fields.Boolean("Changed by Planner", readonly=True)
    reject_reason = fields.Char("Rejected Because", readonly=True)
    natural_key = fields.Char(readonly=True)
    signature = fields.Char(readonly=True)
    sale_order_id = fields.Many2one(
        "sale.order", "Planned for Order", readonly=True, ondelete="set null"
    )
    peg_ids = fields.One2many("supply.peg", "supply_plan_line_id", "Needed For", readonly=True)
    component_peg_ids = fields.One2many("supply.peg", "plan_line_id", "Components", readonly=True)
    sale_line_ids = fields.Many2many(
        "sale.order.line", compute="_compute_sale_line_ids", compute_sudo=True
    )
    sale_order_ids = fields.Many2many(
        "sale.order", string="For Orders", compute="_compute_sale_line_ids", compute_sudo=True
    )
    order_names = fields.Char("Sales Orders", compute="_compute_sale_line_ids", compute_sudo=True)
    purchase_line_id = fields.Many2one(
        "purchase.order.line", "Purchase Line", readonly=True, ondelete="set null"
    )
    purchase_order_id = fields.Many2one(
        "purchase.order", "Purchase Order", related="purchase_line_id.order_id"
    )

    _natural_key_uniq = models.UniqueIndex(
        "(natural_key) WHERE natural_key IS NOT NULL AND state NOT IN ('released', 'cancelled')"
    )
    _open_idx = models.Index("(product_id, warehouse_id) WHERE state IN ('proposed', 'approved')")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "Plan at least something.")

    @api.depends("quantity", "price_unit")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("driver_data")
    def _compute_driver(self):
        texts = explain.tell(self.env, [line.driver_data for line in self])
        for line, text in zip(self, texts, strict=True):
            line.driver = text

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("peg_ids", "purchase_line_id")
    def _compute_sale_line_ids(self):
        roots = self._root_sale_lines()
        # buyers and workers see numbers of all orders, but open only what they may read
        found = self.env["sale.order.line"].sudo(False).union(*roots.values())
        readable = found._filtered_access("read").sudo()
        for line in self:
            lines = roots[line.id]
            line.sale_line_ids = lines & readable
            line.sale_order_ids = line.sale_line_ids.order_id
            line.order_names = ", ".join(sorted(lines.order_id.mapped("name")))

    def _root_sale_lines(self):
        """Order lines behind each line, or behind what it became: ``{id: sale.order.line}``."""
        pegs = self.env["supply.peg"].sudo()
        roots = pegs._sale_lines_of("supply_plan_line_id", self.ids)
        for column, field in self._document_fields().items():
            documents = {line.id: line[field].id for line in self.sudo() if line[field]}
            found = pegs._sale_lines_of(column, set(documents.values()))
            roots |= {line: found[number] for line, number in documents.items()}
        lines = self.env["sale.order.line"].sudo()
        return {line.id: lines.browse(roots.get(line.id, ())) for line in self}

    @api.model
    def _document_fields(self):
        """Supply column of a peg → field of the line: what a released line became."""
        return {"supply_purchase_line_id": "purchase_line_id"}

    def write(self, vals):
        """Planners change quantity, needed date and vendor of open lines; nobody else anything."""
        if self.env.su:
            return super().write(vals)
        if not self.env.user.has_group("inventory_link.group_supply_planner"):
            raise AccessError(self.env._("Only planners may change plan lines."))
        if not set(vals) <= PLANNER_FIELDS:
            raise AccessError(
                self.env._("Only quantity, needed date and vendor of a plan line can be changed.")
            )
        if any(line.state not in OPEN_STATES for line in self):
            raise UserError(self.env._("Only proposed and approved lines can be changed."))
        super().write(vals)
        self.sudo()._keep_edit(vals)
        return True

    def _keep_edit(self, vals):
        """The plan works around an edited line; its price follows vendor and quantity."""
        super().write({"edited": True})
        if {"vendor_id", "quantity"} & set(vals):
            for line in self.filtered(lambda line: line.action == "buy" and line.vendor_id):
                line._set_vendor_price()
        self._replan()

    def _set_vendor_price(self):
        """Price row of the chosen vendor; an order below his minimum takes his smallest row."""
        rows = self.product_id.with_company(self.company_id).seller_ids.filtered(
            lambda row: (
                row.partner_id == self.vendor_id
                and row.company_id in (self.company_id, self.env["res.company"])
                and row.product_id in (self.product_id, self.env["product.product"])
                and (not row.date_end or row.date_end >= fields.Date.today())
            )
        )
        if not rows:
            raise UserError(
                self.env._(
                    "%(vendor)s has no price for %(product)s. Add one on the product first.",
                    vendor=self.vendor_id.display_name,
                    product=self.product_id.display_name,
                )
            )

        def minimum(row):
            return row.product_uom_id._compute_quantity(row.min_qty, self.product_uom_id)

        fitting = rows.filtered(lambda row: minimum(row) <= self.quantity)
        row = max(fitting, key=minimum) if fitting else min(rows, key=minimum)
        price = row.product_uom_id._compute_price(row.price, self.product_uom_id)
        super().write(
            {
                "supplierinfo_id": row.id,
                "price_unit": price * (1 - (row.discount or 0.0) / 100),
                "currency_id": row.currency_id.id,
                "lead_days": row.delay,
            }
        )

    def action_approve(self):
        """Approve proposed lines; the plan keeps them from then on.

        :raise AccessError: the user neither plans nor answers plans (warehouse, purchasing)
        """
        self._check_may_answer()
        lines = self.sudo()._locked().filtered(lambda line: line.state == "proposed")
        lines.write({"state": "approved"})
        lines._answer_decisions("accepted")
        lines._replan()
        return True

    def action_release(self):
        """Turn approved lines into purchase and production orders, once.

        Lines already released are left alone, so a second click or a second user makes nothing.

        :raise UserError: a line isn't approved, or has no valid vendor
        :raise AccessError: the user may not order
        """
        lines = self.sudo()._locked()
        self._check_may_release()
        lines = lines.filtered(lambda line: line.state != "released")
        self._check_releasable(lines)
        if lines:
            # released first: documents that plan by themselves must not see the line as open
            lines.write({"state": "released", "natural_key": False})
            lines._create_documents()
            lines._replan()
        return True

    def action_reject(self, reason=None):
        """Reject lines; they don't come back until their demand changes.

        :param str reason: why; asked for in a dialog when empty
        """
        self._check_may_answer()
        if not (reason or "").strip():
            raise UserError(self.env._("Tell why you reject the line."))
        lines = self.sudo()._locked().filtered(lambda line: line.state in OPEN_STATES)
        lines.write({"state": "rejected", "reject_reason": reason.strip()})
        lines._answer_decisions("overruled", reason)
        lines._replan()
        return True

    def action_open_reject(self):
        """Ask for the reason, then reject."""
        self._check_may_answer()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reject"),
            "res_model": "supply.plan.reject",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def action_open_document(self):
        """Open the purchase or production order that the line became."""
        self.ensure_one()
        self.check_access("read")
        document = self._document()
        if not document:
            raise UserError(self.env._("The line isn't released yet."))
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    def _document(self):
        return self.purchase_line_id.order_id

    def _check_may_answer(self):
        """Planners, warehouse and purchasing answer plans of their companies."""
        self.check_access("read")
        groups = self._answer_groups()
        if not self.env.su and not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(self.env._("You may read the plan, but not answer it."))

    @api.model
    def _answer_groups(self):
        return [
            "inventory_link.group_supply_planner",
            "stock.group_stock_user",
            "purchase.group_purchase_user",
        ]

    def _check_may_release(self):
        self.check_access("read")
        user = self.env.user
        if self.env.su or user.has_group("inventory_link.group_supply_planner"):
            return
        groups = self._release_groups()
        for action in set(self.sudo().mapped("action")):
            if not user.has_group(groups.get(action, "inventory_link.group_supply_planner")):
                raise AccessError(self.env._("You may not turn these plan lines into orders."))

    @api.model
    def _release_groups(self):
        """Who besides planners may release, by action."""
        return {"buy": "purchase.group_purchase_user"}

    def _check_releasable(self, lines):
        names = lines.filtered(lambda line: line.state != "approved").product_id.mapped(
            "display_name"
        )
        if names:
            raise UserError(self.env._("Approve first: %(products)s", products=", ".join(names)))
        blocked = lines.filtered(lambda line: line.tentative)
        if blocked:
            raise UserError(self.env._("Lines for orders on credit hold can't be released."))
        missing = lines.filtered(lambda line: line.action == "buy" and not line.vendor_id)
        if missing:
            raise UserError(
                self.env._(
                    "No valid vendor: %(products)s. Add a vendor price on the product.",
                    products=", ".join(missing.product_id.mapped("display_name")),
                )
            )

    def _locked(self):
        """The lines, locked in id order; a second user waits here and then finds them changed."""
        query = "SELECT id FROM supply_plan_line WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
        self.env.cr.execute(SQL(query, self.ids))
        existing = self.browse(row[0] for row in self.env.cr.fetchall())
        existing.invalidate_recordset(["state"], flush=False)
        return existing

    def _answer_decisions(self, answer, reason=None):
        self.env["suite.decision"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("answer", "=", False)]
        )._answer(answer, reason)

    def _replan(self):
        for warehouse, lines in self.grouped("warehouse_id").items():
            self.env["supply.planner"]._plan_products(lines.product_id, warehouse)

    def _create_documents(self):
        """Documents of the lines by action; productions are added by ``production_order``."""
        buy = self.filtered(lambda line: line.action == "buy")
        groups = buy.grouped(
            lambda line: (line.company_id, line.vendor_id, line.currency_id, line.warehouse_id)
        )
        for lines in groups.values():
            lines._create_purchase_order()

    def _create_purchase_order(self):
        """One request for quotation for lines of one vendor, currency and warehouse."""
        first = self[0]
        company = first.company_id
        tz = company.partner_id.tz or "UTC"
        now = fields.Datetime.now()
        order = (
            self.env["purchase.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": first.vendor_id.id,
                    "currency_id": first.currency_id.id,
                    "company_id": company.id,
                    "picking_type_id": first.warehouse_id.in_type_id.id,
                    "date_order": max(now, at_noon(min(self.mapped("order_date")), tz)),
                    "origin": ", ".join(sorted(set(filter(None, self.mapped("order_names"))))),
                    "user_id": self.env.uid,
                }
            )
        )
        vals_list = [line._prepare_purchase_line(order, tz) for line in self]
        for line, document in zip(
            self, self.env["purchase.order.line"].create(vals_list), strict=True
        ):
            line.purchase_line_id = document

    def _prepare_purchase_line(self, order, tz):
        """Values of the purchase line: the plan's quantity, price and date in the vendor's unit."""
        uom = self.supplierinfo_id.product_uom_id or self.product_uom_id
        quantity = self.product_uom_id._compute_quantity(self.quantity, uom, rounding_method="UP")
        values = self.env["purchase.order.line"]._prepare_purchase_order_line(
            self.product_id, quantity, uom, self.company_id, self.vendor_id, order
        )
        planned = max(self.due_date, self.feasible_date or self.due_date)
        values.update(
            product_qty=quantity,
            product_uom_id=uom.id,
            price_unit=self.product_uom_id._compute_price(self.price_unit, uom),
            discount=0.0,
            date_planned=at_noon(planned, tz),
            plan_line_id=self.id,
        )
        return values

    def _prepare_decisions(self):
        """Why each line is as it is, with the values that it came from."""
        return [explain.plan_line_decision(line) for line in self]
