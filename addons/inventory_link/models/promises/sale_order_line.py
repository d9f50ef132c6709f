from datetime import date

from odoo import fields, models
from odoo.tools import SQL

from ...engine import explain
from ...engine.answer import Answers

KEPT_FIELDS = (
    "promised_date",
    "promise_claim_date",
    "promised_none",
    "reserved_quantity",
    "reserved_until",
    "reserved_on",
    "reserved_date",
)


class SaleOrderLine(models.Model):
    """What was promised to the customer, beside what the plan says today."""

    _inherit = "sale.order.line"

    promise_told_date = fields.Date(
        "Told to the Customer",
        readonly=True,
        copy=False,
        help="The day that the customer was last told: with the quotation, on the customer's page,"
        " or by the reservation. A later one has to be accepted before the order is confirmed.",
    )
    promised_date = fields.Date(
        "Promised Date",
        readonly=True,
        copy=False,
        help="The promise when the order was confirmed. On-time delivery is measured against it,"
        " and the plan keeps it against orders that come later.",
    )
    promise_claim_date = fields.Date(
        "Takes Its Turn",
        readonly=True,
        copy=False,
        help="The day on which the goods could leave when the promise was made, without taking from"
        " others. The plan gives out goods in the order of these days.",
    )
    promised_none = fields.Boolean(
        "No Date Promised",
        readonly=True,
        copy=False,
        help="No day could be promised when the order was confirmed: all other orders take first.",
    )
    reserved_quantity = fields.Float(
        "Reserved Quantity",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the plan keeps for this quotation until then, in the line's unit.",
    )
    reserved_until = fields.Datetime("Reserved Until", readonly=True, copy=False)
    reserved_on = fields.Datetime("Reserved On", readonly=True, copy=False)
    reserved_date = fields.Date(
        "Reserved For",
        readonly=True,
        copy=False,
        help="The day that could be promised when it was reserved; the plan keeps it.",
    )

    _reserved_idx = models.Index("(order_id) WHERE reserved_quantity > 0")

    # -- quotations -----------------------------------------------------------------------------

    def _quoted_promises(self, quantities=None, at_once=False):
        """Promises of lines that aren't confirmed, out of what nobody else has: by line.

        :param dict quantities: line → so much more than the plan knows of it, in the line's unit;
            empty: the whole line, and what is planned for it as tentative is its own
        :param bool at_once: no answer at all when it is a long one to work out
        """
        if not self:
            return {}
        self.env.flush_all()
        wanted = self._wanted_goods(quantities)
        products = sorted({pid for goods in wanted.values() for pid, _quantity in goods})
        planner = self.env["supply.planner"].sudo()
        closure = planner._closure_of(products) if at_once else None
        if at_once and closure is None:
            return {}
        scope = planner._solve(
            self.warehouse_id.ids, products, stored=False, closure=closure, by_day=True
        )
        own = () if quantities else self._origin.ids
        if scope is None:
            return {line: line._rule_promise() for line in self}
        asked, answers = {}, Answers(scope, own)
        for line in self:
            goods = [((line.warehouse_id.id, pid), quantity) for pid, quantity in wanted[line]]
            own_product = line.product_id._origin.id
            kits = any(pid != own_product for pid, _quantity in wanted[line])
            asked[line] = answers.ask(goods, line.product_uom_qty if kits else 0)
        scope.dismantle()
        reasons = [reason for answer in asked.values() if answer for reason in answer.reasons]
        texts = iter(explain.tell(self.env, reasons))
        return {
            line: line._told(answer, [next(texts) for _reason in answer.reasons])
            if answer
            else line._rule_promise()
            for line, answer in asked.items()
        }

    def _wanted_goods(self, quantities=None):
        """What each line takes out of stock: ``{line: [(product id, quantity in its unit)]}``."""
        components = self._promise_components()
        result = {}
        for line in self:
            share = 1.0
            if quantities:
                share = quantities[line] / line.product_uom_qty if line.product_uom_qty else 0.0
            result[line] = [
                (product._origin.id, quantity * share) for product, quantity in components[line.id]
            ]
        return result

    def _told(self, answer, texts):
        """An answer of the engine as a promise, its reasons in the reader's language."""
        shares = [(share, _to_date(day)) for share, day in answer.shares]
        whole = max((day for _share, day in shares if day), default=False)
        if any(not day for _share, day in shares):
            whole = False
        wished = self.order_id._wished_day() if whole else None
        return {
            "line_id": self._origin.id,
            "date": whole,
            "claim": _to_date(answer.claim),
            "splits": [
                {"quantity": round(self.product_uom_qty * share, 6), "date": day}
                for share, day in shares
            ],
            "driver": texts[0],
            "cause": answer.reason[0],
            "late_days": max((whole - wished).days, 0) if wished else 0,
            "earlier": [
                {"date": _to_date(day), "text": text}
                for (day, _reason), text in zip(answer.sooner, texts[1:], strict=True)
            ],
            "condition": "",
            "reserved": bool(self.reserved_quantity),
        }

    def _rule_promise(self):
        """A product that isn't planned gets the shop's own delivery time."""
        local = self.with_context(tz=self.company_id.partner_id.tz or "UTC")
        day = fields.Date.add(fields.Date.context_today(local), days=int(self.customer_lead or 0))
        wished = self.order_id._wished_day()
        reason = ["rules", self.product_id._origin.id, None]
        return {
            "line_id": self._origin.id,
            "date": day,
            "splits": [{"quantity": self.product_uom_qty, "date": day}],
            "driver": explain.tell(self.env, [reason])[0],
            "cause": "rules",
            "late_days": max((day - wished).days, 0) if wished else 0,
            "earlier": [],
            "condition": "",
            "reserved": False,
        }

    # -- confirmed lines --------------------------------------------------------------------------

    def _stored_promise(self):
        """The promise of a confirmed line as the last run left it."""
        quantities, earliest = {}, []
        pegs = self.sudo().supply_peg_ids
        for peg in pegs:
            quantities[peg.feasible_date] = quantities.get(peg.feasible_date, 0.0) + peg.quantity
            earliest.append(peg.earliest_date or peg.date)
        total = sum(quantities.values())
        splits = [
            {
                "quantity": round(self.product_uom_qty * quantity / total, 6),
                "date": day and self._shown(day),
            }
            for day, quantity in sorted(quantities.items(), key=lambda item: item[0] or date.max)
        ]
        sooner = self._shown(max(earliest)) if earliest and self.promise_date else None
        earlier = []
        if sooner and sooner < self.promise_date:
            text = explain.tell(self.env, [["documents", None, None]])[0]
            earlier = [{"date": sooner, "text": text}]
        return {
            "line_id": self.id,
            "date": self.promise_date or False,
            "splits": splits,
            "driver": self.promise_reason or "",
            "cause": (self.promise_data or [""])[0],
            "late_days": self.promise_late_days,
            "earlier": earlier,
            "condition": "",
            "reserved": False,
        }

    def _shown(self, day):
        """The day at the customer of goods that leave on a day."""
        return fields.Date.add(day, days=int(self.company_id.security_lead or 0))

    # -- what is promised when an order is confirmed ----------------------------------------------

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Before the goods of confirmed lines are planned: what is promised for them."""
        self._promise_now(previous_product_uom_qty or {})
        return super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)

    def _promise_now(self, before):
        """Promise new lines their day, and raised ones the day of what was added, if it is later.

        :param dict before: line id → quantity before it was raised
        """
        lines = self.filtered(
            lambda line: (
                line.company_id.supply_planning
                and line.state == "sale"
                and not line.display_type
                and line.product_id.type == "consu"
            )
        )
        added = {
            line: line.product_uom_qty - before[line.id]
            for line in lines
            if line.id in before and line.product_uom_qty > before[line.id] > 0
        }
        new = lines.filtered(
            lambda line: line not in added and not line.promised_date and not line.promised_none
        )
        for some in new.grouped("company_id").values():
            some._keep_promises(some._quoted_promises(at_once=True))
        raised = lines.browse([line.id for line in added])
        if raised:
            raised._keep_promises(raised._quoted_promises(added, at_once=True))

    def _keep_promises(self, promises):
        """Remember what was promised: not before the day that the order asks for, and for a raised
        line the later of both days, or its old one where what was added can't be had. Reservations
        end: the orders have the goods now."""
        rows = []
        for line, promise in promises.items():
            day, claim = promise["date"] or None, promise.get("claim") or None
            if line.promised_date and not day:
                continue  # what was added has no day: what was promised before stays
            if line.promised_none:
                continue
            if day:
                day = max(day, line.promised_date or day, line.order_id._wished_day() or day)
            if claim:
                claim = max(claim, line.promise_claim_date or claim)
            rows.append((line.id, day, claim, not day))
        if rows:
            self.env.cr.execute_values(
                "UPDATE sale_order_line AS t SET promised_date = v.d, promise_claim_date = v.c,"
                " promised_none = v.n, reserved_quantity = NULL, reserved_until = NULL,"
                " reserved_on = NULL, reserved_date = NULL"
                " FROM (VALUES %s) AS v (id, d, c, n) WHERE t.id = v.id",
                rows,
                template="(%s::int, %s::date, %s::date, %s::bool)",
            )
            self.invalidate_recordset(KEPT_FIELDS, flush=False)

    def _forget_promises(self):
        """A cancelled order has no promise; the next time it is confirmed, it gets a new one."""
        self.sudo().write(
            {"promised_date": False, "promise_claim_date": False, "promised_none": False}
        )

    # -- reservations -----------------------------------------------------------------------------

    def _unreserved_share(self):
        """The share of a quoted line that isn't reserved."""
        self.ensure_one()
        if not self.reserved_quantity or not self.product_uom_qty:
            return 1.0
        return max(1 - self.reserved_quantity / self.product_uom_qty, 0.0)

    def _reserved_needs(self, products, warehouses):
        """Rows for :func:`~odoo.addons.inventory_link.engine.loader_needs.load_reservations`."""
        components = self._promise_components()
        result = []
        for line in self:
            day = line.reserved_date or (line.reserved_on or line.create_date).date()
            day = fields.Date.subtract(day, days=int(line.company_id.security_lead or 0))
            share = min(line.reserved_quantity / line.product_uom_qty, 1.0)
            if line.warehouse_id.id in warehouses:
                result += [
                    (line.id, line.order_id.id, line.warehouse_id.id, product.id, day, part * share)
                    for product, part in components[line.id]
                    if product.id in products
                ]
        return result

    def _reserved_lines(self, company_ids):
        """Lines of quotations for which the plan keeps goods, until they are promised for good."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT l.id FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id"
                " WHERE l.reserved_quantity > 0 AND (o.state IN ('draft', 'sent')"
                " OR o.state = 'sale' AND l.promised_date IS NULL AND l.promised_none IS NOT TRUE)"
                " AND l.product_uom_qty > 0 AND o.company_id = ANY(%s) ORDER BY l.id",
                list(company_ids),
            )
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())


def _to_date(day):
    return date.fromordinal(day) if day else False
