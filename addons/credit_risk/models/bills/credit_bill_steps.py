from contextlib import contextmanager

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...tools import bill_records

# The states from which a step may be taken.
STEPS = {
    "receive": ("draft",),
    "endorse": ("received",),
    "discount": ("received",),
    "mature": ("received", "endorsed", "discounted"),
    "dishonour": ("received", "endorsed", "discounted"),
    "cancel": ("draft", "received"),
}


class CreditBill(models.Model):
    """The steps in the life of a bill. Each checks rights and state, posts one entry, leaves a
    decision, and lets the customer's credit be looked at once, when all of it is done."""

    _inherit = "credit.bill"

    # ------------------------------------------------------------------ actions

    def action_receive(self, date=None):
        """The customer handed in the bill: it pays the invoices, the exposure stays.

        :param date: day of the entry (default: today)
        :raise AccessError: for others than invoicing staff
        :raise UserError: not a draft; a date in the future; no account for bills
        """
        for bill in self._check_step("receive"):
            date_ = bill._check_date(date)
            values = {"bill_account_id": bill.company_id._get_credit_bill_account().id}
            with bill._step("received", received_date=date_, **values):
                before = bill._customer_receivable()
                bill._post_receipt(date_)
                bill._keep({"booked_amount": before - bill._customer_receivable()})
        return True

    def action_endorse(self, endorsee_id, date=None, vendor_bill_ids=None):
        """Pay a vendor with the bill: we answer for it until it has been paid.

        :param int endorsee_id: the vendor
        :param date: day of the entry (default: today)
        :param list vendor_bill_ids: vendor bills that it pays (default: the oldest open ones)
        """
        bill = self._check_step("endorse")
        bill.ensure_one()
        vendor = self.env["res.partner"].browse(int(endorsee_id or 0)).exists()
        if not vendor:
            raise UserError(self.env._("Choose the vendor who takes the bill."))
        vendor.check_access("read")
        vendor_bills = self.env["account.move"].browse(vendor_bill_ids or [])
        vendor_bills.check_access("read")
        date = bill._check_date(date)
        with bill._step("endorsed", endorsee_id=vendor.id, endorsed_date=date):
            bill._post_endorsement(date, vendor.sudo(), vendor_bills.sudo())
        return True

    def action_discount(self, journal_id, proceeds, date=None):
        """Sell the bill to a bank before it matures: cash now, recourse until maturity.

        :param int journal_id: bank journal that the money came to
        :param float proceeds: what the bank paid; the rest is the cost
        :param date: day of the entry (default: today)
        """
        bill = self._check_step("discount")
        bill.ensure_one()
        journal = bill._check_bank(journal_id)
        if not 0 < proceeds <= bill.amount:
            raise UserError(
                self.env._("A bank pays more than nothing and at most the bill's amount.")
            )
        date = bill._check_date(date)
        cost = bill.currency_id.round(bill.amount - proceeds)
        values = {"discounted_date": date, "discount_cost": cost, "bank_journal_id": journal.id}
        with bill._step("discounted", **values):
            bill._post_discount(date, journal, cost)
        return True

    def action_mature(self, journal_id=None, date=None):
        """The acceptor has paid: the exposure falls and what fits now is released.

        :param int journal_id: bank journal that the money came to; needed for a bill that we
            still hold, an endorsed or discounted one was paid to somebody else
        :param date: day of the entry (default: today)
        """
        for bill in self._check_step("mature"):
            if bill.state == "received":
                journal = bill._check_bank(journal_id)
                date_ = bill._check_date(date)
                with bill._step("matured", closed_date=date_, bank_journal_id=journal.id):
                    bill._post_maturity(date_, journal)
            else:
                bill._mature_handed_on(bill._check_date(date))
        return True

    def action_dishonour(self, reason, date=None):
        """The acceptor didn't pay: the customer owes again, at once.

        Who had the bill from us (vendor, bank) wants his money back from us.

        :param str reason: what was said; kept
        :param date: day of the entry (default: today)
        """
        reason = self._check_reason(reason)
        for bill in self._check_step("dishonour"):
            date_ = bill._check_date(date)
            before = bill.state
            with bill._step("dishonoured", raises=True, closed_date=date_, reason=reason):
                bill._post_dishonour(date_, before)
        return True

    def action_cancel(self, reason=None):
        """Take back a draft, or a receipt (needs a reason): the invoices are open again."""
        for bill in self._check_step("cancel"):
            reason = (reason or "").strip()
            if bill.state != "draft":
                reason = bill._check_reason(reason)
            today = bill.company_id._credit_today()
            with bill._step("cancelled", raises=True, closed_date=today, reason=reason):
                bill._post_cancellation(today)
        return True

    # ------------------------------------------------------------------ business: checks

    def _check_step(self, step):
        """These bills with the system's rights, if the user may take the step.

        :raise AccessError: for others than invoicing staff
        :raise UserError: the step doesn't lead on from the state
        """
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only invoicing staff may handle bills of exchange."))
        self.check_access("write")
        states = dict(self._fields["state"]._description_selection(self.env))
        for bill in self:
            if bill.state not in STEPS[step]:
                raise UserError(
                    self.env._(
                        "Bill %(number)s is “%(state)s”: this step can't be taken (any more). "
                        "Reload the page to see what happened to it.",
                        number=bill.name,
                        state=states[bill.state],
                    )
                )
        return self.sudo()

    def _check_reason(self, reason):
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        return reason

    def _check_date(self, date):
        """The day of a step: today unless given; never in the future or before the receipt."""
        self.ensure_one()
        today = self.company_id._credit_today()
        date = fields.Date.to_date(date) or today
        first = max(filter(None, (self.issue_date, self.received_date)), default=date)
        if date > today or date < first:
            raise UserError(
                self.env._(
                    "%(date)s can't be: the day lies between the bill's issue or receipt and "
                    "today.",
                    date=format_date(self.env, date),
                )
            )
        return date

    def _check_bank(self, journal_id):
        """The bank or cash journal of the bill's company."""
        self.ensure_one()
        journal = self.env["account.journal"].sudo().browse(int(journal_id or 0)).exists()
        allowed = self.company_id | self.company_id.parent_ids
        if journal.type not in ("bank", "cash") or journal.company_id not in allowed:
            raise UserError(self.env._("Choose the bank journal that the money came to."))
        return journal

    # ------------------------------------------------------------------ business: one step

    @contextmanager
    def _step(self, state, raises=False, **values):
        """Write the new state, let the caller post, then look at the customer's credit once.

        The state is in the database before anything else: of two transactions that take the
        same step the second is refused there, and run again by Odoo finds the step taken.
        """
        self.ensure_one()
        before = self.state
        account = self._credit_account()
        text = bill_records.step_text(self, state)
        with account._one_event(str(self.env._("Bill %(number)s", number=self.name)), raises):
            self.activity_id.unlink()
            self._keep({"state": state, **values})
            self.flush_recordset()
            yield
        self.env["suite.decision"]._record([bill_records.step_decision(self, before, text)])

    def _credit_account(self):
        """The customer's credit account; none as long as the company controls no credit."""
        self.ensure_one()
        company = self.company_id
        pair = (self.partner_id.commercial_partner_id.id, company.id)
        accounts = self.env["credit.account"].sudo()
        found = accounts._for_pairs([pair], make=company.credit_control != "off")
        return found.get(pair, accounts)

    def _mature_handed_on(self, date):
        """An endorsed or discounted bill was paid (or nobody came back in time); no entry."""
        with self._step("matured", closed_date=date):
            pass

    def _customer_receivable(self):
        """What the customer owes the company now, in its currency."""
        (total,) = self.env["account.move.line"]._read_group(
            [
                ("partner_id.commercial_partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            aggregates=["amount_residual:sum"],
        )[0]
        return total or 0.0
