from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import bill_records
from ...tools.guarded import without

# What returning a payment keeps; nobody else sets it.
KEPT = {"returned_date", "return_reason", "return_move_id"}


class AccountPayment(models.Model):
    _inherit = "account.payment"

    returned_date = fields.Date("Returned On", readonly=True, copy=False, tracking=True)
    return_reason = fields.Char("Reason of the Return", readonly=True, copy=False, tracking=True)
    return_move_id = fields.Many2one(
        "account.move",
        "Entry of the Return",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody makes payments that look returned."""
        return super().create([without(vals, KEPT) for vals in vals_list])

    def write(self, vals):
        """A returned payment stays what it is."""
        if KEPT & vals.keys() or ("state" in vals and any(self.mapped("returned_date"))):
            raise UserError(
                self.env._(
                    "A payment is returned by its own step and stays returned. If the money "
                    "came after all, enter a new payment."
                )
            )
        return super().write(vals)

    def _keep_return(self, vals):
        """The step's own way to write what it keeps."""
        # pylint: disable-next=super-method-mismatch
        return super().write(vals)

    def action_return(self, reason, date=None):
        """A customer's payment bounced: its invoices are open again, and goods not yet shipped
        are held if the credit doesn't allow them any more.

        :param str reason: what the bank said; kept
        :param date: day of the entry (default: today)
        :raise AccessError: for others than invoicing staff
        :raise UserError: no reason; no posted customer payment; returned or reversed already
        """
        reason = self._check_return(reason)
        for payment in self.sudo():
            payment._return(reason, payment._check_return_date(date))
        return True

    def action_ask_return(self):
        """The dialog that asks for the reason."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_risk.account_payment_return_action"
        )
        return dict(action, context={"default_payment_id": self.id})

    def _check_return(self, reason):
        """The cleaned reason, if the user may return these payments."""
        if not self.env.su and not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only invoicing staff may return payments."))
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Give the reason."))
        for payment in self.sudo():
            if not payment._can_be_returned():
                raise UserError(
                    self.env._(
                        "%(payment)s can't be returned: only a customer's posted payment that "
                        "has not been returned or reversed before.",
                        payment=payment.display_name,
                    )
                )
        return reason

    def _can_be_returned(self):
        self.ensure_one()
        return (
            self.payment_type == "inbound"
            and self.partner_type == "customer"
            and self.state in ("in_process", "paid")
            and self.move_id.state == "posted"
            and not self.returned_date
            and not self.move_id.reversal_move_ids.filtered(lambda move: move.state == "posted")
        )

    def _check_return_date(self, date):
        """The day of the return: today unless given, not before the payment."""
        today = self.company_id._credit_today()
        date = fields.Date.to_date(date) or max(today, self.date)
        if date < self.date or date > max(today, self.date):
            raise UserError(
                self.env._("A payment is returned on a day between its own date and today.")
            )
        return date

    def _return(self, reason, date):
        """Take the payment off its invoices and post its entry backwards; ``self`` is sudo.

        A bank statement line that the payment was matched with keeps its match: the money came
        and went again, and the reversal waits for the statement line of the bounce.
        """
        self.ensure_one()
        account = self._credit_account()
        text = self.env._("Payment %(name)s returned", name=self.name)
        with account._one_event(text, raises=True):
            self.flush_recordset()
            __, counterpart, __ = self._seek_for_lines()
            counterpart.remove_move_reconcile()
            ref = self.env._("Return of %(payment)s: %(reason)s", payment=self.name, reason=reason)
            reversal = self.move_id._reverse_moves([{"date": date, "ref": ref}])
            reversal._post(soft=False)
            self._keep_return(
                {
                    "returned_date": date,
                    "return_reason": reason,
                    "return_move_id": reversal.id,
                    "state": "rejected",
                }
            )
        account.invalidate_recordset(["returned_payment_count"])
        self.message_post(body=ref)
        self.env["suite.decision"]._record(bill_records.return_decisions(self, account))

    def _credit_account(self):
        """The customer's credit account; none as long as the company controls no credit."""
        company = self.company_id
        pair = (self.partner_id.commercial_partner_id.id, company.id)
        accounts = self.env["credit.account"].sudo()
        if not pair[0]:
            return accounts
        found = accounts._for_pairs([pair], make=company.credit_control != "off")
        return found.get(pair, accounts)
