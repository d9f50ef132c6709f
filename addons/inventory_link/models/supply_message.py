from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..engine import explain
from ..tools import BY_PLAN, at_noon

#: Kinds that change the document; others only tell.
CHANGES = ("expedite", "postpone", "increase", "decrease", "cancel")
#: How often one wish is followed within a transaction before it is left to a person: a document
#: that takes another value than the plan wrote would send the two round in circles.
MOST_FOLLOWED = 3

#: Messages about no document: somebody has to mend data, or to decide.
NOTES = ("minimum", "problem")


class SupplyMessage(models.Model):
    """What the plan would change on an open document. State, not event: the same document and the
    same wish are the same message, and it goes away by itself when the wish does."""

    _name = "supply.message"
    _inherit = ["suite.decision.mixin"]
    _description = "Plan Message"
    _order = "date_needed, id"
    _rec_name = "product_id"

    kind = fields.Selection(
        [
            ("expedite", "Expedite"),
            ("postpone", "Postpone"),
            ("increase", "Increase"),
            ("decrease", "Decrease"),
            ("cancel", "Cancel"),
            ("minimum", "Below Minimum"),
            ("problem", "Data Problem"),
        ],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade", index=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        "Purchase Line",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    purchase_order_id = fields.Many2one(
        "purchase.order", "Purchase Order", related="purchase_line_id.order_id"
    )
    vendor_id = fields.Many2one(
        "res.partner", "Vendor Below Minimum", readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Vendor", compute="_compute_partner_id")
    problem = fields.Char(readonly=True)
    problem_data = fields.Json(readonly=True)
    note = fields.Char("What to Do", compute="_compute_note")
    quantity_now = fields.Float(digits="Product Unit", readonly=True)
    quantity_needed = fields.Float(digits="Product Unit", readonly=True)
    date_now = fields.Date("Date Now", readonly=True)
    date_needed = fields.Date("Date Needed", readonly=True)
    date_wanted = fields.Date(
        "Wanted",
        readonly=True,
        help="The day of the need; the date needed is never before what vendor and material allow.",
    )
    state = fields.Selection(
        [("open", "Open"), ("applied", "Applied"), ("dismissed", "Dismissed")],
        "Status",
        required=True,
        default="open",
        readonly=True,
        index=True,
    )
    dismiss_reason = fields.Char("Dismissed Because", readonly=True)

    _purchase_uniq = models.UniqueIndex(
        "(kind, purchase_line_id) WHERE purchase_line_id IS NOT NULL AND state != 'applied'"
    )

    @api.depends("purchase_line_id", "vendor_id")
    def _compute_partner_id(self):
        for message in self:
            message.partner_id = message.purchase_line_id.partner_id or message.vendor_id

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("problem_data", "kind", "quantity_now", "quantity_needed", "date_needed")
    def _compute_note(self):
        texts = explain.tell_messages(self.env, self)
        for message, text in zip(self, texts, strict=True):
            message.note = text

    def action_apply(self):
        """Change the documents as the messages say.

        :raise AccessError: the user doesn't plan
        :raise UserError: the document can't take the change any more
        """
        self._check_may_act()
        messages = self.sudo()._locked().filtered(lambda message: message.state == "open")
        told = messages.filtered(lambda message: message.kind in NOTES)
        if told:
            raise UserError(
                self.env._(
                    "These messages can't be applied by a click, somebody has to act:\n%(notes)s",
                    notes="\n".join(told.mapped("note")),
                )
            )
        # applied first: documents plan by themselves, and an open message that nothing wants goes
        messages.write({"state": "applied"})
        planned = messages._planned_things()
        for message in messages:
            if message.exists():  # a message goes with the purchase line that another takes out
                message._apply()
                message.exists()._tell_plan_line()
        messages._answer_decisions("accepted")
        for warehouse, products in planned:
            self.env["supply.planner"]._plan_products(products, warehouse)
        return True

    def action_dismiss(self, reason=None):
        """Leave the documents as they are; the message comes back only if its wish changes."""
        self._check_may_act()
        if not (reason or "").strip():
            raise UserError(self.env._("Tell why you dismiss the message."))
        messages = self.sudo()._locked().filtered(lambda message: message.state == "open")
        messages.write({"state": "dismissed", "dismiss_reason": reason.strip()})
        messages._answer_decisions("overruled", reason)
        return True

    def action_open_dismiss(self):
        """Ask for the reason, then dismiss."""
        self._check_may_act()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Dismiss"),
            "res_model": "supply.message.dismiss",
            "view_mode": "form",
            "target": "new",
            "context": {"default_message_ids": self.ids},
        }

    def action_open_document(self):
        """Open the document that the message is about."""
        self.ensure_one()
        self.check_access("read")
        document = self._document() or self.vendor_id or self.product_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    # -- business -------------------------------------------------------------------------------

    def _document(self):
        return self.purchase_line_id.order_id

    def _check_may_act(self):
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group("inventory_link.group_supply_planner"):
            raise AccessError(self.env._("Only planners answer plan messages."))

    def _locked(self):
        self.env.cr.execute(
            SQL("SELECT id FROM supply_message WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        existing = self.browse(row[0] for row in self.env.cr.fetchall())
        existing.invalidate_recordset(["state"], flush=False)
        return existing

    def _apply(self):
        """Apply one message; extended for productions."""
        line = self.purchase_line_id
        if not line or self.kind not in CHANGES:
            return
        if self.kind in ("expedite", "postpone"):
            tz = self.company_id.partner_id.tz or "UTC"
            line.date_planned = at_noon(self.date_needed, tz)
        elif self.quantity_needed:
            self._resize_purchase_line(line)
        else:
            self._cancel_purchase_line(line)

    def _resize_purchase_line(self, line):
        """Another quantity and nothing else: Odoo would date and price the line anew."""
        kept = ("date_planned", "price_unit", "discount", "name")
        line.write(
            {
                "product_qty": max(self._in_line_unit(self.quantity_needed), line.qty_received),
                **{name: line[name] for name in kept},
            }
        )

    def _in_line_unit(self, quantity):
        return self.product_id.uom_id._compute_quantity(
            quantity, self.purchase_line_id.product_uom_id, rounding_method="UP"
        )

    def _cancel_purchase_line(self, line):
        """Take the line out; an order without other lines is cancelled with it."""
        order = line.order_id
        plan_line = line.plan_line_id
        others = order.order_line.filtered(
            lambda other: other != line and not other.display_type and other.product_qty
        )
        if not others:
            order.button_cancel()
        elif order.state in ("draft", "sent"):
            line.unlink()
        else:
            line.product_qty = line.qty_received
        plan_line.state = "cancelled"

    @api.model
    def _follow_drafts(self, message_ids):
        """Documents that the plan made and nobody touched follow by themselves while they are
        drafts.

        :return: products whose documents changed
        """
        messages = (
            self.browse(message_ids)
            .with_context(supply_by_plan=BY_PLAN)
            .filtered(
                lambda message: (
                    message.state == "open"
                    and message.kind in CHANGES
                    and message._is_plan_draft()
                    and not message._is_going_round()
                )
            )
        )
        messages.write({"state": "applied"})
        # a message goes with the purchase line that it takes out
        products = [message.product_id.id for message in messages]
        pairs = zip(messages, products, strict=True)
        return {product for message, product in pairs if message._follow()}

    def _follow(self):
        """Change the draft as wished; False, and the message stays, when it takes no change."""
        plan_line = self._plan_line()
        before = plan_line.left_as
        self._apply()
        if not self.exists() or not plan_line._document():
            return True
        if plan_line._document_signature() == before:
            self.state = "open"
            return False
        self._keep_plan_values()
        return True

    def _plan_line(self):
        """The plan line that the document came from; empty for one made by hand."""
        return self.purchase_line_id.plan_line_id

    def _is_draft(self):
        return self.purchase_line_id.order_id.state == "draft"

    def _is_plan_draft(self):
        """Made by the plan, still a draft, and as the plan left it."""
        plan_line = self._plan_line()
        return bool(
            plan_line.left_as
            and self._is_draft()
            and plan_line._document_signature() == plan_line.left_as
        )

    def _is_going_round(self):
        """The same wish was followed again and again in this transaction."""
        same = (
            *("kind", "purchase_line_id", *self._document_columns()),
            *("quantity_now", "quantity_needed", "date_now", "date_needed"),
        )
        values = self.read(same, load="")[0]
        domain = [(name, "=", values[name]) for name in same]
        domain += [("state", "=", "applied"), ("write_date", "=", self.env.cr.now())]
        return self.search_count(domain, limit=MOST_FOLLOWED) >= MOST_FOLLOWED

    @api.model
    def _document_columns(self):
        """Fields besides ``purchase_line_id`` that name a message's document."""
        return []

    def _keep_plan_values(self):
        """The plan line says what the draft says now."""
        plan_line = self._plan_line()
        if self.kind in ("expedite", "postpone"):
            plan_line.write(plan_line._moved_to(self.date_needed, self.date_wanted))
            self._move_order_day()
        elif self.quantity_needed:
            plan_line.quantity = self._document_quantity()
            self._follow_price(plan_line)
        plan_line._keep_document()

    def _tell_plan_line(self):
        """The plan line of a document that a person changed by a message says the same."""
        plan_line = self._plan_line().exists()
        if not plan_line or plan_line.state != "released":
            return
        if self.kind in ("expedite", "postpone"):
            plan_line.write(plan_line._moved_to(self.date_needed, self.date_wanted))
        elif self.quantity_needed:
            plan_line.quantity = self._document_quantity()

    def _document_quantity(self):
        return self.purchase_line_id.product_uom_qty

    def _move_order_day(self):
        """A request is sent on the day that its first line has to be ordered."""
        order = self.purchase_line_id.order_id
        days = order.order_line.plan_line_id.mapped("order_date")
        if days:
            tz = self.company_id.partner_id.tz or "UTC"
            order.date_order = max(fields.Datetime.now(), at_noon(min(days), tz))

    def _follow_price(self, plan_line):
        """Another quantity may have another price; a vendor without one keeps what was agreed."""
        line = self.purchase_line_id
        row = line and plan_line._best_row()
        if row:
            plan_line.write(plan_line._prepare_price(row))
            plan_line.amount_company = plan_line._company_amount()
            line.price_unit = plan_line.product_uom_id._compute_price(
                plan_line.price_unit, line.product_uom_id
            )

    def _answer_decisions(self, answer, reason=None):
        self.env["suite.decision"].sudo().search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("answer", "=", False)]
        )._answer(answer, reason)

    def _planned_things(self):
        """Warehouses and products of these messages, which may be gone afterwards."""
        return [
            (warehouse, messages.product_id)
            for warehouse, messages in self.grouped("warehouse_id").items()
        ]

    def _prepare_decisions(self):
        """Why each message is there."""
        return [
            {
                "kind": "supply.message",
                "res_model": self._name,
                "res_id": message.id,
                "company_id": message.company_id.id,
                "partner_id": message.partner_id.id,
                "outcome": message.kind,
                "explanation": explain.message(message),
                "rule": f"product.product:{message.product_id.id}",
                "rule_version": "1",
                "inputs": message._decision_inputs(),
            }
            for message in self
        ]

    def _note_inputs(self):
        """What a message about no document rests on."""
        record = self.vendor_id or self.product_id
        name = "supply_min_order_value" if self.vendor_id else "display_name"
        return [{"model": record._name, "id": record.id, "field": name, "value": record[name]}]

    def _decision_inputs(self):
        line = self.purchase_line_id
        if not line:
            return self._note_inputs()
        return [
            {
                "model": "purchase.order.line",
                "id": line.id,
                "field": "product_qty",
                "value": line.product_qty,
            }
        ]
