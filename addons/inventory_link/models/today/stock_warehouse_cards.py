from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from odoo import models
from odoo.tools import formatLang
from odoo.tools.misc import babel_locale_parse, get_lang

#: Products and purposes of a card; the rest is counted.
SHOWN = 4


class StockWarehouse(models.Model):
    """Cards of the Today screen: plain values, nothing else has to be read for them."""

    _inherit = "stock.warehouse"

    def _today_text(self, day):
        """A day with its weekday and no year, in the order that the reader's language has."""
        if not day:
            return ""
        return format_skeleton("MMMEd", day, locale=babel_locale_parse(get_lang(self.env).code))

    def _today_quantity(self, quantity, unit):
        number = formatLang(self.env, quantity, digits=2)
        if float(quantity).is_integer():
            number = formatLang(self.env, quantity, digits=0)
        return f"{number} {unit.name}"

    # -- transfers ------------------------------------------------------------------------------

    def _today_picking_cards(self, pickings, key, today, locks):
        """Names of partners, products and orders are for all who work in the warehouse."""
        receipt = key == "receipts"
        purposes = pickings._today_purposes() if receipt else {}
        return [
            self._today_picking_card(picking, today)
            | {
                "lock": locks.get(picking.id, False),
                "purposes": (
                    purposes.get(picking.id, [])[:SHOWN]
                    if receipt
                    else self._today_shipment_purpose(picking)
                ),
                "more_purposes": max(len(purposes.get(picking.id, ())) - SHOWN, 0),
            }
            | self._today_promise(picking, receipt, today)
            for picking in pickings.sudo()
        ]

    def _today_picking_card(self, picking, today):
        day = self._today_local_day(picking)
        moves = picking.move_ids.filtered(lambda move: move.state != "cancel")
        outgoing = picking.picking_type_id.code == "outgoing"
        products = [self._today_product(move, outgoing) for move in moves]
        # what is missing is told first
        products.sort(key=lambda product: not product["missing"])
        is_open = picking.state != "done"
        missing = sum(1 for product in products if product["missing"])
        return {
            "type": "picking",
            "id": picking.id,
            "name": picking.name,
            "partner": picking.partner_id.display_name or "",
            "origin": picking.origin if picking.origin != picking.sale_id.name else "",
            "day": self._today_text(day),
            "overdue": max((today - day).days, 0) if is_open else 0,
            "state": self._today_state(picking, missing),
            "products": products[:SHOWN],
            "more_products": max(len(products) - SHOWN, 0),
            "missing": missing,
        }

    def _today_state(self, picking, missing):
        """Odoo calls a delivery ready as soon as a part of it is there."""
        if picking.state == "done":
            return "done"
        if picking.state != "assigned":
            return "waiting"
        return "partial" if missing else "ready"

    def _today_local_day(self, picking):
        """When it was done, or is to be."""
        done = picking.state == "done" and picking.date_done
        moment = (done or picking.scheduled_date).replace(tzinfo=ZoneInfo("UTC"))
        return moment.astimezone(self._today_zone()).date()

    def _today_product(self, move, outgoing):
        short = move.product_uom_qty - move.quantity
        is_short = outgoing and move.state not in ("done", "assigned")
        is_short = is_short and move.product_uom.compare(short, 0) > 0
        return {
            "name": move.product_id.display_name,
            "quantity": self._today_quantity(move.product_uom_qty, move.product_uom),
            "missing": self._today_quantity(short, move.product_uom) if is_short else "",
        }

    def _today_shipment_purpose(self, picking):
        """The order, and its customer where the goods go to somebody else."""
        order = picking.sale_id
        if not order:
            return []
        if order.partner_id == picking.partner_id:
            return [order.name]
        return [
            self.env._(
                "%(order)s for %(customer)s",
                order=order.name,
                customer=order.partner_id.display_name,
            )
        ]

    def _today_promise(self, picking, receipt, today):
        """The day the customer was promised, without one that of the plan: the last one of the
        goods in this delivery. Late when it is over, or the plan is later."""
        lines = self.env["sale.order.line"] if receipt else picking.move_ids.sale_line_id
        days = {line: line.promised_date or line.promise_date for line in lines}
        day = max(filter(None, days.values()), default=None)
        done = picking.state == "done"
        # the day it left counts, and what was planned doesn't any more
        late = bool(day) and day < (self._today_local_day(picking) if done else today)
        later = not done and any(
            line.promise_date and line.promise_date > days[line] for line in lines
        )
        return {"promise": self._today_text(day), "promise_late": late or later}

    # -- plan -----------------------------------------------------------------------------------

    def _today_line_cards(self, lines):
        names = dict(lines._fields["action"]._description_selection(self.env))
        return [
            {
                "type": "line",
                "id": line.id,
                "name": line.product_id.display_name,
                "action": names[line.action],
                "quantity": self._today_quantity(line.quantity, line.product_uom_id),
                "partner": line.vendor_id.display_name or "",
                "order_day": self._today_text(line.order_date),
                "due_day": self._today_text(line.due_date),
                "late": line.late_days,
                "driver": line.driver or "",
                "orders": line.order_names or "",
                "overdue": 0,
                "lock": False,
            }
            for line in lines
        ]

    def _today_message_cards(self, messages):
        names = dict(messages._fields["kind"]._description_selection(self.env))
        return [
            {
                "type": "message",
                "id": message.id,
                "name": message.product_id.display_name or message.vendor_id.display_name or "",
                "kind": names[message.kind],
                "note": message.note or "",
                "overdue": 0,
                "lock": False,
            }
            for message in messages
        ]
