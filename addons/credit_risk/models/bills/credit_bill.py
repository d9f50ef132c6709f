from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.guarded import without

# What the steps keep; nobody else sets it.
KEPT = {
    "state",
    "booked_amount",
    "bill_account_id",
    "receipt_move_id",
    "received_date",
    "endorsee_id",
    "endorsed_date",
    "bank_journal_id",
    "discounted_date",
    "discount_cost",
    "closed_date",
    "reason",
    "move_ids",
    "activity_id",
}
# What the bill is about: open as long as it's a draft.
FIXED = {
    "partner_id",
    "company_id",
    "currency_id",
    "amount",
    "maturity_date",
    "invoice_ids",
}
# Handed in and not settled: the customer (and, once handed on, we) still answer for it.
RUNNING = ("received", "endorsed", "discounted")


class CreditBill(models.Model):
    """A bill of exchange that a customer gave: no money until it matures.

    Received and not matured bills are exposure of their own kind, also those handed on to a
    vendor or sold to a bank, whom we answer to until the acceptor has paid.
    """

    _name = "credit.bill"
    _inherit = ["mail.thread", "mail.activity.mixin", "suite.decision.mixin"]
    _description = "Bill of Exchange"
    _order = "maturity_date, id"
    _check_company_auto = True

    name = fields.Char("Number", required=True, copy=False, tracking=True)
    kind = fields.Selection(
        [("bank", "Bank Acceptance"), ("commercial", "Commercial Acceptance")],
        default="bank",
        required=True,
        tracking=True,
        help="Who promised to pay: a bank, or a company.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, check_company=True, tracking=True
    )
    commercial_partner_id = fields.Many2one(related="partner_id.commercial_partner_id")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True, tracking=True)
    drawer = fields.Char(tracking=True, help="Who drew the bill, as printed on it.")
    acceptor = fields.Char(tracking=True, help="The bank or company that pays at maturity.")
    issue_date = fields.Date()
    maturity_date = fields.Date(required=True, tracking=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("received", "Received"),
            ("endorsed", "Endorsed"),
            ("discounted", "Discounted"),
            ("matured", "Matured"),
            ("dishonoured", "Dishonoured"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    invoice_ids = fields.Many2many(
        "account.move",
        "credit_bill_invoice_rel",
        "bill_id",
        "move_id",
        "Invoices",
        copy=False,
        check_company=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted'),"
        " ('payment_state', 'in', ('not_paid', 'partial')),"
        " ('commercial_partner_id', '=', commercial_partner_id)]",
        help="What the bill pays. Empty: the customer's oldest open items.",
    )
    # What the bill settled, in the company's currency, as it was booked: it counts with this.
    booked_amount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        help="What the customer's receivable fell by when the bill came in.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    received_date = fields.Date("Received On", readonly=True, copy=False)
    endorsee_id = fields.Many2one("res.partner", "Endorsed To", readonly=True, copy=False)
    endorsed_date = fields.Date("Endorsed On", readonly=True, copy=False)
    bank_journal_id = fields.Many2one(
        "account.journal",
        "Bank",
        readonly=True,
        copy=False,
        check_company=True,
        help="Where the money came in.",
    )
    discounted_date = fields.Date("Discounted On", readonly=True, copy=False)
    discount_cost = fields.Monetary(
        readonly=True, copy=False, help="What the bank kept for paying before maturity."
    )
    closed_date = fields.Date("Closed On", readonly=True, copy=False)
    reason = fields.Char(readonly=True, copy=False, help="Why it was dishonoured or cancelled.")
    bill_account_id = fields.Many2one(
        "account.account", "Bills Receivable Account", readonly=True, copy=False
    )
    receipt_move_id = fields.Many2one(
        "account.move", "Entry of the Receipt", readonly=True, copy=False
    )
    move_ids = fields.Many2many(
        "account.move",
        "credit_bill_move_rel",
        "bill_id",
        "move_id",
        "Journal Entries",
        readonly=True,
        copy=False,
    )
    move_count = fields.Integer("Entries", compute="_compute_move_count", compute_sudo=True)
    days_to_maturity = fields.Integer(compute="_compute_days_to_maturity")
    activity_id = fields.Many2one("mail.activity", "Reminder", readonly=True, copy=False)
    note = fields.Html("Notes")

    _amount_check = models.Constraint("CHECK(amount > 0)", "The amount of a bill is above zero.")
    _number_uniq = models.UniqueIndex(
        "(company_id, name) WHERE state NOT IN ('cancelled', 'dishonoured')",
        "A bill with this number is here already.",
    )

    # ------------------------------------------------------------------ constraints, computes

    @api.constrains("issue_date", "maturity_date")
    def _check_dates(self):
        for bill in self:
            if bill.issue_date and bill.issue_date > bill.maturity_date:
                raise ValidationError(self.env._("A bill can't mature before it was issued."))

    @api.depends("move_ids")
    def _compute_move_count(self):
        for bill in self:
            bill.move_count = len(bill.move_ids)

    @api.depends("maturity_date", "state")
    def _compute_days_to_maturity(self):
        for bill in self:
            today = (bill.company_id or self.env.company).sudo()._credit_today()
            running = bill.maturity_date and bill.state in RUNNING
            bill.days_to_maturity = (bill.maturity_date - today).days if running else 0

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """A bill starts as a draft: what its steps keep is left out of what a caller sends."""
        return super().create([without(vals, KEPT) for vals in vals_list])

    def write(self, vals):
        """Steps alone change the state; what the bill is about is fixed once it's received."""
        if KEPT & vals.keys():
            raise UserError(
                self.env._(
                    "A bill changes its state by its steps alone: receive, endorse, discount, "
                    "mature, dishonour, cancel."
                )
            )
        if FIXED & vals.keys() and any(bill.state != "draft" for bill in self):
            raise UserError(
                self.env._(
                    "Customer, amount, maturity and invoices of a bill can't be changed once it "
                    "has been received. Cancel it and enter it anew."
                )
            )
        return super().write(vals)

    def _keep(self, vals):
        """The steps' own way to write what they keep."""
        # pylint: disable-next=super-method-mismatch
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        if any(bill.state != "draft" for bill in self):
            raise UserError(self.env._("Only drafts of bills can be deleted. Cancel it instead."))

    # ------------------------------------------------------------------ actions

    def action_open_entries(self):
        """The journal entries of the bill's steps."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        entries = self.sudo().move_ids
        return dict(action, domain=[("id", "in", entries.ids)], context={"create": False})

    def action_ask(self):
        """The dialog that asks for what a step needs (the step comes with the button)."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_risk.credit_bill_step_action"
        )
        step = self.env.context.get("default_step", "mature")
        return dict(action, context={"default_bill_id": self.id, "default_step": step})
