from odoo import api, fields, models

from ..tools.cure import cure_text, reason_labels, reason_text
from ..tools.rules import LIMIT


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
    currency_id = fields.Many2one(
        "res.currency",
        "Currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        help="That of the customer's limit when the hold was counted last.",
    )
    currency_rate = fields.Float(
        readonly=True,
        default=1.0,
        digits=0,
        help="Units of this currency for one of the company's.",
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Order", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", "Invoice", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Soon"), ("2", "First")],
        default="0",
        help="When credit comes free, holds are released by priority, then by age.",
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True, index=True)
    requested_by_id = fields.Many2one("res.users", "Requested By", readonly=True)
    reason_codes = fields.Char("Reason Codes", readonly=True, help="Comma list, see the reasons.")
    main_reason = fields.Selection(
        selection="_select_reason", compute="_compute_main_reason", store=True, string="Reason"
    )
    rule = fields.Char(readonly=True, help="Keys of the rules that were broken.")
    shared_limit = fields.Char(
        readonly=True, help="Group or parent company whose limit is exceeded."
    )
    reason_text = fields.Char("Reasons", compute="_compute_reason_text")
    amount = fields.Monetary("Document Amount", readonly=True)
    exposure = fields.Monetary("Exposure Before", readonly=True)
    limit_amount = fields.Monetary("Limit Then", readonly=True)
    excess_amount = fields.Monetary(
        "Over By", readonly=True, help="What exceeds the limit, this document included."
    )
    raise_amount = fields.Monetary(
        "Higher Limit By",
        readonly=True,
        help="By how much the limit would have to be higher; 0 when no limit would do.",
    )
    milestone_amount = fields.Monetary(
        "Payment First", readonly=True, help="Payment that has to come before."
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
    partial = fields.Boolean(
        readonly=True, help="Released for the part of the delivery that fits the limit."
    )
    age_days = fields.Integer("Days on Hold", compute="_compute_age_days")
    age_class = fields.Selection(
        [("new", "Up to 1 Day"), ("days", "Up to 7 Days"), ("old", "Older")],
        "Age",
        compute="_compute_age_class",
        store=True,
    )
    part_fits = fields.Boolean(compute="_compute_part_fits", compute_sudo=True)
    ask_reason = fields.Text("Asked For", readonly=True, help="Why a release is asked for.")
    asked_by_id = fields.Many2one("res.users", "Asked By", readonly=True)
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
    is_own = fields.Boolean(compute="_compute_is_own")
    can_decide = fields.Boolean(compute="_compute_can_decide")

    _document_check = models.Constraint(
        "CHECK(num_nonnulls(sale_order_id, picking_id, move_id) = 1)",
        "A hold is about one order, one delivery or one invoice.",
    )
    _open_order_uniq = models.UniqueIndex("(sale_order_id) WHERE state = 'open'")
    _open_move_uniq = models.UniqueIndex("(move_id) WHERE state = 'open'")
    _open_picking_uniq = models.UniqueIndex("(picking_id) WHERE state = 'open'")

    # ------------------------------------------------------------------ computes

    @api.model
    def _select_reason(self):
        return list(reason_labels(self.env).items())

    @api.depends("account_id")
    def _compute_currency_id(self):
        for hold in self.filtered(lambda rec: not rec.currency_id):
            hold.currency_id = hold.account_id.sudo().currency_id

    @api.depends("sale_order_id.name", "picking_id.name", "move_id.name")
    def _compute_name(self):
        for hold in self.sudo():
            hold.name = hold._document().display_name

    @api.depends("name")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = self.env._("Hold of %(document)s", document=hold.name)

    @api.depends("reason_codes")
    def _compute_main_reason(self):
        for hold in self:
            hold.main_reason = (hold.reason_codes or "").split(",")[0] or False

    @api.depends("state", "released_date", "create_date")
    def _compute_age_days(self):
        now = fields.Datetime.now()
        for hold in self:
            until = hold.released_date or now
            hold.age_days = (until - (hold.create_date or now)).days

    @api.depends("state")
    def _compute_age_class(self):
        """Stored for grouping; the hourly check brings those that are open up to date."""
        for hold in self:
            hold.age_class = hold._age_class()

    def _age_class(self):
        if self.age_days < 1:
            return "new"
        return "days" if self.age_days < 7 else "old"

    @api.depends("state", "amount", "reason_codes")
    def _compute_part_fits(self):
        self.part_fits = False
        over = self.filtered(lambda hold: hold.state == "open" and hold.reason_codes == LIMIT)
        figures = over.account_id._figures() if over else {}
        for hold in over:
            hold.part_fits = bool(hold._what_fits(figures[hold.account_id.id]))

    @api.depends_context("lang")
    @api.depends("reason_codes")
    def _compute_reason_text(self):
        for hold in self:
            hold.reason_text = reason_text(self.env, (hold.reason_codes or "").split(","))

    @api.depends_context("lang")
    @api.depends(
        "reason_codes", "excess_amount", "overdue_amount", "state", "limit_amount", "amount"
    )
    def _compute_cure(self):
        facts = self.filtered(lambda hold: hold.state == "open").sudo()._cure_facts()
        for hold in self:
            hold.cure = hold.id in facts and cure_text(self.env, facts[hold.id])

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_is_own(self):
        """Whether the reader is involved in the document, so that others have to decide."""
        for hold in self:
            hold.is_own = self.env.user in hold._involved_users()
