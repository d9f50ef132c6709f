from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

#: Orders whose reservations end in one transaction.
CHUNK = 50


class SaleOrder(models.Model):
    """Reservations that end by themselves."""

    _inherit = "sale.order"

    @api.model
    @api.private
    def _cron_reservations(self):
        """End what has expired; remind salespeople of what ends within a day, once."""
        now = fields.Datetime.now()
        expired = self._reserved_before(now)
        left = len(expired)
        for start in range(0, left, CHUNK):
            chunk = expired[start : start + CHUNK]
            chunk._end_reservations("expired")
            if not self.env["ir.cron"]._commit_progress(
                len(chunk), remaining=max(left - start - CHUNK, 0)
            ):
                return
        self._reserved_before(now + timedelta(days=1))._remind_of_reservation()

    @api.model
    def _reserved_before(self, moment):
        """Quotations with something reserved until then at most."""
        groups = self.env["sale.order.line"]._read_group(
            [("reserved_quantity", ">", 0), ("reserved_until", "<=", moment)], ["order_id"]
        )
        return self.browse(order.id for (order,) in groups).sudo()

    def _remind_of_reservation(self):
        """One activity for the salesperson before a reservation of more than a day ends."""
        by_user = defaultdict(self.browse)
        for order in self.filtered(lambda rec: not rec.reservation_activity_id):
            lines = order.order_line.filtered("reserved_quantity")
            if all(line.reserved_until - line.reserved_on > timedelta(days=1) for line in lines):
                by_user[order.user_id] |= order
        for user, orders in by_user.items():
            if not user.active or user.share:
                continue
            for order in orders.with_context(lang=user.lang, tz=user.tz):
                order.reservation_activity_id = order.activity_schedule(
                    "mail.mail_activity_data_todo",
                    date_deadline=fields.Date.context_today(order, order.reserved_until),
                    summary=order.env._("Reservation ends"),
                    note=order.env._(
                        "What is reserved for the quotation is given back on %(until)s. Ask the"
                        " customer, or reserve again.",
                        until=format_datetime(order.env, order.reserved_until, dt_format="short"),
                    ),
                    user_id=user.id,
                )
