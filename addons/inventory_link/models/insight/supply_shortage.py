from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import explain, insight_shortage

#: Who sees the shortages of everybody; a salesperson sees those of his own orders.
ALL_GROUPS = (
    "stock.group_stock_user",
    "purchase.group_purchase_user",
    "sales_team.group_sale_salesman_all_leads",
)


class SupplyShortage(models.Model):
    """Needs that won't be met in time, where the lateness begins: see
    ``engine/insight_shortage.py`` for the rule. The id is that of the peg."""

    _name = "supply.shortage"
    _description = "Shortage"
    _auto = False
    _order = "date, id"
    _rec_name = "product_id"
    _depends = {
        "supply.message": ["state", "kind", "purchase_line_id", "product_id", "warehouse_id"],
        "purchase.order.line": ["order_id"],
        "sale.order": ["partner_id"],
        "sale.order.line": ["order_id"],
    }

    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product Template", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    quantity = fields.Float(
        "Short", digits="Product Unit", readonly=True, help="Not there on the day it is needed."
    )
    date = fields.Date("Needed", readonly=True)
    feasible_date = fields.Date("Possible", readonly=True, help="Empty: nothing is on its way.")
    earliest_date = fields.Date(
        "Possible if Expedited",
        readonly=True,
        help="The day when open orders move as the plan messages ask.",
    )
    late_days = fields.Integer("Days Late", readonly=True, aggregator="max")
    no_date = fields.Boolean("No Date", readonly=True)
    tentative = fields.Boolean(readonly=True, help="For an order that isn't confirmed.")
    driver_data = fields.Json(readonly=True)
    driver = fields.Char("Reason", compute="_compute_driver")
    sale_line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    sale_order_id = fields.Many2one("sale.order", "Sales Order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    plan_line_id = fields.Many2one("supply.plan.line", "Component of", readonly=True)
    purchase_line_id = fields.Many2one("purchase.order.line", "Sent for", readonly=True)
    move_id = fields.Many2one("stock.move", "Other Need", readonly=True)
    forecast_id = fields.Many2one("supply.forecast", "Forecast", readonly=True)
    safety = fields.Boolean("Safety Stock", readonly=True)
    need = fields.Char("Needed For", compute="_compute_need")
    order_names = fields.Char("Sales Orders", compute="_compute_orders")
    customer_names = fields.Char("Customers", compute="_compute_orders")
    is_mine = fields.Boolean("My Orders", compute="_compute_is_mine", search="_search_is_mine")
    supply = fields.Selection(
        selection=lambda self: (
            self.env["supply.peg"]._fields["supply"]._description_selection(self.env)
        ),
        string="Covered By",
        readonly=True,
    )
    supply_plan_line_id = fields.Many2one("supply.plan.line", "Plan Line", readonly=True)
    supply_purchase_line_id = fields.Many2one("purchase.order.line", "Purchase Line", readonly=True)
    purchase_order_id = fields.Many2one("purchase.order", "Purchase Order", readonly=True)
    supply_move_id = fields.Many2one("stock.move", "Receipt", readonly=True)
    message_id = fields.Many2one("supply.message", "Plan Message", readonly=True)
    problem_id = fields.Many2one("supply.message", "Data Problem", readonly=True)
    on_hand = fields.Float("On Hand", digits="Product Unit", compute="_compute_stock")
    next_receipt_date = fields.Date("Next Receipt", compute="_compute_stock")
    next_receipt_id = fields.Many2one(
        "stock.picking", "Arrives With", compute="_compute_stock", groups="stock.group_stock_user"
    )
    todo = fields.Selection(
        [
            ("expedite", "Expedite"),
            ("chase", "Ask the vendor"),
            ("receipt", "Hurry the receipt"),
            ("production", "Make it earlier"),
            ("decide", "Rejected: decide"),
            ("data", "Mend the data"),
            ("vendor", "Choose a vendor"),
            ("approve", "Approve the line"),
            ("release", "Release the line"),
            ("look", "Look at the product"),
        ],
        "What to Do",
        readonly=True,
    )
    todo_document = fields.Char("Where", compute="_compute_todo_document")

    @property
    def _table_query(self):
        return insight_shortage.query(
            self.env["supply.peg"]._chain_columns(),
            self._message_columns(),
            self._todo_cases(),
        )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_driver(self):
        texts = explain.tell(self.env, [row.driver_data for row in self])
        for row, text in zip(self, texts, strict=True):
            row.driver = text

    @api.depends_context("lang", "uid")
    def _compute_need(self):
        for row in self:
            row.need = row.sudo()._need_text()

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_orders(self):
        roots = self._root_lines()
        lines = self.env["sale.order.line"].sudo().browse(set().union(*roots.values()))
        if not self._sees_all():
            lines = lines.filtered(lambda line: line.salesman_id == self.env.user)
        lines.fetch(["order_id"])
        for row in self:
            orders = lines.browse(sorted(roots.get(row.id, set()) & set(lines._ids))).order_id
            row.order_names = ", ".join(orders.sorted("id").mapped("name"))
            names = dict.fromkeys(orders.partner_id.commercial_partner_id.mapped("display_name"))
            row.customer_names = ", ".join(names)

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self._mine()
        for row in self:
            row.is_mine = row.id in mine

    def _search_is_mine(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        domain = Domain("id", "in", sorted(self._mine()))
        return domain if (True in value) == (operator == "in") else ~domain

    @api.depends_context("allowed_company_ids")
    def _compute_stock(self):
        rows = self.sudo()
        receipts = self._next_receipts(rows)
        on_hand = {
            (product.id, warehouse.id): product.qty_available
            for warehouse, group in rows.grouped("warehouse_id").items()
            for product in group.product_id.with_context(warehouse_id=warehouse.id)
        }
        for row, known in zip(self, rows, strict=True):
            key = known.product_id.id, known.warehouse_id.id
            row.on_hand = on_hand[key]
            row.next_receipt_date, row.next_receipt_id = receipts.get(key, (False, False))

    @api.depends_context("lang", "uid")
    def _compute_todo_document(self):
        for row in self:
            document = row.sudo()._todo_record()
            row.todo_document = document.display_name if document else False

    # -- actions --------------------------------------------------------------------------------

    def action_open_todo(self):
        """Open exactly the document, plan line or message that has to be worked on."""
        self.ensure_one()
        self.check_access("read")
        record = self._todo_record()
        record.check_access("read")
        if record._name in ("supply.message", "supply.plan.line"):
            name = record._name.replace(".", "_")
            action = self.env["ir.actions.actions"]._for_xml_id(f"inventory_link.{name}_action")
            return action | {"domain": [("id", "=", record.id)], "context": {}}
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    # -- business -------------------------------------------------------------------------------

    @api.model
    def _all_groups(self):
        """Groups whose users see the shortages of everybody."""
        return ALL_GROUPS

    @api.model
    def _message_columns(self):
        """Pairs (document column of plan messages, supply column of pegs)."""
        return [("purchase_line_id", "supply_purchase_line_id")]

    @api.model
    def _todo_cases(self):
        return insight_shortage.todo_cases()

    def _todo_record(self):
        """The record to work on; extended for productions."""
        if self.todo == "expedite":
            return self.message_id
        if self.todo == "data":
            return self.problem_id
        if self.supply_move_id:
            return self.supply_move_id.picking_id or self.product_id
        return self.purchase_order_id or self.supply_plan_line_id or self.product_id

    def _need_text(self):
        """What asks for it, in a few words; extended for productions."""
        if self.sale_line_id:
            return self.env._(
                "%(order)s, %(customer)s",
                order=self.sale_order_id.name,
                customer=self.partner_id.display_name,
            )
        if self.plan_line_id:
            return self.env._(
                "Planned production of %(product)s", product=self.plan_line_id.product_id.name
            )
        if self.purchase_line_id:
            return self.env._(
                "Sent to the subcontractor for %(order)s",
                order=self.purchase_line_id.order_id.name,
            )
        if self.safety:
            return self.env._("Safety stock")
        if self.forecast_id:
            return self.env._("Forecast")
        return self.move_id.picking_id.name or self.move_id.reference or ""

    def _root_lines(self):
        """``{row id: order lines that wait for it}``, through all levels; a query a chain."""
        pegs, rows = self.env["supply.peg"].sudo(), self.sudo()
        result = {row.id: {row.sale_line_id.id} for row in rows if row.sale_line_id}
        for demand, supply in pegs._chain_columns():
            roots = pegs._roots(supply, rows[demand].ids)
            for row in rows:
                if number := row[demand].id:
                    result[row.id] = roots.get(number, set())
        return result

    def _sees_all(self):
        return self.env.su or any(self.env.user.has_group(group) for group in self._all_groups())

    @api.model
    def _mine(self):
        """Pegs below the open order lines of the user: they are the ids of this model."""
        lines = self.env["sale.order.line"].sudo()
        mine = lines._search([("salesman_id", "=", self.env.uid), ("state", "!=", "cancel")])
        pegged = (
            self.env["supply.peg"]
            .sudo()
            ._read_group([("sale_line_id", "in", mine)], [], ["sale_line_id:recordset"])
        )
        return set(self.env["supply.peg"].sudo()._documents_of(pegged[0][0].ids)._ids)

    @api.model
    def _next_receipts(self, rows):
        """``{(product, warehouse): (day, transfer)}`` of the next open receipt."""
        self.env["stock.move"].flush_model()
        self.env.cr.execute(
            insight_shortage.NEXT_RECEIPT,
            {"products": rows.product_id.ids, "warehouses": rows.warehouse_id.ids},
        )
        return {(row[0], row[1]): (row[2], row[3]) for row in self.env.cr.fetchall()}
