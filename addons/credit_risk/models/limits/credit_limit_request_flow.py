import math

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import limit_change, limit_records
from ...tools.clearance import cleared
from .credit_account_check import LIMIT_GATE
from .credit_limit_request import NO_PERCENT

MAX_ASKED = 10  # users of the deciding group who get an activity


class CreditLimitRequest(models.Model):
    """How a request is made, decided and applied."""

    _inherit = "credit.limit.request"

    # ------------------------------------------------------------------ actions

    def action_submit(self):
        """Ask for the approval. What lowers a limit, asked by a credit manager, holds at once."""
        for request in self:
            request._check_state("draft")
            if request.requested_by_id != self.env.user:
                raise AccessError(self.env._("Only its maker may send a request."))
            request._check_may_ask(request.account_id)
            if not (request.reason or "").strip():
                raise UserError(self.env._("Give the reason."))
            request.sudo()._submit()
        return True

    def action_approve(self, reason=""):
        """Approve and apply in one transaction.

        :raise AccessError: the matrix asks for somebody else; it is the user's own request
        :raise UserError: it is decided already; the account has changed since it was made
        """
        for request in self:
            request._check_decision("pending")
            request._check_unchanged()
            request.sudo()._apply()
            request.sudo()._decide("approved", reason)
        return True

    def action_refuse(self, reason=""):
        """Refuse; nothing changes.

        :raise AccessError, UserError: as for :meth:`action_approve`; no reason
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason."))
        for request in self:
            request._check_decision("pending")
            request.sudo()._decide("refused", reason.strip())
        return True

    def action_cancel(self):
        """The requester takes it back."""
        for request in self:
            if request.requested_by_id != self.env.user:
                raise AccessError(self.env._("Only its maker may take a request back."))
            if request.state not in ("draft", "pending"):
                raise UserError(self.env._("This request has been decided already."))
            request.sudo()._decide("cancelled", "")
        return True

    def action_ask_refusal(self):
        """The dialog that asks for the reason of a refusal."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "credit_risk.credit_limit_refuse_action"
        )
        return dict(action, context={"default_request_ids": self.ids})

    def action_open_account(self):
        """Open the customer's credit account."""
        self.ensure_one()
        self.check_access("read")
        return self.account_id._get_records_action()

    # ------------------------------------------------------------------ business: checks

    def _check_state(self, state):
        self.ensure_one()
        self.check_access("read")
        if self.state != state:
            raise UserError(
                self.env._(
                    "The request about %(customer)s has been dealt with already.",
                    customer=self.partner_id.display_name,
                )
            )

    def _check_decision(self, state):
        """Whether the current user may decide now."""
        self._check_state(state)
        if self.requested_by_id == self.env.user:
            raise AccessError(
                self.env._("This is your own request; somebody else has to decide (four eyes).")
            )
        if not self._may_decide():
            limit, percent, __ = self._judge()
            needed = self.env["credit.approval"]._needed_group(
                "limit", self.company_id.sudo(), limit, percent
            )
            raise AccessError(
                self.env._("This limit has to be decided by %(group)s.", group=needed.display_name)
            )

    def _check_unchanged(self):
        """:raise UserError: the limit isn't any more what the request was made about"""
        if self._current_values() == self.old_values:
            return
        raise UserError(
            self.env._(
                "The limit of %(customer)s has been changed since this was requested: it was "
                "%(old)s, now it is %(new)s. Refuse this request and ask for a new one.",
                customer=self.partner_id.display_name,
                old=self.old_text,
                new=self._old_text(),
            )
        )

    # ------------------------------------------------------------------ business: change

    def _submit(self):
        """Keep what holds now and ask those who decide; ``self`` is sudo."""
        limit, percent, raised = self._judge()
        approvals, company = self.env["credit.approval"], self.company_id
        self.write(
            {
                "state": "pending",
                "request_date": fields.Datetime.now(),
                "old_values": self._current_values(),
                "old_text": self._old_text(),
                "new_text": self._text_of(self._wanted()),
                "judged_amount": 0.0 if math.isinf(limit) else limit,
                "increase_percent": NO_PERCENT if math.isinf(percent) else percent,
                "needed_group_id": approvals._needed_group("limit", company, limit, percent).id,
            }
        )
        if not raised and self.env.user.has_group("credit_risk.group_credit_manager"):
            self._apply()
            self._decide("approved", self.env._("Nothing is raised: no approval is needed."))
            return
        self.env["suite.decision"]._record(
            [limit_records.request_decision(self, "pending", self.reason)]
        )
        self._ask(approvals._deciding_users("limit", company, limit, percent))

    def _ask(self, users):
        """An activity for each of those who decide, in their language; never for the requester."""
        for user in (users - self.requested_by_id)[:MAX_ASKED]:
            request = self.with_context(lang=user.lang)
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=request.env._("Decide about a credit limit"),
                note=request.env._(
                    "%(customer)s: %(new)s instead of %(old)s",
                    customer=request.partner_id.display_name,
                    new=request.new_text,
                    old=request.old_text,
                ),
                user_id=user.id,
            )

    def _apply(self):
        """Write the change through the same path as every other one; ``self`` is sudo."""
        account, values = self.account_id, self._wanted()
        gate = cleared(self.env.cr, LIMIT_GATE, account.ids)
        with gate, limit_change.because(self.env.cr, self.reason, self.id):
            if self.kind == "line":
                self.env["credit.limit.line"].create(
                    values | {"account_id": account.id, "reason": self.reason}
                )
            else:
                account.write(values)

    def _decide(self, state, reason):
        """Close the request with a decision and, when decided, a ledger entry."""
        asked = self.state == "pending"
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_date": fields.Datetime.now(),
                "decision_reason": reason,
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if not asked:
            return
        self.env["suite.decision"]._record([limit_records.request_decision(self, state, reason)])
        self.env["suite.ledger.entry"]._append(
            "credit.limit.request",
            limit_records.request_entry(self, state, reason),
            self.company_id,
        )
        self._tell_requester(state, reason)

    def _tell_requester(self, state, reason):
        """A message to the requester in his language."""
        user = self.requested_by_id
        if user == self.env.user:
            return
        request = self.with_context(lang=user.lang)
        texts = {
            "approved": request.env._("Approved: %(new)s", new=self.new_text),
            "refused": request.env._("Refused: %(reason)s", reason=reason),
        }
        request.message_post(
            body=texts[state],
            partner_ids=user.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
