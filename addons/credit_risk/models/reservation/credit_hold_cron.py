from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class CreditHold(models.Model):
    _inherit = "credit.hold"

    # ------------------------------------------------------------------ business: the clock

    @api.model
    def _cron_reservations(self):
        """Hourly: say who is about to lose stock, free what has been kept long enough.

        Days are those of each company. Each company is a transaction of its own.
        """
        companies = (
            self.env["res.company"]
            .sudo()
            .search([("credit_control", "=", "block"), ("credit_reservation_days", ">", 0)])
        )
        for count, company in enumerate(companies, 1):
            holds = self.sudo()._holds_on_the_clock(company)
            today = company._credit_today()
            over = holds.filtered(lambda hold, today=today: hold.reserved_until < today)
            over._credit_free_stock(self.env._("kept for the days that the company allows"))
            soon = (holds - over).filtered(
                lambda hold, today=today: hold.reserved_until <= today + timedelta(days=1)
            )
            soon._warn_of_losing_stock()
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - count)

    @api.model
    def _holds_on_the_clock(self, company):
        """Open holds of deliveries that still have their stock."""
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "open"),
                ("reserved_until", "!=", False),
                ("picking_id.credit_freed_date", "=", False),
                ("picking_id.state", "not in", ("draft", "done", "cancel")),
            ],
            order="reserved_until, id",
        )

    def _warn_of_losing_stock(self):
        """Once a hold, a day before: the salesperson is told what will be lost when."""
        for hold in self.filtered(lambda rec: not rec.reservation_warned and rec.reserved_goods):
            reader = hold._reservation_reader()
            hold.picking_id._schedule_reservation_notice(
                reader,
                hold.with_context(lang=reader.lang).env._(
                    "About to lose stock: %(goods)s of %(picking)s stays reserved until %(date)s "
                    "and is then free for others, unless the credit is settled.",
                    goods=hold.reserved_goods,
                    picking=hold.picking_id.name,
                    date=format_date(hold.env, hold.reserved_until, lang_code=reader.lang),
                ),
            )
            hold.reservation_warned = True

    def _credit_free_stock(self, reason):
        """Free the stock of these holds' deliveries and give it to who waits for it."""
        freed_moves = self.env["stock.move"]
        for hold in self:
            picking = hold.picking_id
            if picking.state in ("draft", "done", "cancel") or picking.credit_freed_date:
                continue
            freed_moves |= picking._credit_reserved_moves()
            goods = picking._credit_free_stock()
            if goods:
                hold._record_reservation("freed", goods, reason)
        self.env["stock.move"]._credit_assign_waiting(freed_moves)

    def _credit_reserve_again(self):
        """The deliveries may leave (or are judged anew): take stock again, say what is short."""
        for hold in self:
            picking = hold.picking_id
            if picking.state in ("draft", "done", "cancel") or not picking.credit_freed_date:
                continue
            missing = picking._credit_reserve_again()
            hold._record_reservation("short" if missing else "reserved", missing)

    # ------------------------------------------------------------------ business: what is said

    def _reservation_reader(self):
        return self.user_id or self.picking_id.sale_id.user_id or self.picking_id.create_uid

    def _record_reservation(self, outcome, goods, reason=""):
        """Decision, a note on hold and delivery, and the salesperson's activity."""
        self.ensure_one()
        picking, reader = self.picking_id, self._reservation_reader()
        listed = _goods_text(goods)
        explanation = {
            "freed": _lt(
                "Stock freed for others: %(goods)s; %(reason)s", goods=listed, reason=reason
            ),
            "reserved": _lt("Free again; the whole stock is reserved again"),
            "short": _lt("Free again, but short by %(goods)s", goods=listed),
        }[outcome]
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "credit.reservation",
                    "record": picking,
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "outcome": outcome,
                    "explanation": explanation,
                    "inputs": [
                        {
                            "model": "product.product",
                            "id": product.id,
                            "field": "reserved_quantity",
                            "value": quantity,
                        }
                        for product, quantity in goods.items()
                    ],
                }
            ]
        )
        note = self._reservation_note(self.env, outcome, listed)
        for document in (self, picking):
            document.message_post(body=note)
        if outcome != "reserved":
            env = self.with_context(lang=reader.lang).env
            picking._schedule_reservation_notice(
                reader, self._reservation_note(env, outcome, _goods_text(goods, reader.lang))
            )

    @api.model
    def _reservation_note(self, env, outcome, goods):
        if outcome == "freed":
            return env._("Stock freed for others, locked for too long: %(goods)s.", goods=goods)
        if outcome == "short":
            return env._("Free to ship again, but short by %(goods)s.", goods=goods)
        return env._("Free to ship again; its stock is reserved again.")


def _goods_text(goods, lang=None):
    """``4 Units Gear, 2 Units Shaft`` for ``{product: quantity}``."""
    return ", ".join(
        f"{quantity:g} {product.with_context(lang=lang).uom_id.name} "
        f"{product.with_context(lang=lang).display_name}"
        for product, quantity in goods.items()
    )
