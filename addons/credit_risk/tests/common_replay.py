from datetime import datetime, timedelta

from odoo.fields import Command

from .common import CreditCase


class ReplayCase(CreditCase):
    """A past made by hand: documents with the days on which they happened."""

    def _day(self, ago):
        return self.today - timedelta(days=ago)

    def _noon(self, ago):
        return datetime.combine(self._day(ago), datetime.min.time()) + timedelta(hours=12)

    def _past_order(self, partner, price, ago, **values):
        """An order confirmed that many days ago, when nothing was controlled."""
        self.company.credit_control = "off"
        order = self._confirmed(partner, price, **{"product": self.goods} | values)
        order.date_order = self._noon(ago)
        return order

    def _past_invoice(self, order, ago, due_ago):
        invoice = order._create_invoices()
        invoice.write({"invoice_date": self._day(ago), "invoice_payment_term_id": False})
        invoice.invoice_date_due = self._day(due_ago)
        invoice.action_post()
        return invoice

    def _past_payment(self, invoice, ago, amount=None):
        values = {"payment_date": self._day(ago)}
        if amount is not None:
            values["amount"] = amount
        return self._register_payment(invoice, **values)

    def _policy(self, *rules, **values):
        return self.env["credit.policy"].create(
            {
                "name": "Tried",
                "company_id": self.company.id,
                "rule_ids": [Command.create(rule) for rule in rules],
                **values,
            }
        )

    def _replay(self, **values):
        replay = self.env["credit.replay"].create(
            {
                "what": "current",
                "date_from": self._day(365),
                "date_to": self.today,
                "company_id": self.company.id,
                **values,
            }
        )
        replay.action_run()
        return replay

    def _lines(self, replay):
        return {line.order_id: line for line in replay.line_ids}
