"""What a scenario test reads: pegs, lines and messages in words, with every number of them."""

from odoo.addons.inventory_link.tests.common import SupplyCase


class ScenarioMixin:
    """Readers on top of :class:`SupplyCase`; days are offsets from today, as in the fixture."""

    @classmethod
    def confirm_all(cls, orders):
        """Confirm many quotations in one call. Large changes may be planned later: run now."""
        batch = cls.env["sale.order"].union(*orders)
        batch.action_confirm()
        cls.planner.run(cls.warehouse.ids)
        return batch

    def tell_pegs(self, *products):
        """``[(need, supply, quantity)]`` sorted: ``("SO@+20", "buy@+20", 6.0)``.

        Needs: ``SO@day``, ``<product>@day`` (a planned production of it), ``MO <product>`` and
        ``safety``. Supplies: ``stock``, ``buy@day``/``make@day`` (plan lines), ``PO@day`` and
        ``MO@day``. A day of a plan line or an order is the day it is needed.
        """
        found = self.env["supply.peg"].search(
            [("product_id", "in", [product.id for product in products])]
        )
        return sorted((self._need(peg), self._supply(peg), peg.quantity) for peg in found)

    def _need(self, peg):
        if peg.sale_line_id:
            return f"SO@{self._day(peg.sale_line_id.order_id.commitment_date)}"
        if peg.plan_line_id:
            line = peg.plan_line_id
            return f"{line.product_id.name}@{self._day(line.due_date)}"
        if "production_id" in peg._fields and peg.production_id:
            return f"MO {peg.production_id.product_id.name}"
        return "safety" if peg.safety else "other"

    def _supply(self, peg):
        if peg.supply_plan_line_id:
            line = peg.supply_plan_line_id
            return f"{line.action}@{self._day(line.due_date)}"
        if peg.supply_purchase_line_id:
            return f"PO@{self._day(peg.supply_purchase_line_id.date_planned)}"
        if "supply_production_id" in peg._fields and peg.supply_production_id:
            return f"MO@{self._day(peg.supply_production_id.date_finished)}"
        return peg.supply

    def _day(self, moment):
        """A date, or a moment at noon of the company, as ``+20``."""
        if not moment:
            return "none"
        day = moment.date() if hasattr(moment, "hour") else moment
        return f"{(day - self.today).days:+d}"

    def tell_messages(self, *products):
        """Open messages: ``[(kind, quantity now, quantity needed, day now, day needed)]``."""
        found = self.env["supply.message"].search(
            [
                ("product_id", "in", [product.id for product in products]),
                ("state", "=", "open"),
            ]
        )
        return sorted(
            (
                message.kind,
                message.quantity_now,
                message.quantity_needed,
                self.offset(message.date_now),
                self.offset(message.date_needed),
            )
            for message in found
        )

    def dates(self, product):
        """``[(order, due, feasible, late)]`` of open plan lines, by due day."""
        return [
            (
                self.offset(line.order_date),
                self.offset(line.due_date),
                self.offset(line.feasible_date),
                line.late_days,
            )
            for line in self.lines(product)
        ]

    def promise(self, order):
        """``(promise day, late days)`` of an order with one line."""
        line = order.order_line
        return self.offset(line.promise_date), line.promise_late_days

    def quoted(self, product, quantity):
        """Day and splits that a quotation gets: ``(day, [(quantity, day)])``."""
        (promise,) = self.quote(product, quantity).get_promises()
        return self.offset(promise["date"]), [
            (split["quantity"], self.offset(split["date"])) for split in promise["splits"]
        ]

    def plan_rows(self, product):
        """Open plan lines with their ids, to see that a run kept them."""
        return {
            line.id: (
                line.action,
                line.quantity,
                self.offset(line.order_date),
                self.offset(line.due_date),
            )
            for line in self.lines(product)
        }

    def release_lines(self, *products):
        """Approve and release what is open of these products; the released lines."""
        result = self.env["supply.plan.line"]
        for product in products:
            lines = self.lines(product)
            lines.action_approve()
            lines.action_release()
            result |= lines
        return result


class ScenarioCase(ScenarioMixin, SupplyCase):
    """A company that buys, for scenarios without bills of materials."""
