from odoo import api, fields, models
from odoo.tools import format_date

#: What a row shows of a change before it is saved.
PREVIEWED = (
    "price_unit",
    "currency_id",
    "amount_company",
    "order_date",
    "feasible_date",
    "late_days",
    "lead_days",
    "driver_data",
    "free_quantity",
)
SHOWN = 5
SHOWN_ORDERS = 3


class SupplyPlanLine(models.Model):
    """The consequence of a change, shown while it is typed."""

    _inherit = "supply.plan.line"

    consequence = fields.Json(
        store=False,
        help="What the values typed in would do, before they are saved.",
    )

    @api.onchange("quantity", "due_date", "vendor_id")
    def _onchange_preview(self):
        """Show price, dates and whose promise moves; everything comes again with the saving."""
        origin = self._origin
        planner = self.env.user.has_group("inventory_link.group_supply_planner")
        if not origin or not planner:
            return
        vals = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in self._planner_fields()
            if self[name] != origin[name]
        }
        found = origin._preview_edit(vals) if vals else {}
        shown = found.get("lines", {}).get(origin.id)
        for name in PREVIEWED:
            self[name] = shown[name] if shown else origin[name]
        self.consequence = origin._tell_consequence(found) if vals else False

    def _tell_consequence(self, found):
        """A preview in words: ``[{"kind": "danger|success|warning|info", "text"}]``, what matters
        most first."""
        self.ensure_one()
        if self.id in found["problems"]:
            return [_entry("danger", found["problems"][self.id])]
        if self.id not in found["lines"]:
            return [_entry("info", self.env._("This product isn't planned any more."))]
        values = found["lines"][self.id]
        return [
            *self._tell_promises(found["promises"]),
            *self._tell_dates(values),
            *self._tell_free(values),
            *self._tell_proposals(found),
            *self._tell_price(values),
            *self._tell_approval(values),
        ]

    # -- parts ----------------------------------------------------------------------------------

    def _tell_promises(self, promises):
        """Which orders get another date; buyers see numbers of all orders."""
        entries = []
        lines = self.env["sale.order.line"].sudo().browse(promises)
        moves = {}
        for line in lines:
            old, new = promises[line.id]
            known = moves.get(line.order_id)
            if known is None or _gap(old, new) > _gap(*known):
                moves[line.order_id] = (old, new)
        ranked = sorted(moves.items(), key=lambda item: (-_gap(*item[1]), item[0].name))
        for order, (old, new) in ranked[:SHOWN]:
            entries.append(self._tell_promise(order, old, new))
        if len(ranked) > SHOWN:
            more = len(ranked) - SHOWN
            entries.append(_entry("info", self.env._("And %(count)s more orders.", count=more)))
        return entries or [_entry("info", self.env._("No order gets another date."))]

    def _tell_promise(self, order, old, new):
        days = _gap(old, new)
        values = {
            "order": order.name,
            "customer": order.partner_id.display_name,
            "old": self._tell_day(old),
            "new": self._tell_day(new),
            "days": abs(days),
        }
        if not (old and new):
            text = self.env._("%(order)s (%(customer)s): %(old)s → %(new)s", **values)
        elif days > 0:
            text = self.env._(
                "%(order)s (%(customer)s): %(old)s → %(new)s, %(days)s days later", **values
            )
        else:
            text = self.env._(
                "%(order)s (%(customer)s): %(old)s → %(new)s, %(days)s days earlier", **values
            )
        return _entry("danger" if days > 0 else "success", text)

    def _tell_day(self, day):
        return format_date(self.env, day) if day else self.env._("no date")

    def _tell_dates(self, values):
        entries = []
        if values["late_days"]:
            text = self.env._(
                "Possible on %(day)s, %(days)s days late.",
                day=self._tell_day(values["feasible_date"]),
                days=values["late_days"],
            )
            entries.append(_entry("danger", text))
        elif not values["feasible_date"]:
            entries.append(_entry("danger", self.env._("No date can be given.")))
        elif self.late_days or not self.feasible_date:
            entries.append(_entry("success", self.env._("On time now.")))
        if values["order_date"] != self.order_date:
            text = self.env._(
                "Order by %(new)s instead of %(old)s.",
                new=self._tell_day(values["order_date"]),
                old=self._tell_day(self.order_date),
            )
            entries.append(_entry("info", text))
        return entries

    def _tell_free(self, values):
        if values["state"] == "cancelled":
            return [_entry("warning", self.env._("Nothing needs it then: it will be cancelled."))]
        if self.product_uom_id.compare(values["free_quantity"], self.free_quantity) <= 0:
            return []
        text = self.env._(
            "%(quantity)s will be free: no order needs them.",
            quantity=self._quantity_text(values["free_quantity"]),
        )
        return [_entry("warning", text)]

    def _tell_proposals(self, found):
        """What the plan orders beside it, or no longer orders, or on other days."""
        new, gone, moved = _without_moves(found["new"], found["gone"])
        entries = []
        if new:
            text = self.env._("The plan also orders: %(orders)s.", orders=self._name_orders(new))
            entries.append(_entry("warning", text))
        if gone:
            text = self.env._(
                "The plan no longer orders: %(orders)s.", orders=self._name_orders(gone)
            )
            entries.append(_entry("info", text))
        if moved:
            text = self.env._("Plan lines that move to another day: %(count)s.", count=moved)
            entries.append(_entry("info", text))
        return entries

    def _name_orders(self, proposals):
        names = []
        for product, quantity, due, vendor in proposals[:SHOWN_ORDERS]:
            record = self.env["product.product"].sudo().browse(product)
            values = {
                "quantity": f"{quantity:g} {record.uom_id.name}",
                "product": record.display_name,
                "vendor": self.env["res.partner"].sudo().browse(vendor or []).display_name,
                "day": self._tell_day(due),
            }
            if vendor:
                text = self.env._("%(quantity)s %(product)s from %(vendor)s for %(day)s", **values)
            else:
                text = self.env._("%(quantity)s %(product)s for %(day)s", **values)
            names.append(text)
        return ", ".join(names) + (" …" if len(proposals) > SHOWN_ORDERS else "")

    def _tell_price(self, values):
        if self.action == "make":
            return []
        currency = self.env["res.currency"].browse(values["currency_id"]) or self.currency_id
        old, new = self.amount, values["amount"]
        if currency == self.currency_id and not currency.compare_amounts(old, new):
            return []
        text = self.env._(
            "Amount %(new)s instead of %(old)s, at %(price)s each.",
            new=currency.format(new),
            old=self.currency_id.format(old),
            price=currency.format(values["price_unit"]),
        )
        return [_entry("info", text)]

    def _tell_approval(self, values):
        company = self.company_id.sudo()
        limit, currency = company.supply_approval_amount, company.currency_id
        if not limit or currency.compare_amounts(values["amount_company"], limit) <= 0:
            return []
        text = self.env._(
            "Above the approval limit of %(limit)s: a planning manager has to approve it.",
            limit=currency.format(limit),
        )
        return [] if self._may_approve_all() else [_entry("warning", text)]


def _entry(kind, text):
    return {"kind": kind, "text": text}


def _gap(old, new):
    """Days that a promise gets later; having no date counts as ten years."""
    if old and new:
        return (new - old).days
    return -3650 if new else 3650


def _without_moves(new, gone):
    """Proposals that only change their day are no orders more or fewer: ``(new, gone, moves)``."""
    left, rest = list(gone), []
    for entry in new:
        same = next((other for other in left if other[:2] == entry[:2]), None)
        if same:
            left.remove(same)
        else:
            rest.append(entry)
    return rest, left, len(new) - len(rest)
