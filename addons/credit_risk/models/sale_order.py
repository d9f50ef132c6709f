from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.clearance import cleared
from ..tools.cure import reason_text
from ..tools.documents import judge_order
from ..tools.guarded import without

# Changes of a confirmed order that can move exposure between customers or raise it.
# Date, currency and pricelist decide by which rate its value is counted.
PAYER_FIELDS = {"partner_id", "partner_invoice_id", "company_id"}
EXPOSURE_FIELDS = PAYER_FIELDS | {"state", "date_order", "currency_id", "pricelist_id"}
KEPT_BY_SYSTEM = {"credit_state", "credit_warned", "remainder_closed"}
# Odoo computes them and still lets a caller write them; exposure is counted with them.
TOTALS = {"amount_total", "amount_untaxed", "amount_tax", "currency_rate"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "suite.decision.mixin"]
    # Finance reads orders and can't write them, yet notes on them, and so do payments in its name.
    _mail_post_access = "read"

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "sale_order_id",
        "Credit Holds",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice,credit_risk.group_credit_controller",
    )
    credit_warned = fields.Boolean(readonly=True, copy=False)
    credit_state = fields.Selection(
        [
            ("clear", "Clear"),
            ("warning", "Warning"),
            ("hold", "Credit Hold"),
            ("released", "Released"),
        ],
        "Credit",
        compute="_compute_credit_state",
        store=True,
        compute_sudo=True,
        copy=False,
    )
    credit_message = fields.Text(compute="_compute_credit_message", compute_sudo=True)
    credit_fits = fields.Boolean(
        compute="_compute_credit_message",
        compute_sudo=True,
        help="Nothing speaks against confirming the quotation.",
    )
    credit_part_fits = fields.Boolean(compute="_compute_credit_part_fits", compute_sudo=True)
    remainder_closed = fields.Boolean(
        readonly=True,
        copy=False,
        help="Nothing more will be delivered or invoiced: the rest is no exposure.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("credit_hold_ids.state", "credit_warned", "state")
    def _compute_credit_state(self):
        for order in self:
            states = set(order.credit_hold_ids.mapped("state"))
            if "open" in states:
                order.credit_state = "hold"
            elif "released" in states:
                order.credit_state = "released"
            else:
                order.credit_state = "warning" if order.credit_warned else "clear"

    @api.depends_context("lang", "uid")
    @api.depends(
        "credit_state",
        "amount_total",
        "partner_id",
        "partner_invoice_id",
        "payment_term_id",
        "commitment_date",
        "currency_id",
        "company_id",
        "state",
    )
    def _compute_credit_message(self):
        """Held: reasons and cure. Quotation: what confirming it would do, live while typing."""
        self.credit_message = False
        self.credit_fits = True
        for order in self.filtered(lambda rec: rec.credit_state == "hold"):
            hold = order.credit_hold_ids.filtered(lambda rec: rec.state == "open")[:1]
            order.credit_message = f"{hold._title()}\n{hold.cure}"
        quotes = self.filtered(
            lambda rec: (
                rec.state in ("draft", "sent")
                and rec.credit_state != "hold"
                and rec.partner_invoice_id
                and rec._is_credit_controlled()
            )
        )
        accounts = quotes._credit_accounts(make=False)
        figures = self.env["credit.account"].union(*accounts.values())._figures()
        for order in quotes.filtered(lambda rec: rec.id in accounts):
            account = accounts[order.id]
            order.credit_message = order._credit_preview(account, figures[account.id])

    @api.depends("credit_state", "amount_total")
    def _compute_credit_part_fits(self):
        for order in self:
            hold = order._origin.credit_hold_ids.filtered(lambda rec: rec.state == "open")
            order.credit_part_fits = bool(hold and hold[0]._what_fits())

    def _credit_preview(self, account, figures):
        """What the order as it is on the screen would do; numbers only to who may see them."""
        company = self.company_id
        amount = self.currency_id._convert(
            self.amount_total, company.currency_id, company, company._credit_today()
        )
        document, verdict = judge_order(self, figures, amount)
        text = reason_text(self.env, verdict.blocking or verdict.warnings)
        self.credit_fits = not text
        if not account.sudo(False).has_access("read"):
            return text and self.env._("Credit: the customer is %(reasons)s.", reasons=text)
        if not text and figures.unlimited:
            return False
        if not text:
            return self.env._(
                "Credit: with this order the customer uses %(used)s of %(limit)s.",
                used=format_amount(
                    self.env, figures.exposure + document.added, account.currency_id
                ),
                limit=format_amount(self.env, figures.limit, account.currency_id),
            )
        if not verdict.excess:
            return self.env._("Credit: the customer is %(reasons)s.", reasons=text)
        return self.env._(
            "Credit: with this order the customer is %(reasons)s, over by %(excess)s.",
            reasons=text,
            excess=format_amount(self.env, verdict.excess, account.currency_id),
        )

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        orders = super().create(vals_list)
        # The payer's row, which the what-if of the quotation only reads.
        orders.filtered(lambda order: order._is_credit_controlled())._credit_accounts()
        orders.filtered(lambda order: order.state == "sale")._credit_refuse_unchecked()
        return orders

    def write(self, vals):
        """Confirming by writing the state is judged like confirming; see docs/flow.md."""
        if not self.env.su:
            vals = without(vals, KEPT_BY_SYSTEM)
            if TOTALS & vals.keys() and any(order._is_credit_controlled() for order in self):
                vals = without(vals, TOTALS)
        if vals.get("state") == "sale":
            self.filtered(lambda order: order.state != "sale")._credit_refuse_unchecked()
        elif "state" in vals:
            self._credit_refuse_leaving()
        payers = self._credit_payers() if PAYER_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if EXPOSURE_FIELDS & vals.keys():
            self._credit_order_changed()
        if payers:
            self._credit_payer_changed(payers)
        return result

    # ------------------------------------------------------------------ actions

    def action_confirm(self):
        """Confirm what the customers' credit allows; put the others on hold, without an error.

        The one path for the screen, RPC, the portal and payments.
        """
        controlled = self.filtered(lambda order: order._is_credit_controlled())
        if not controlled:
            return super().action_confirm()
        self.check_access("write")
        for order in controlled:
            if message := order._confirmation_error_message():
                raise UserError(message)
        passing = self - controlled.sudo()._credit_hold_back().sudo(self.env.su)
        if passing:
            with cleared(self.env.cr, self._name, passing.ids):
                super(SaleOrder, passing).action_confirm()
            self.env["credit.account"]._forget_figures()
        return True

    def _action_cancel(self):
        with cleared(self.env.cr, "sale.order.cancel", self.ids):
            result = super()._action_cancel()
        self.sudo().credit_hold_ids._close()
        self._credit_freed()
        return result

    def action_open_credit_account(self):
        """The credit account of whoever pays this order."""
        self.ensure_one()
        self.check_access("read")
        account = self._credit_accounts()[self.id]
        return {
            "type": "ir.actions.act_window",
            "res_model": "credit.account",
            "res_id": account.id,
            "views": [(False, "form")],
        }
