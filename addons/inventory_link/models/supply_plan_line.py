from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, formatLang

from ..engine import explain
from ..tools.fields import PlainMany2one, clean_after_delete

OPEN_STATES = ("proposed", "approved")


class SupplyPlanLine(models.Model):
    """One order that the plan wants: buy or make this much, by that day, for these needs.

    The planner engine owns the rows. People approve, release and reject them; a planner may change
    quantity, needed date and vendor while the line isn't released, and the plan then keeps it.
    What people do is in ``supply_plan_line_edit``, ``_answer`` and ``_release``.
    """

    _name = "supply.plan.line"
    _inherit = ["suite.decision.mixin"]
    _description = "Plan Line"
    _order = "order_date, product_id, id"
    _log_access = False
    _rec_name = "product_id"

    product_id = PlainMany2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    warehouse_id = PlainMany2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = PlainMany2one("res.company", required=True, readonly=True, ondelete="cascade")
    action = fields.Selection(
        [("buy", "Buy"), ("make", "Make"), ("subcontract", "Subcontract")],
        required=True,
        readonly=True,
    )
    quantity = fields.Float(digits="Product Unit", required=True)
    product_uom_id = PlainMany2one("uom.uom", "Unit", required=True, readonly=True)
    vendor_id = fields.Many2one("res.partner", "Vendor", index="btree_not_null")
    supplierinfo_id = PlainMany2one(
        "product.supplierinfo", "Vendor Price", readonly=True, ondelete="set null"
    )
    requisition_id = PlainMany2one(
        "purchase.requisition", "Purchase Agreement", readonly=True, ondelete="set null"
    )
    price_unit = fields.Float(
        "Unit Price", digits="Product Price", readonly=True, help="Net of discount, for one unit."
    )
    currency_id = PlainMany2one("res.currency", readonly=True)
    amount = fields.Monetary("Amount", compute="_compute_amount")
    amount_company = fields.Monetary(
        "Value",
        currency_field="company_currency_id",
        readonly=True,
        help="What the line costs, in company currency at today's rate.",
    )
    company_currency_id = fields.Many2one(
        "res.currency", "Company Currency", related="company_id.currency_id"
    )
    order_date = fields.Date("Order By", readonly=True, help="Latest day to order or to start.")
    due_date = fields.Date("Needed", required=True)
    wanted_date = fields.Date(
        "Planned For",
        readonly=True,
        help="The day for which the plan wanted it, before somebody changed the day.",
    )
    claim_date = fields.Date(
        "Takes Its Turn", readonly=True, help="Of needs that were promised a later day than wanted."
    )
    feasible_date = fields.Date("Possible", readonly=True)
    late_days = fields.Integer("Days Late", readonly=True)
    lead_days = fields.Integer("Lead Time", readonly=True)
    driver_data = fields.Json(readonly=True)
    driver = fields.Char("Why Late", compute="_compute_driver")
    free_quantity = fields.Float(
        "Free", digits="Product Unit", readonly=True, help="Not needed by any order so far."
    )
    loss_quantity = fields.Float(
        "Expected Loss",
        digits="Product Unit",
        readonly=True,
        help="Part of the quantity that won't be usable, by the yield of the bill of materials.",
    )
    tentative = fields.Boolean(
        readonly=True,
        help="For orders that aren't confirmed yet; can't be released.",
    )
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
    )
    edited = fields.Boolean("Changed by Planner", readonly=True)
    reject_reason = fields.Char("Rejected Because", readonly=True)
    decision_pending = fields.Boolean(readonly=True)
    natural_key = fields.Char(readonly=True)
    signature = fields.Char(readonly=True)
    sale_order_id = PlainMany2one(
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
    left_as = fields.Char(
        readonly=True,
        copy=False,
        help="What the plan last wrote on the document. A document that reads differently was"
        " changed by a person and follows the plan no longer.",
    )

    _natural_key_uniq = models.UniqueIndex(
        "(natural_key) WHERE natural_key IS NOT NULL AND state NOT IN ('released', 'cancelled')"
    )
    _pending_idx = models.Index("(id) WHERE decision_pending")
    _quantity_positive = models.Constraint("CHECK (quantity > 0)", "Plan at least something.")

    def init(self):
        """What a foreign key does on deletion, see :class:`PlainMany2one`."""
        self.pool.post_init(clean_after_delete, self)

    @api.depends("quantity", "price_unit")
    def _compute_amount(self):
        for line in self:
            line.amount = line.quantity * line.price_unit

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("driver_data", "late_days")
    def _compute_driver(self):
        texts = explain.tell_late(self.env, self)
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

    # -- actions --------------------------------------------------------------------------------

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

    # -- business -------------------------------------------------------------------------------

    def _document(self):
        return self.purchase_line_id.order_id

    def _document_values(self):
        """What the plan decides about a line's document, as text; empty without a document."""
        bought = self.purchase_line_id
        if not bought:
            return []
        return [
            bought.state,
            bought.order_id.partner_id.id,
            bought.currency_id.id,
            bought.product_uom_id.id,
            round(bought.product_qty, 6),
            round(bought.price_unit, 6),
            bought.date_planned,
        ]

    def _document_signature(self):
        """The same document in the same words; compared with what the plan left."""
        return "|".join(map(str, self._document_values())) or False

    def _moved_to(self, day, wanted):
        """Values of a released line whose document moves to another day, wanted maybe earlier."""
        today = fields.Date.context_today(self.with_context(tz=self.company_id.partner_id.tz))
        shift = day - max(self.due_date, self.feasible_date or self.due_date)
        due = max(wanted or day, today)
        return {
            "due_date": min(due, day),
            "feasible_date": day,
            "late_days": max((day - due).days, 0),
            "order_date": max(today, self.order_date + shift) if self.order_date else today,
        }

    def _is_as_left(self):
        """The document reads as the plan left it: nobody has changed it since."""
        return bool(self.left_as) and self._document_signature() == self.left_as

    def _keep_document(self):
        """Remember the documents as they are now: the plan, not a person, made them so."""
        for line in self:
            line.left_as = line._document_signature()

    def _locked(self, skip=False):
        """The lines, locked in id order; a second user waits here and then finds them changed.

        :param bool skip: leave out those that another transaction holds instead of waiting
        """
        self.env.cr.execute(
            SQL(
                "SELECT id FROM supply_plan_line WHERE id = ANY(%s) ORDER BY id FOR UPDATE %s",
                self.ids,
                SQL("SKIP LOCKED" if skip else ""),
            )
        )
        existing = self.browse(row[0] for row in self.env.cr.fetchall())
        existing.invalidate_recordset(["state"], flush=False)
        return existing

    def _replan(self):
        for warehouse, lines in self.grouped("warehouse_id").items():
            self.env["supply.planner"]._plan_products(lines.product_id, warehouse)

    def _quantity_text(self, quantity):
        """A quantity of the line's product as people read it."""
        number = formatLang(self.env, quantity, dp="Product Unit")
        return f"{number} {self.product_uom_id.name}"

    def action_why(self):
        """What was decided about these lines; decisions of a large run are made up for first."""
        self.check_access("read")
        self.sudo().filtered("decision_pending")._record_decisions()
        return super().action_why()

    def _record_decisions(self):
        """Write down why these lines are as they are."""
        if self:
            self.env["suite.decision"]._record(self._prepare_decisions())
            self.env.cr.execute(
                SQL(
                    "UPDATE supply_plan_line SET decision_pending = FALSE"
                    " WHERE id = ANY(%s) AND decision_pending",
                    self.ids,
                )
            )
            self.invalidate_recordset(["decision_pending"], flush=False)

    @api.model
    def _cron_record_decisions(self, size=1000):
        """The decisions of a large run, in parts of ``size`` lines."""
        cron = self.env["ir.cron"]
        while lines := self.search([("decision_pending", "=", True)], limit=size, order="id"):
            lines._record_decisions()
            left = self.search_count([("decision_pending", "=", True)])
            if not cron._commit_progress(len(lines), remaining=left):
                break

    def _prepare_decisions(self):
        """Why each line is as it is, with the values that it came from."""
        return [explain.plan_line_decision(line) for line in self]
