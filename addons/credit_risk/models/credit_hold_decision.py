from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools import records


class CreditHold(models.Model):
    """What people decide about a hold."""

    _inherit = "credit.hold"

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
        valid_until = fields.Date.to_date(valid_until)
        for hold in self.sudo():
            hold._check_amount()
            if valid_until and valid_until < hold.company_id._credit_today():
                raise UserError(self.env._("A release can't end before today."))
            hold._release(
                reason,
                valid_until=valid_until or hold._default_valid_until(),
                deviation_percent=hold._allowed_deviation(deviation_percent),
            )
        return True

    def action_reject(self, reason):
        """Refuse: the order stays a quotation, its salesperson is told why.

        :raise AccessError, UserError: as for :meth:`action_release`
        """
        reason = self._check_decision(reason, "reject")
        for hold in self.sudo():
            hold._decide("rejected", reason)
            hold.picking_id.do_unreserve()
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
        return self._document()._get_records_action()

    # ------------------------------------------------------------------ business: decide

    def _involved_users(self):
        """Who made, sells, last changed or asked to confirm the document: they can't decide."""
        self.ensure_one()
        hold = self.sudo()
        if invoice := hold.move_id:
            people = invoice.create_uid | invoice.invoice_user_id | invoice.line_ids.write_uid
            return people | hold.requested_by_id
        order = hold.sale_order_id or hold.picking_id.sale_id
        involved = order.create_uid | order.user_id
        if not order:
            involved = hold._document().create_uid
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
        """What the document adds (an order), ships (a delivery) or bills now, company currency."""
        if self.sale_order_id:
            return self.sale_order_id._credit_amounts()[self.sale_order_id.id]
        if self.picking_id:
            return self.picking_id._credit_goods_amount()
        return self.move_id._credit_invoice_amount()

    def _check_amount(self):
        """:raise UserError: a person would approve another amount than the hold shows"""
        amount = self.currency_id.round(self._current_amount() * (self.currency_rate or 1.0))
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
                "approved_amount": self.currency_id.round(
                    self._current_amount() * (self.currency_rate or 1.0)
                ),
                "valid_until": valid_until,
                "deviation_percent": deviation_percent,
                "automatic": automatic,
            }
        )
        self._decide("released", reason)
        if order and order.state in ("draft", "sent"):
            order.action_confirm()
        elif self.move_id.state == "draft":
            self.move_id._post(soft=False)

    def _decide(self, state, reason):
        """Close one open hold by a decision that stays on record."""
        self.ensure_one()
        (self.activity_id | self.activity_ids).unlink()
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

    def _title(self, reader=None):
        """One line: why the document waits.

        :param reader: user who will read it (default: the current one)
        """
        if not self.excess_amount:
            return self.env._("Credit hold: %(reasons)s.", reasons=self.reason_text)
        return self.env._(
            "Credit hold: %(reasons)s. Over by %(excess)s.",
            reasons=self.reason_text,
            excess=format_amount(self.env, self.excess_amount, self.currency_id),
        )

    def _tell_salesperson(self, rejected=None):
        """An activity in the salesperson's language: the hold, or why it was rejected."""
        document = self._document()
        user = self.user_id or self.sale_order_id.create_uid or self.env.user
        hold = self.with_context(lang=user.lang)
        note = hold._title(user)
        if rejected:
            note = hold.env._("Credit hold rejected: %(reason)s", reason=rejected)
        self.activity_id = document.activity_schedule(
            "mail.mail_activity_data_warning", note=note, user_id=user.id
        )
