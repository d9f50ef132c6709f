"""A walk through the past of customers that judges each order as it was asked for.

The rules are those of :mod:`tools.rules`; here is only the order of events. An order that would
have been held uses no credit, nor do its later invoices, until it would have passed: then it
counts with what had become of it.
"""

from dataclasses import dataclass, field
from datetime import UTC
from operator import itemgetter
from zoneinfo import ZoneInfo

from odoo.tools import groupby

from .replay_world import order_amount
from .rules import BLOCK, CONFIRM, EXCLUDE, LIMIT

# Order of events of one moment: facts, goods that leave, orders that are asked for.
FACT, SHIP, ASK = range(3)


@dataclass
class Held:
    """One document that a rule spoke against.

    :param until: when it would have passed; None while it still waits
    """

    order: object
    check: str
    moment: object
    verdict: object
    amount: float
    overdue: float
    document: object
    blocking: bool
    until: object = None
    below: float = field(default=float("inf"), repr=False)
    limit: tuple = field(default=(), repr=False)

    def remember(self, verdict, figures):
        """The exposure below which (and the limit at which) another look is worth while."""
        over = [
            finding.over
            for finding in verdict.findings
            if finding.code == LIMIT and finding.effect == BLOCK and not finding.umbrella
        ]
        if any(rule.effect == EXCLUDE for rule in figures.rules):
            over = []
        used = figures.exposure - figures.beyond_horizon
        self.below = used - max(over) if over else float("inf")
        self.limit = (figures.limit, figures.unlimited)

    def may_pass(self, figures):
        """Whether what was the matter may be over, without judging all rules again."""
        known = (figures.limit, figures.unlimited) == self.limit
        used = figures.exposure - figures.beyond_horizon
        return not known or used <= self.below + 1e-6


class Walk:
    """Goes through the events of customers who share limits (most: of one)."""

    def __init__(self, customers, start, end, now):
        self.customers = {customer.key: customer for customer in customers}
        self.start = start
        self.end = end
        self.now = now
        self.found = []
        self.judged = []
        self.amounts = {}
        self.items = []
        self._zones = {key: ZoneInfo(one.row["tz"]) for key, one in self.customers.items()}
        self._events = []
        self._lowered = False

    # ------------------------------------------------------------------ events

    def add(self, moment, rank, act, *args):
        """``act(moment, *args)`` has to happen at a moment."""
        self._events.append((moment, rank, len(self._events), act, args))

    def run(self):
        """Let everything happen, in its order."""
        self._events.sort(key=itemgetter(0, 1, 2))
        for moment, batch in groupby(self._events, key=itemgetter(0)):
            for __, rank, __, act, args in batch:
                if rank != FACT and self._lowered:
                    self._release(moment)
                act(moment, *args)
            if self._lowered:
                self._release(moment)
        self._lateness()

    def _lateness(self):
        """Add up for each order what of its invoices was, or still is, paid late."""
        orders = {
            key: order for one in self.customers.values() for key, order in one.orders.items()
        }
        for item in filter(lambda one: one.shares, self.items):
            owner = orders[next(iter(item.shares))]
            overdue = (self.today(self.customers[owner.key], self.now) - item.due).days
            still = max(0.0, item.residual) if overdue > 0 else 0.0
            for key, share in item.shares.items():
                order = orders[key]
                order.late_amount += share * (item.late_amount + still)
                days = max(item.late_days, overdue if still > 1e-6 else 0)
                order.late_days = max(order.late_days, days)

    def today(self, customer, moment):
        """The day that a moment was for the customer's company."""
        return moment.replace(tzinfo=UTC).astimezone(self._zones[customer.key]).date()

    # ------------------------------------------------------------------ facts

    def book(self, _moment, customer, item):
        """A receivable item comes into being."""
        customer.items[item.id] = item
        self.items.append(item)
        self._move(customer, item, item.residual)

    def settle(self, moment, customer, item, amount):
        """A part of an item is matched."""
        item.settle(amount, self.today(customer, moment))
        self._move(customer, item, -amount)
        if abs(item.residual) < 1e-6:
            customer.items.pop(item.id, None)

    def _move(self, customer, item, amount):
        for key, share in item.shares.items():
            customer.orders[key].receivable += amount * share
        customer.free += amount * (1 - sum(item.shares.values()))
        self._lowered |= amount < 0

    def bill(self, _moment, customer, amount):
        """A bill of exchange is received, or paid (negative)."""
        customer.bills += amount
        self._lowered |= amount < 0

    def look(self, _moment):
        """A limit may have changed by its date."""
        self._lowered = True

    def invoice(self, _moment, order, line, quantity, down):
        """Goods are billed, or a down payment is (``line`` None)."""
        if line is None:
            order.down_payments += down
        else:
            line.invoiced += quantity
        order.changed()

    def close(self, _moment, order, lines):
        """What is left of some lines will never come."""
        for line in lines:
            line.over = True
        order.changed()
        self._lowered = True

    # ------------------------------------------------------------------ judgements

    def ask(self, moment, customer, order):
        """An order is asked for: judge it if it is in the period."""
        order.asked = moment
        amount = order_amount(order)
        today = self.today(customer, moment)
        order.passed = today
        if not (customer.judged and self.start <= moment <= self.end) or amount <= 0:
            order.counted = True
            return
        self.judged.append(order)
        self.amounts[order.id] = amount
        figures = customer.figures(today)
        document = customer.order_document(order, today)
        held = self._judge(customer, order, figures, document, moment, amount)
        order.counted = held is None or not held.blocking

    def ship(self, moment, customer, order, goods):
        """Goods of an order leave: judge that unless the order itself is held."""
        if order.counted and customer.judged and self.start <= order.asked <= self.end:
            amount = sum(line.price * quantity for line, quantity in goods) * order.factor
            waits = any(held.order is order for held in customer.waiting)
            if amount > 0 and not waits:
                today = self.today(customer, moment)
                document = customer.delivery_document(order, amount / order.rate, today)
                figures = customer.figures(today)
                self._judge(customer, order, figures, document, moment, amount / order.rate)
        for line, quantity in goods:
            line.delivered += quantity
        order.changed()

    def _judge(self, customer, order, figures, document, moment, amount):
        verdict = figures.judge(document)
        if not verdict.findings:
            return None
        held = Held(
            order,
            document.check,
            moment,
            verdict,
            amount,
            figures.overdue_amount,
            document,
            bool(verdict.blocking),
        )
        self.found.append(held)
        if held.blocking:
            held.remember(verdict, figures)
            customer.waiting.append(held)
        return held

    def _release(self, moment):
        """Look again at what waits, oldest first, as the credit check does after a payment."""
        self._lowered = False
        for customer in self.customers.values():
            if not customer.waiting:
                continue
            today = self.today(customer, moment)
            figures, still = customer.figures(today), []
            for held in customer.waiting:
                verdict = held.may_pass(figures) and figures.judge(held.document)
                if verdict and not verdict.blocking:
                    self._let_go(held, moment, today)
                    figures = customer.figures(today)
                    continue
                if verdict:
                    held.remember(verdict, figures)
                still.append(held)
            customer.waiting = still

    def _let_go(self, held, moment, today):
        held.until = moment
        if held.check == CONFIRM:
            held.order.counted = True
            held.order.passed = today
