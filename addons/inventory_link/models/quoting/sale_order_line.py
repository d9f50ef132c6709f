from datetime import date

from odoo import api, fields, models

#: What a customer may be told of a reason: one word, never a vendor, component or order.
CAUSES = {
    "stock": "stock",
    "purchase": "way",
    "transfer": "way",
    "production": "make",
    "make_lead": "make",
    "capacity": "make",
    "vendor_lead": "buy",
    "rules": "rules",
}
#: Of no concern to customers, who may read their own lines by RPC as well.
FOR_EMPLOYEES = {
    "promise_reason",
    "promise_data",
    "supply_peg_ids",
    "promise_live",
    "promise_claim_date",
    "promised_none",
    "reserved_date",
    "slip_told",
    "late_driver",
}


class SaleOrderLine(models.Model):
    """The promise of a line as people see it: live on quotations, with its slip on orders."""

    _inherit = "sale.order.line"

    promise_live = fields.Json("Promise", compute="_compute_promise_live")

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends(
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "display_type",
        "warehouse_id",
        "state",
        "promise_date",
        "promised_date",
        "promise_data",
        "reserved_quantity",
        "order_id.commitment_date",
        "order_id.amount_total",
        "order_id.partner_invoice_id",
        "order_id.payment_term_id",
        "order_id.order_line.product_id",
        "order_id.order_line.product_uom_qty",
        "order_id.order_line.product_uom_id",
    )
    def _compute_promise_live(self):
        """Lines of one order take from the same goods: all of them are asked at once."""
        field = self._fields["promise_live"]
        self.promise_live = False
        for order, lines in (
            self.filtered("order_id.company_id.supply_planning").grouped("order_id").items()
        ):
            asked = lines._asked_with()
            promises = order._line_promises(asked) if asked else {}
            for line, promise in promises.items():
                value = line._prepare_promise_live(promise)
                if line in lines:
                    line.promise_live = value
                elif not line.id:
                    # the framework computes unsaved records one by one: don't plan again for each
                    field._update_cache(line, field.convert_to_cache(value, line))

    def _asked_with(self):
        """These lines of one order and those that take before or after them.

        The screen asks for a row that is being typed by itself, beside the same row in the
        order's list: then the other unsaved rows are left out, the order asks for all soon.
        """
        # a row that is being changed stands for the stored one
        others = self.order_id.order_line - self.filtered(lambda line: not line.id)._origin
        if len(self) == 1 and not self.id and not self._origin and not self.id.ref:
            others = others.filtered(lambda line: line._origin)
        return (others | self).filtered(
            lambda line: (
                not line.display_type
                and line.product_id.type == "consu"
                and line.product_uom_qty > 0
                and line.state in ("draft", "sent", "sale")
                and not line.is_downpayment
            )
        )

    def _prepare_promise_live(self, promise):
        """One promise for the screen: plain values, days as ISO texts.

        ``promised``: the day that was promised at confirmation; ``slip``: days that the plan is
        behind it.
        """
        confirmed = self.state == "sale"
        promised = self.promised_date if confirmed else None
        day = promise["date"]
        return {
            "confirmed": confirmed,
            "date": _iso(day),
            "cause": self._promise_cause(promise),
            "reason": promise.get("driver") or "",
            "late_days": promise.get("late_days") or (confirmed and self.promise_late_days) or 0,
            "splits": [
                {"quantity": part["quantity"], "date": _iso(part["date"])}
                for part in promise["splits"]
            ],
            "earlier": [
                {"date": _iso(way["date"]), "text": way["text"]}
                for way in promise.get("earlier", ())
            ],
            "condition": promise.get("condition") or "",
            "unit": self.product_uom_id.name or "",
            "promised": _iso(promised),
            "slip": max((day - promised).days, 0) if promised and day else 0,
            "delivered": confirmed and self.qty_delivered >= self.product_uom_qty,
        }

    @staticmethod
    def _promise_cause(promise):
        """Where the goods come from, as the screen's icons and the customer's words know it."""
        return CAUSES.get(promise.get("cause"), "rules") if promise["date"] else "none"

    def _has_field_access(self, field, operation):
        """Customers may read their orders, also by RPC: dates, not what stands behind them."""
        if field.name in FOR_EMPLOYEES and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)

    # -- the customer's page --------------------------------------------------------------------

    def _portal_promise(self):
        """What the customer reads about this line, or ``None``: ``{"label", "date", "word",
        "splits", "promised", "delivered"}``."""
        self.ensure_one()
        live = self.promise_live
        if not live or (not live["date"] and not live["promised"]) or live["delivered"]:
            return None
        splits = [part for part in live["splits"] if part["date"]]
        return {
            "date": _day(live["date"]),
            "word": self._promise_word(live["cause"]),
            "splits": [
                {"quantity": part["quantity"], "date": _day(part["date"])} for part in splits
            ]
            if len(splits) > 1 and len(splits) == len(live["splits"])
            else [],
            "promised": _day(live["promised"]),
            "slipped": bool(live["slip"]) or bool(live["promised"] and not live["date"]),
            "confirmed": live["confirmed"],
        }

    def _promise_word(self, cause):
        """Where the goods come from, in words for a customer."""
        words = {
            "stock": self.env._("from stock"),
            "way": self.env._("on the way"),
            "make": self.env._("in production"),
            "buy": self.env._("being purchased"),
        }
        return words.get(cause, "")


def _iso(day):
    return day.isoformat() if day else False


def _day(text):
    return date.fromisoformat(text) if text else False
