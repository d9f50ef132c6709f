"""Turns database rows into the items of a netting run."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from . import reads
from .dates import NEVER, latest
from .lots import LotRule, Offer
from .netting import Demand, Item, Supply


@dataclass(slots=True)
class Warehouse:
    """A planned warehouse, with today in its company's time zone as a day ordinal."""

    id: int
    company: int
    currency: int
    today: int
    security_days: int
    dampener: int


@dataclass(slots=True)
class Scope:
    """Everything one run works on. ``products`` maps product id to its planning values."""

    env: object
    warehouses: dict
    products: dict
    scale: int
    locations: list = field(default_factory=list)
    items: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)
    outside: list = field(default_factory=list)
    stale: set = field(default_factory=set)
    closure: list | None = None
    plans: dict = field(default_factory=dict)
    loops: list = field(default_factory=list)
    sale_lines: set = field(default_factory=set)

    @property
    def product_ids(self):
        return list(self.products)

    @property
    def warehouse_ids(self):
        return list(self.warehouses)

    @property
    def today(self):
        return min((w.today for w in self.warehouses.values()), default=0)

    def units(self, quantity):
        """A float quantity as whole rounding units."""
        return round((quantity or 0.0) * self.scale)

    def quantity(self, units):
        """Rounding units as the float that the database holds."""
        return round(units / self.scale, 6)

    def demand(self, kind, ref, anchor, key, wanted, units, **values):
        """Add a demand of a planned product; others are left to their own rules."""
        item = self.items.get(key)
        if item is None or units <= 0:
            return None
        today = self.warehouses[key[0]].today
        demand = Demand(kind, ref, anchor, wanted, max(wanted, today), units, **values)
        item.demands.append(demand)
        return demand

    def add_outside(self, demand, owner, pegs):
        """Remember what a demand of a product outside the run relied on: its stored pegs as
        ``[[possible on, reason, could be brought forward to], …]``."""
        known = latest([(ordinal(day, 0), tuple(reason or ())) for day, reason, _early in pegs])
        earliest = max(ordinal(early, NEVER) for _day, _reason, early in pegs)
        self.outside.append((demand, owner, (*known, earliest)))

    def moved_owners(self):
        """Products outside the run whose dates, or the reason of them, have changed, with the
        stale ones."""
        moved = {
            owner
            for demand, owner, known in self.outside
            if (demand.feasible, tuple(demand.driver), demand.earliest) != known
        }
        return moved.difference(self.closure or ()) | self.stale_owners()

    def stale_owners(self):
        """Products outside the run whose stored need can't be right any more."""
        return self.stale.difference(self.closure or ())


def ordinal(text, otherwise):
    """An ISO date of a JSON value as a day ordinal."""
    return date.fromisoformat(text).toordinal() if text else otherwise


def load_warehouses(env, warehouse_ids, now):
    """Warehouses with planning on, by id."""
    result = {}
    for wid, company, currency, tz, security, dampener in reads.warehouses(env.cr, warehouse_ids):
        local = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(tz))
        today = local.date().toordinal()
        result[wid] = Warehouse(wid, company, currency, today, security, dampener)
    return result


def load_items(scope):
    """One item for each planned product in each warehouse of a company that may use it."""
    for pid, row in scope.products.items():
        rule = LotRule(
            scope.units(row["multiple"]), scope.units(row["max_lot"]), row["rounding"] or "ceil"
        )
        for wid, warehouse in scope.warehouses.items():
            if row["company"] in (None, warehouse.company):
                scope.items[wid, pid] = Item(
                    (wid, pid),
                    rule=rule,
                    by_order=row["policy"] == "by_order",
                    bucket=row["bucket"] or 0,
                    safety=scope.units(row["safety"]),
                )


def load_stock(scope):
    """On hand quantities."""
    for pid, wid, units in reads.stock(
        scope.env.cr, scope.product_ids, scope.locations, scope.scale
    ):
        if (wid, pid) in scope.items:
            scope.items[wid, pid].stock = units


def load_moves(scope, raw, finished):
    """Demand and supply from open moves; ``(raw, finished, purchased)`` for the documents.

    Purchase receipts come back by line, production moves by production, the rest becomes
    demand of sale lines, of other moves, or supply by transfer.
    """
    productions = {"raw": [], "finished": []}
    purchased = defaultdict(int)
    sales = {}
    for move in reads.moves(
        scope.env.cr, scope.product_ids, scope.locations, scope.scale, raw, finished
    ):
        mid, pid, src, dst, units, day, sale_line, priority, po_line, raw_id, made_id, order = move
        when = day.toordinal()
        if raw_id or made_id:
            kind = "raw" if raw_id else "finished"
            productions[kind].append((raw_id or made_id, (src or dst, pid), units, when, mid))
            continue
        if dst and po_line:
            purchased[po_line, dst, pid] += units
        elif dst and (dst, pid) in scope.items:
            scope.items[dst, pid].supplies.append(Supply("transfer", mid, when, units))
        if src and sale_line:
            known = sales.setdefault((sale_line, src, pid), [0, when, priority, order])
            known[0] += units
            known[1] = min(known[1], when)
        elif src:
            scope.demand("move", mid, f"M{mid}", (src, pid), when, units, priority=_rank(priority))
    for (sale_line, wid, pid), (units, when, priority, order) in sales.items():
        scope.sale_lines.add(sale_line)
        scope.demand(
            "sale",
            sale_line,
            f"S{sale_line}",
            (wid, pid),
            when,
            units,
            priority=_rank(priority),
            order=order or 0,
        )
    return productions, purchased


def _rank(priority):
    """Urgent moves first among those of one day."""
    return -int(priority or 0)


def load_purchases(scope, purchased):
    """Requests and orders as supply on the day the purchase line promises; what was received no
    longer counts."""
    rows = reads.purchase_lines(
        scope.env.cr,
        scope.product_ids,
        scope.warehouse_ids,
        {line for line, _wid, _pid in purchased},
        scope.scale,
    )
    terms = _vendor_terms(scope)
    for pol, pid, wid, ordered, received, planned, locked, vendor, request, _line in rows:
        if request:
            open_parts = [(wid, ordered, planned.toordinal())]
        else:
            open_parts = [
                (dst, units, planned.toordinal())
                for (line, dst, product), units in purchased.items()
                if line == pol and product == pid
            ]
        for dst, units, when in open_parts:
            item = scope.items.get((dst, pid))
            if item is not None:
                minimum, lead = terms.get((dst, pid, vendor), (0, 0))
                item.supplies.append(
                    Supply(
                        "purchase",
                        pol,
                        when,
                        units,
                        locked=locked,
                        done=0 if request else received,
                        minimum=minimum,
                        lead=lead,
                    )
                )


def _vendor_terms(scope):
    """Smallest minimum and shortest lead time of each vendor of each item."""
    result = {}
    for (wid, pid), item in scope.items.items():
        for offer in item.offers:
            key = wid, pid, offer.vendor
            minimum, lead = result.get(key, (offer.min_qty, offer.delay))
            result[key] = min(minimum, offer.min_qty), min(lead, offer.delay)
    return result


def load_offers(scope):
    """Vendor prices of every product, with the rate into company currency of today."""
    companies = {w.company for w in scope.warehouses.values()}
    rates = _Rates(scope)
    offers = defaultdict(list)
    for row in reads.vendor_prices(scope.env.cr, scope.product_ids, companies):
        sid, pid, vendor, minimum, price, currency, delay, start, end, seq, company, unit = row
        for target in companies if company is None else {company}:
            offer = Offer(
                row=sid,
                vendor=vendor,
                min_qty=-(-round(minimum * scope.scale * 1000) // 1000),
                price=round(price, 8),
                currency=currency,
                rate=rates.to_company(currency, target),
                delay=delay,
                valid_from=start.toordinal() if start else 0,
                valid_to=end.toordinal() if end else 0,
                sequence=seq,
                unit=scope.units(unit),
            )
            offers[target, pid].append(offer)
    for (wid, pid), item in scope.items.items():
        item.offers = tuple(offers.get((scope.warehouses[wid].company, pid), ()))


class _Rates:
    def __init__(self, scope):
        self.env, self.day = scope.env, date.fromordinal(scope.today) if scope.today else None
        self.known = {}

    def to_company(self, currency, company):
        key = currency, company
        if key not in self.known:
            target = self.env["res.company"].browse(company)
            source = self.env["res.currency"].browse(currency)
            self.known[key] = self.env["res.currency"]._get_conversion_rate(
                source, target.currency_id, target, self.day or datetime.now().date()
            )
        return self.known[key]


def load_lines(scope, columns):
    """Stored plan lines: approved and edited ones are supply, rejections are remembered."""
    scope.lines = reads.plan_lines(scope.env.cr, scope.product_ids, scope.warehouse_ids, columns)
    for row in scope.lines:
        item = scope.items.get((row["warehouse_id"], row["product_id"]))
        if item is None:
            continue
        if row["state"] == "rejected":
            item.rejected[row["natural_key"]] = row["signature"]
        elif is_fixed(row):
            item.supplies.append(_fixed_supply(scope, item, row))
            item.taken_keys.add(row["natural_key"])


def is_fixed(row):
    """Approved or edited by a person: the plan works around it."""
    return row["state"] == "approved" or (row["state"] == "proposed" and row["edited"])


def _fixed_supply(scope, item, row):
    made = row["action"] == "make"
    return Supply(
        "plan",
        row["id"],
        row["due_date"].toordinal(),
        scope.units(row["quantity"]),
        key=row["natural_key"] or f"L{row['id']}",
        action=row["action"],
        lead=row["lead_days"] or 0,
        fixed=True,
        edited=row["edited"],
        order=row["sale_order_id"] or 0 if item.by_order else 0,
        offer=row["vendor_id"],
        recipe=item.recipe if made else None,
    )


def load_outside(scope):
    """Component demand of plan lines whose product isn't part of this run."""
    for row in reads.outside_plan_demand(
        scope.env.cr, scope.product_ids, scope.warehouse_ids, scope.scale
    ):
        pid, wid, line, key, units, day, order, owner, pegs = row
        demand = scope.demand(
            "plan", line, f"P{key}", (wid, pid), day.toordinal(), units, order=order or 0
        )
        if demand:
            scope.add_outside(demand, owner, pegs)
