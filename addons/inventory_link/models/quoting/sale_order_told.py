from contextlib import contextmanager
from datetime import date

from odoo import models
from odoo.exceptions import RedirectWarning
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

#: Orders whose dates this transaction has just asked about, kept on the cursor: no caller can
#: say so, and the write of the state inside the confirmation doesn't ask twice.
ASKED = "inventory_link.promises_asked"


class SaleOrder(models.Model):
    """A customer who was told a day isn't given a later one without somebody accepting it."""

    _inherit = "sale.order"

    def write(self, vals):
        """Sending tells the dates; a state written by hand is asked about like a confirmation."""
        state = vals.get("state")
        quotes = self.filtered(lambda order: order.state in ("draft", "sent"))
        if state == "sale":
            quotes.filtered(lambda rec: rec.id not in _asked(self.env.cr))._check_told_dates()
        result = super().write(vals)
        if state == "sent":
            quotes._promises_sent()
        return result

    def message_post(self, **kwargs):
        """A quotation that is sent again tells today's dates again: its customer reads them."""
        again = self.env.context.get("mark_so_as_sent") and self.state == "sent"
        message = super().message_post(**kwargs)
        if again:
            customer = self.partner_id.commercial_partner_id
            if customer in message.partner_ids.commercial_partner_id:
                self._tell_promises()
        return message

    def action_confirm(self):
        """A date that is later than the told one has to be accepted first.

        Code that confirms on its own (an online payment, credit that is free again) goes on:
        the order's salesperson is told instead.
        """
        asked = _asked(self.env.cr)
        orders = self.sorted("id")  # the older quotation takes first, as it was asked
        later = orders.filtered(lambda order: order.id not in asked)._check_told_dates()
        with _asking(self.env.cr, self.ids):
            result = super(SaleOrder, orders).action_confirm()
        for order, lines in later.items():
            if order.state == "sale":
                order._note_later_dates(lines)
        return result

    def _is_confirming(self):
        """Whether this order is being confirmed by its action right now."""
        return self.id in _asked(self.env.cr)

    # -- telling --------------------------------------------------------------------------------

    def _promises_sent(self):
        """These quotations are marked as sent: new lines are told, and days that are earlier now.
        A later one only reaches a customer by mail."""
        self._tell_promises(later=False)

    def _tell_promises(self, later=True):
        """The customers are told today's promises: keep what was told. Where there is no day now,
        the one that was told before still is what the customer counts on.

        :param bool later: also days that are later than those told before
        """
        for order in self._quotes_with_promises():
            for line, promise in order.sudo()._promised_lines():
                day = promise["date"] and date.fromisoformat(promise["date"])
                told = line.promise_told_date
                if day and told != day and (later or not told or day < told):
                    line.promise_told_date = day

    def _quotes_with_promises(self):
        return self.filtered(
            lambda order: order.state in ("draft", "sent") and order.company_id.supply_planning
        )

    # -- asking ---------------------------------------------------------------------------------

    def _later_than_told(self):
        """``{order: [(line, told, now or False, reason)]}`` of lines later than told.

        The orders of a company are asked in one go: the older one takes first, as it will when
        they are confirmed together.
        """
        later = {}
        for orders in self._quotes_with_promises().sorted("id").grouped("company_id").values():
            if not any(line.promise_told_date for line in orders.sudo().order_line):
                continue
            for line, promise in orders._line_promises(orders.order_line._asked_with()).items():
                told, day = line.promise_told_date, promise["date"]
                if told and (not day or day > told):
                    row = (line, told, day, promise.get("driver") or "")
                    later.setdefault(line.order_id, []).append(row)
        return later

    def _is_later_than_shown(self, shown):
        """Whether a line comes later now than its customer's page showed.

        :param dict shown: line id → day, or ``False`` where the page showed none; lines that
            aren't in it are compared with what was told
        """
        for line, promise in self.sudo()._promised_lines():
            known = shown.get(line.id, line.promise_told_date)
            day = promise["date"] and date.fromisoformat(promise["date"])
            if known and (not day or day > known):
                return True
        return False

    def _check_told_dates(self):
        """:return: as :meth:`_later_than_told`, when there is nobody to ask
        :raise RedirectWarning: a person confirms and has to accept later dates first
        """
        later = self._later_than_told()
        if not later or self.env.su:
            return later
        rows = [row for rows in later.values() for row in rows]
        names = "\n".join(f"- {self._later_text(*row[:3])}" for row in rows[:10])
        raise RedirectWarning(
            self.env._(
                "The customer was told earlier dates than can be kept now:\n%(lines)s\n"
                "Accept the new dates to confirm, and tell the customer.",
                lines=names,
            ),
            self.env.ref("inventory_link.sale_promise_accept_action").id,
            self.env._("Review Dates"),
            {"default_order_ids": self.ids},
        )

    def _later_text(self, line, told, day):
        return self.env._(
            "%(product)s: told %(told)s, now %(day)s",
            product=line.product_id.display_name,
            told=format_date(self.env, told),
            day=format_date(self.env, day) if day else self.env._("no date"),
        )

    def _accept_later_dates(self, rows):
        """The user accepts these later dates: they are told now."""
        self.ensure_one()
        for line, _told, day, _reason in rows:
            line.sudo().promise_told_date = day
        self._record_later(rows, "accepted")
        self.message_post(
            body=self.env._(
                "Later dates accepted: %(lines)s",
                lines="; ".join(self._later_text(*row[:3]) for row in rows),
            )
        )

    def _note_later_dates(self, rows):
        """Confirmed although later than told, with nobody to ask: the salesperson tells."""
        self.ensure_one()
        order = self.sudo()
        order._record_later(rows, "later")
        text = order.env._(
            "Confirmed with later dates than the customer was told: %(lines)s. Tell the customer.",
            lines="; ".join(order._later_text(*row[:3]) for row in rows),
        )
        order.message_post(body=text)
        user = order.user_id or order.team_id.user_id
        if user.active and not user.share:
            order.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=order.env._("Later than told"),
                note=text,
                user_id=user.id,
            )

    def _record_later(self, rows, outcome):
        accepted = outcome == "accepted"
        texts = []
        for line, told, day, _reason in rows:
            product = {"model": "product.product", "id": line.product_id.id}
            if day:
                texts.append(
                    _lt(
                        "%(product)s: told %(told)s, now %(day)s",
                        product=product,
                        told={"date": str(told)},
                        day={"date": str(day)},
                    )
                )
            else:
                texts.append(
                    _lt(
                        "%(product)s: told %(told)s, now no date",
                        product=product,
                        told={"date": str(told)},
                    )
                )
        head = (
            _lt("Later dates accepted: %(lines)s", lines=texts)
            if accepted
            else _lt("Confirmed later than told, without anybody to ask: %(lines)s", lines=texts)
        )
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "supply.promise",
                    "record": self,
                    "partner_id": self.partner_id.id,
                    "outcome": outcome,
                    "explanation": head,
                    "rule": "sale.order.promise_told",
                    "rule_version": "1",
                    "inputs": [
                        {
                            "model": "sale.order.line",
                            "id": line.id,
                            "field": "promise_told_date",
                            "value": str(told),
                        }
                        for line, told, _day, _reason in rows
                    ],
                }
            ]
        )


def _asked(cr):
    return cr.cache.get(ASKED, frozenset())


@contextmanager
def _asking(cr, ids):
    """Inside the block these orders have been asked about."""
    before = _asked(cr)
    cr.cache[ASKED] = before | set(ids)
    try:
        yield
    finally:
        cr.cache[ASKED] = before
