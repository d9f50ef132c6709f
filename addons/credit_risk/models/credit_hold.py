import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import float_compare, format_amount

from ..tools import records
from ..tools.cure import cure_text, hold_facts, reason_text

_logger = logging.getLogger(__name__)


class CreditHold(models.Model):
    """An order that wasn't confirmed, or a delivery that can't be validated, for credit.

    Rows are made and decided by the methods alone; nobody may write them directly.
    """

    _name = "credit.hold"
    _inherit = ["mail.thread", "mail.activity.mixin", "suite.decision.mixin"]
    _description = "Credit Hold"
    _order = "create_date desc, id desc"
    _mail_post_access = "read"

    name = fields.Char(compute="_compute_name")
    account_id = fields.Many2one(
        "credit.account",
        "Credit Account",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sale_order_id = fields.Many2one(
        "sale.order", "Order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, index=True)
    requested_by_id = fields.Many2one("res.users", "Requested By", readonly=True)
    reason_codes = fields.Char(
        "Reason Codes", readonly=True, help="Comma list of LIMIT, OVERDUE and EXPIRED."
    )
    reason_text = fields.Char("Reasons", compute="_compute_cure")
    amount = fields.Monetary("Document Amount", readonly=True)
    exposure = fields.Monetary("Exposure Before", readonly=True)
    limit_amount = fields.Monetary("Limit Then", readonly=True)
    excess_amount = fields.Monetary(
        "Over By", readonly=True, help="What exceeds the limit, this document included."
    )
    overdue_amount = fields.Monetary("Overdue", readonly=True)
    overdue_days = fields.Integer("Days Overdue", readonly=True)
    cure = fields.Text(compute="_compute_cure", help="The cheapest ways to get free.")
    state = fields.Selection(
        [
            ("open", "Open"),
            ("released", "Released"),
            ("rejected", "Rejected"),
            ("closed", "Closed"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    automatic = fields.Boolean("Released by the System", readonly=True)
    released_by_id = fields.Many2one("res.users", "Decided By", readonly=True)
    released_date = fields.Datetime("Decided On", readonly=True)
    release_reason = fields.Text("Reason Given", readonly=True)
    valid_until = fields.Date(
        "Release Valid Until", readonly=True, help="Last day of the release; empty for no end."
    )
    approved_amount = fields.Monetary("Approved Amount", readonly=True)
    deviation_percent = fields.Float("Deviation Allowed (%)", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, ondelete="set null", groups="base.group_system"
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _document_check = models.Constraint(
        "CHECK((sale_order_id IS NULL) <> (picking_id IS NULL))",
        "A hold is about one order or one delivery.",
    )
    _open_order_uniq = models.UniqueIndex("(sale_order_id) WHERE state = 'open'")
    _open_picking_uniq = models.UniqueIndex("(picking_id) WHERE state = 'open'")

    # ------------------------------------------------------------------ computes

    @api.depends("sale_order_id.name", "picking_id.name")
    def _compute_name(self):
        for hold in self.sudo():
            hold.name = hold.sale_order_id.name or hold.picking_id.name

    @api.depends("name")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = self.env._("Hold of %(document)s", document=hold.name)

    @api.depends_context("lang")
    @api.depends("reason_codes", "excess_amount", "overdue_amount", "state", "limit_amount")
    def _compute_cure(self):
        for hold in self:
            codes = tuple((hold.reason_codes or "").split(","))
            hold.reason_text = reason_text(self.env, codes)
            hold.cure = hold.state == "open" and cure_text(self.env, hold_facts(hold, codes))

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_decide(self):
        controller = self.env.user.has_group("credit_risk.group_credit_controller")
        for hold in self:
            hold.can_decide = (
                controller and hold.state == "open" and self.env.user not in hold._involved_users()
            )

    # ------------------------------------------------------------------ actions

    def action_release(self, reason, valid_until=None, deviation_percent=None, shown_amount=None):
        """Let the order be confirmed, or the delivery be validated, in spite of the credit.

        :param str reason: why; needed, kept in the ledger
        :param valid_until: last day of the release (default: the company's number of days)
        :param float deviation_percent: how much the order may still grow (default: company's,
            which only credit managers may exceed)
        :param float shown_amount: sum of the amounts that the user has seen
        :raise AccessError: for others than credit controllers
        :raise UserError: no reason; decided already; the document is the user's own (four eyes);
            its amount isn't the one on the hold any more
        """
        reason = self._check_decision(reason)
        if shown_amount is not None and abs(shown_amount - sum(self.mapped("amount"))) > 0.005:
            raise UserError(
                self.env._("The amounts have changed in the meantime. Look again and decide anew.")
            )
        for hold in self.sudo():
            hold._check_amount()
            hold._release(
                reason,
                valid_until=fields.Date.to_date(valid_until) or hold._default_valid_until(),
                deviation_percent=hold._allowed_deviation(deviation_percent),
            )
        return True

    def action_reject(self, reason):
        """Refuse: the order stays a quotation, its salesperson is told why.

        :raise AccessError, UserError: as for :meth:`action_release`
        """
        reason = self._check_decision(reason)
        for hold in self.sudo():
            hold._decide("rejected", reason)
            hold._tell_salesperson(rejected=reason)
        return True

    def action_decide(self):
        """The dialog that asks for the reason of a release or (by context) a rejection."""
        self.check_access("read")
        self.sudo()._refresh_open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_risk.credit_hold_decide_action"
        )
        decision = self.env.context.get("default_decision", "release")
        return dict(action, context={"default_hold_ids": self.ids, "default_decision": decision})

    def action_open_document(self):
        """Open the order or the delivery."""
        self.ensure_one()
        self.check_access("read")
        return (self.sale_order_id or self.picking_id)._get_records_action()

    # ------------------------------------------------------------------ business: decide

    def _check_decision(self, reason):
        """Whether the current user may decide these holds; the cleaned reason."""
        if not self.env.user.has_group("credit_risk.group_credit_controller"):
            raise AccessError(self.env._("Only credit controllers may decide about a hold."))
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        for hold in self:
            if hold.state != "open":
                raise UserError(
                    self.env._("%(document)s has been decided already.", document=hold.name)
                )
            if self.env.user in hold._involved_users():
                raise UserError(
                    self.env._(
                        "%(document)s is your own; somebody else has to decide (four eyes).",
                        document=hold.name,
                    )
                )
        return reason

    def _involved_users(self):
        """Who made, sells, last changed or asked to confirm the document: they can't decide."""
        self.ensure_one()
        hold = self.sudo()
        order = hold.sale_order_id or hold.picking_id.sale_id
        involved = order.create_uid | order.user_id
        if not order:
            involved = hold.picking_id.create_uid
        elif order.state in ("draft", "sent"):
            involved |= order.order_line.write_uid
        return involved | (hold.requested_by_id if hold.sale_order_id else involved)

    def _default_valid_until(self):
        days = self.company_id.credit_release_days
        return self.company_id._credit_today() + timedelta(days=days - 1) if days else False

    def _allowed_deviation(self, percent):
        """Percent that the document may grow: more than the company's is for credit managers."""
        usual = self.company_id.credit_release_deviation
        if percent is None:
            return usual
        if not self.env.user.has_group("credit_risk.group_credit_manager"):
            percent = min(percent, usual)
        return max(0.0, percent)

    def _current_amount(self):
        """What the document adds (an order) or ships (a delivery) now, company currency."""
        if self.sale_order_id:
            return self.sale_order_id._credit_amounts()[self.sale_order_id.id]
        return self.picking_id._credit_goods_amount()

    def _check_amount(self):
        """:raise UserError: a person would approve another amount than the hold shows"""
        amount = self._current_amount()
        if self.currency_id.compare_amounts(amount, self.amount):
            raise UserError(
                self.env._(
                    "%(document)s is now about %(amount)s, not %(shown)s. Open it again and "
                    "decide anew.",
                    document=self.name,
                    amount=format_amount(self.env, amount, self.currency_id),
                    shown=format_amount(self.env, self.amount, self.currency_id),
                )
            )

    def _release(self, reason, valid_until=False, deviation_percent=0.0, automatic=False):
        """Release one hold and confirm its order; ``self`` is sudo."""
        self.ensure_one()
        order = self.sale_order_id
        self.write(
            {
                "approved_amount": self._current_amount(),
                "valid_until": valid_until,
                "deviation_percent": deviation_percent,
                "automatic": automatic,
            }
        )
        self._decide("released", reason)
        if order and order.state in ("draft", "sent"):
            order.action_confirm()

    def _decide(self, state, reason):
        """Close one open hold by a decision that stays on record."""
        self.ensure_one()
        self.activity_id.unlink()
        self.write(
            {
                "state": state,
                "released_by_id": self.env.uid,
                "released_date": fields.Datetime.now(),
                "release_reason": reason,
            }
        )
        if self.sale_order_id:
            self.env["suite.outlook"]._changed(self.sale_order_id)
        self.env["suite.decision"]._record(records.release_decisions(self, state, reason))
        self.env["suite.ledger.entry"]._append(
            "credit.release" if state == "released" else "credit.reject",
            records.release_entry(self, reason),
            self.company_id,
        )

    def _title(self):
        """One line: why the document waits."""
        if not self.excess_amount:
            return self.env._("Credit hold: %(reasons)s.", reasons=self.reason_text)
        return self.env._(
            "Credit hold: %(reasons)s. Over by %(excess)s.",
            reasons=self.reason_text,
            excess=format_amount(self.env, self.excess_amount, self.currency_id),
        )

    def _tell_salesperson(self, rejected=None):
        """An activity in the salesperson's language: the hold, or why it was rejected."""
        document = self.sale_order_id or self.picking_id
        user = self.user_id or self.sale_order_id.create_uid or self.env.user
        hold = self.with_context(lang=user.lang)
        note = hold._title(user)
        if rejected:
            note = hold.env._("Credit hold rejected: %(reason)s", reason=rejected)
        self.activity_id = document.activity_schedule(
            "mail.mail_activity_data_warning", note=note, user_id=user.id
        )

    # ------------------------------------------------------------------ business: make, close

    @api.model
    def _prepare_hold(self, account, figures, added, document):
        """Values of a hold; ``added`` is what the document would add to the exposure."""
        return records.hold_values(figures, added) | {
            "account_id": account.id,
            "user_id": document.user_id.id,
        }

    def _covers(self, amount):
        """Whether one of these holds is a person's release that still covers the amount."""
        for hold in self:
            if hold.state != "released" or hold.automatic:
                continue
            if hold.valid_until and hold.valid_until < hold.company_id._credit_today():
                continue
            allowed = hold.approved_amount * (1 + hold.deviation_percent / 100)
            digits = hold.currency_id.decimal_places
            if float_compare(amount, allowed, precision_digits=digits) <= 0:
                return True
        return False

    def _close(self):
        """The reason is gone, or the document is."""
        holds = self.filtered(lambda hold: hold.state in ("open", "released"))
        holds.activity_id.unlink()
        waiting = holds.filtered(lambda hold: hold.state == "open").sale_order_id
        holds.write({"state": "closed"})
        if waiting:
            self.env["suite.outlook"]._changed(waiting)

    @api.model
    def _close_shipped(self, pickings):
        """Deliveries that are done or cancelled need no decision any more."""
        over = pickings.filtered(lambda picking: picking.state in ("done", "cancel"))
        self.search([("picking_id", "in", over.ids), ("state", "=", "open")])._close()

    @api.model
    def _release_what_fits(self, accounts, cause):
        """Confirm held orders that fit now: oldest first, each counted for the next one.

        One that doesn't fit doesn't stop later ones that do. An order that can't be confirmed
        for another reason keeps its hold and gets a note; what freed the credit goes on.
        """
        holds = self.search(
            [
                ("state", "=", "open"),
                ("sale_order_id", "!=", False),
                ("account_id", "in", accounts.ids),
            ],
            order="create_date, id",
        )
        if not holds:
            return
        accounts = holds.account_id
        accounts._bump()
        figures = accounts._figures()
        amounts = holds.sale_order_id._credit_amounts()
        used = dict.fromkeys(accounts.ids, 0.0)
        for hold in holds:
            key, amount = hold.account_id.id, amounts[hold.sale_order_id.id]
            if not figures[key].reasons(used[key] + amount) and hold._try_release(cause):
                used[key] += amount
            elif hold.state == "open":
                hold._refresh(figures[key], used[key] + amount, amount)

    def _try_release(self, cause):
        """Release one hold by itself; False if its order can't be confirmed now."""
        try:
            with self.env.cr.savepoint():
                self._release(cause, automatic=True)
        except (UserError, ValidationError) as error:
            _logger.info("Order of hold %s fits but can't be confirmed: %s", self.id, error)
            self.invalidate_recordset()
            self.message_post(
                body=self.env._("Fits again, but can't be confirmed: %(error)s", error=str(error))
            )
            return False
        return True

    def _refresh_open(self):
        """Bring the open ones of these holds up to date with their documents."""
        holds = self.filtered(lambda hold: hold.state == "open")
        figures = holds.account_id._figures()
        for hold in holds:
            amount = hold._current_amount()
            added = amount if hold.sale_order_id else 0.0
            hold._refresh(figures[hold.account_id.id], added, amount)

    def _refresh(self, figures, added, amount):
        """Bring the numbers of an open hold up to date (written only when they differ)."""
        fresh = records.hold_values(figures, added) | {"amount": amount}
        changed = {name: value for name, value in fresh.items() if self[name] != value}
        if changed:
            self.write(changed)
