from odoo import api, fields, models
from odoo.exceptions import UserError


class CreditBillStep(models.TransientModel):
    """Asks for what a step of a bill needs; all checks are those of ``credit.bill``."""

    _name = "credit.bill.step"
    _description = "Step of a Bill of Exchange"
    _check_company_auto = True

    bill_id = fields.Many2one("credit.bill", "Bill", required=True, ondelete="cascade")
    step = fields.Selection(
        [
            ("receive", "Receive"),
            ("endorse", "Endorse"),
            ("discount", "Discount"),
            ("mature", "Mature"),
            ("dishonour", "Dishonour"),
            ("cancel", "Cancel"),
        ],
        required=True,
    )
    state = fields.Selection(related="bill_id.state")
    company_id = fields.Many2one(related="bill_id.company_id")
    currency_id = fields.Many2one(related="bill_id.currency_id")
    amount = fields.Monetary(related="bill_id.amount")
    date = fields.Date(default=fields.Date.context_today, required=True)
    endorsee_id = fields.Many2one("res.partner", "Vendor", check_company=True)
    vendor_bill_ids = fields.Many2many(
        "account.move",
        string="Vendor Bills",
        check_company=True,
        domain="[('move_type', '=', 'in_invoice'), ('state', '=', 'posted'),"
        " ('payment_state', 'in', ('not_paid', 'partial')),"
        " ('partner_id', 'child_of', endorsee_id)]",
        help="What the bill pays. Empty: the vendor's oldest open bills.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Bank",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        compute="_compute_journal_id",
        store=True,
        readonly=False,
    )
    proceeds = fields.Monetary(
        "Paid by the Bank",
        compute="_compute_proceeds",
        store=True,
        readonly=False,
    )
    reason = fields.Char()

    @api.depends("bill_id")
    def _compute_journal_id(self):
        journals = self.env["account.journal"]
        for wizard in self:
            wizard.journal_id = journals.search(
                [
                    *journals._check_company_domain(wizard.company_id),
                    ("type", "=", "bank"),
                ],
                limit=1,
            )

    @api.depends("bill_id")
    def _compute_proceeds(self):
        for wizard in self:
            wizard.proceeds = wizard.bill_id.amount

    def action_apply(self):
        """Take the step."""
        self.ensure_one()
        bill = self.bill_id
        steps = {
            "receive": lambda: bill.action_receive(self.date),
            "endorse": lambda: bill.action_endorse(
                self.endorsee_id.id, self.date, self.vendor_bill_ids.ids
            ),
            "discount": lambda: bill.action_discount(self.journal_id.id, self.proceeds, self.date),
            "mature": lambda: bill.action_mature(self.journal_id.id, self.date),
            "dishonour": lambda: bill.action_dishonour(self.reason, self.date),
            "cancel": lambda: bill.action_cancel(self.reason),
        }
        if self.step not in steps:
            raise UserError(self.env._("Choose the step."))
        steps[self.step]()
        return {"type": "ir.actions.act_window_close"}
