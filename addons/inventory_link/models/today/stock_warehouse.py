from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

#: First and last day from today; ``None`` begins with everything that is overdue.
PERIODS = {"yesterday": (-1, -1), "today": (None, 0), "tomorrow": (1, 1), "week": (None, 6)}
#: Cards of one section; more are counted and found in the lists.
MOST_CARDS = 60
OPEN = ("waiting", "confirmed", "assigned")


class StockWarehouse(models.Model):
    """The day of a warehouse on one screen."""

    _inherit = "stock.warehouse"

    @api.model
    def get_today(self, period="today", warehouse_id=None):
        """Receipts, shipments and plan lines that wait for an answer, as cards.

        :param str period: ``yesterday``, ``today`` (with what is overdue), ``tomorrow`` or ``week``
        :param int warehouse_id: a warehouse of the user's companies; the first one when empty
        :return: ``{"warehouses", "warehouse_id", "period", "day", "sections": [{"key", "count",
            "cards"}]}``; days are those of the warehouse's company, texts in the reader's language
        :raise AccessError: the user doesn't work in a warehouse, or not in this company
        :raise UserError: no such period
        """
        if not self.env.su and not self.env.user.has_group("stock.group_stock_user"):
            raise AccessError(self.env._("Only warehouse users see the day of a warehouse."))
        if period not in PERIODS:
            raise UserError(self.env._("Choose yesterday, today, tomorrow or this week."))
        warehouses = self.search([("company_id", "in", self.env.companies.ids)])
        warehouse = self._today_warehouse(warehouses, warehouse_id)
        result = {
            "warehouses": [{"id": one.id, "name": one.name} for one in warehouses],
            "warehouse_id": warehouse.id,
            "period": period,
            "day": "",
            "sections": [],
        }
        if warehouse:
            result |= warehouse._today_sections(period)
        return result

    @api.model
    def _today_warehouse(self, warehouses, number):
        if not number:
            return warehouses[:1]
        wanted = self.browse(number).exists()
        wanted.check_access("read")
        if wanted not in warehouses:
            raise AccessError(self.env._("Switch to the company of this warehouse first."))
        return wanted

    # -- sections -------------------------------------------------------------------------------

    def _today_sections(self, period):
        today = fields.Date.context_today(self.with_context(tz=self._today_zone().key))
        first, last = PERIODS[period]
        start = None if first is None else today + timedelta(days=first)
        end = today + timedelta(days=last)
        sections = [
            self._today_pickings("receipts", "incoming", period, start, end, today),
            self._today_pickings("shipments", "outgoing", period, start, end, today),
            self._today_answers(end),
        ]
        day = self._today_text(start or today)
        if end > (start or today):
            day = f"{day} – {self._today_text(end)}"
        return {"day": day, "sections": sections}

    def _today_zone(self):
        return ZoneInfo(self.company_id.sudo().partner_id.tz or "UTC")

    def _today_moment(self, day):
        """Where a day of the company begins, in UTC as stored."""
        local = datetime.combine(day, time.min, self._today_zone())
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def _today_pickings(self, key, code, period, start, end, today):
        """A section of cards; what is overdue or locked is counted beyond the cards too."""
        model = self.env["stock.picking"]
        domain = self._today_domain(code, period, start, end)
        found = model.search(domain, order="scheduled_date, id")
        shown = model.browse(found[:MOST_CARDS].ids)  # nothing is fetched for the others
        locks = {}
        if key == "shipments":
            locks = self.env["suite.outlook"]._shipment_locks(found)
        overdue = Domain("state", "in", OPEN)
        overdue &= Domain("scheduled_date", "<", self._today_moment(today))
        return {
            "key": key,
            "count": len(found),
            "overdue": model.search_count(domain & overdue),
            "locked": len(locks),
            "cards": self._today_picking_cards(shown, key, today, locks),
        }

    def _today_domain(self, code, period, start, end):
        """Transfers that are to be done in these days. Yesterday's are those that were done then,
        whenever they had been planned, and what had been planned for it and is still open."""
        planned, done = Domain("state", "in", OPEN), Domain("state", "=", "done")
        after = self._today_moment(end + timedelta(days=1))
        planned &= Domain("scheduled_date", "<", after)
        done &= Domain("date_done", "<", after)
        if start:
            planned &= Domain("scheduled_date", ">=", self._today_moment(start))
            done &= Domain("date_done", ">=", self._today_moment(start))
        kind = Domain(
            [
                ("picking_type_id.warehouse_id", "=", self.id),
                ("picking_type_id.code", "=", code),
            ]
        )
        return kind & (planned | done if period == "yesterday" else planned)

    def _today_answers(self, end):
        """What the plan wants to order or start by then and nobody has answered, and messages."""
        lines = self.env["supply.plan.line"]
        messages = self.env["supply.message"]
        domain = [
            ("warehouse_id", "=", self.id),
            ("state", "=", "proposed"),
            ("tentative", "=", False),
            ("order_date", "<=", end),
        ]
        told = [("warehouse_id", "=", self.id), ("state", "=", "open")]
        line_count, message_count = lines.search_count(domain), messages.search_count(told)
        found = lines.search(domain, order="order_date, id", limit=MOST_CARDS)
        return {
            "key": "answers",
            "count": line_count + message_count,
            "overdue": 0,
            "locked": 0,
            "cards": [
                *self._today_line_cards(found),
                *self._today_message_cards(
                    messages.search(told, limit=max(MOST_CARDS - len(found), 0))
                ),
            ],
        }
