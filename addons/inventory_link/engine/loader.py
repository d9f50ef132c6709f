"""Turns what the plan rests on into the items of a netting run: products, stock, vendors."""

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from . import reads
from .lots import Agreement, LotRule, Offer
from .objects import Item
from .scope import Warehouse
from .workdays import LONGEST_LEAD, WorkDays

#: Working days are laid out this far; beyond it every day counts.
DAYS_BEFORE, DAYS_AFTER = 60, 1500
#: A lead time from here on is taken as it is, and reported: it may be a typing error.
ODD_LEAD = 730
FOREVER = date.max.toordinal()


def load_warehouses(env, warehouse_ids, now):
    """Warehouses with planning on, by id."""
    result = {}
    for row in reads.warehouses(env.cr, warehouse_ids):
        wid, company, currency, tz, security, *more = row
        local = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(tz))
        today = local.date().toordinal()
        result[wid] = Warehouse(wid, company, currency, today, security, *more)
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
                    surplus=row["surplus"],
                )


def load_stock(scope):
    """On hand quantities."""
    for pid, wid, units in reads.stock(
        scope.env.cr, scope.product_ids, scope.locations, scope.scale
    ):
        if (wid, pid) in scope.items:
            scope.items[wid, pid].stock = units


def load_substitutes(scope):
    """Which stock may be used up in place of a product."""
    found = defaultdict(list)
    for main, other, ratio, start, end, company in reads.substitutes(
        scope.env.cr, scope.product_ids
    ):
        per = 10**6
        row = (
            other,
            round((ratio or 1.0) * per),
            per,
            start.toordinal() if start else 0,
            end.toordinal() if end else FOREVER,
            company,
        )
        found[main].append(row)
    for main, rows in found.items():
        for wid, warehouse in scope.warehouses.items():
            if (wid, main) in scope.items:
                scope.items[wid, main].substitutes = tuple(
                    ((wid, other), units, per, first, last)
                    for other, units, per, first, last, company in rows
                    if company in (None, warehouse.company)
                )


def lead_days(scope, key, code, days):
    """A lead time that dates can be counted with; an odd one is reported."""
    if not 0 <= days < ODD_LEAD:
        scope.report(code, key, int(days))
    return min(max(int(days), 0), LONGEST_LEAD)


def load_calendars(scope, calendar_ids, vendors):
    """Working days of companies and vendors: ``{("calendar", id) or ("vendor", id): days}``.

    :param dict vendors: vendor → id of his calendar or ``None``
    """
    cr = scope.env.cr
    calendar_ids = sorted({*calendar_ids, *vendors.values()} - {None, 0})
    weekdays = dict(reads.calendar_days(cr, calendar_ids)) if calendar_ids else {}
    closed = defaultdict(list)
    if calendar_ids or vendors:
        for calendar, vendor, first, last in reads.calendar_closings(
            cr, calendar_ids, sorted(vendors)
        ):
            owner = ("calendar", calendar) if calendar else ("vendor", vendor)
            closed[owner].append((first.toordinal(), last.toordinal()))
    span = scope.today - DAYS_BEFORE, scope.today + DAYS_AFTER

    def days(calendar, shut):
        # a calendar without any working time would never deliver: it counts as none
        return WorkDays(set(weekdays.get(calendar) or range(7)), shut, *span)

    for calendar in calendar_ids:
        scope.calendars["calendar", calendar] = days(calendar, closed["calendar", calendar])
    for vendor, calendar in vendors.items():
        own = closed.get(("vendor", vendor))
        if own:
            shut = own + closed["calendar", calendar]
            scope.calendars["vendor", vendor] = days(calendar, shut)
        elif calendar:
            scope.calendars["vendor", vendor] = scope.calendars["calendar", calendar]


def load_offers(scope):
    """Vendor prices of every product, with the rate into company currency of today."""
    companies = {w.company for w in scope.warehouses.values()}
    rows = reads.vendor_prices(scope.env.cr, scope.product_ids, companies)
    own_calendars = {w.calendar for w in scope.warehouses.values()}
    load_calendars(scope, own_calendars, {row[2]: row[13] for row in rows})
    agreements = _load_agreements(scope, {row[14] for row in rows if row[14]})
    usual_lead = {(row[1], row[2]): row[6] for row in reversed(rows) if not row[14]}
    odd = {row[1]: row[6] for row in rows if not 0 <= row[6] < ODD_LEAD}
    rates = _Rates(scope)
    offers = defaultdict(list)
    for row in rows:
        company = row[10]
        for target in companies if company is None else {company} & companies:
            offers[target, row[1]].append(
                _offer(scope, row, rates.to_company(row[5], target), agreements, usual_lead)
            )
    for (wid, pid), item in scope.items.items():
        item.offers = tuple(offers.get((scope.warehouses[wid].company, pid), ()))
        if pid in odd and item.offers:
            scope.report("vendor_lead", item.key, odd[pid])


def _offer(scope, row, rate, agreements, usual_lead):
    sid, pid, vendor, minimum, price, currency, delay, start, end, sequence, _co, unit = row[:12]
    landed, _calendar, agreement = row[12:15]
    if agreement:
        # the price row of an agreement has no lead time of its own: that of the vendor counts
        delay = max(delay, usual_lead.get((pid, vendor), 0))
    return Offer(
        row=sid,
        vendor=vendor,
        min_qty=max(-(-round(minimum * scope.scale * 1000) // 1000), 0),
        price=round(max(price, 0.0), 8),
        currency=currency,
        rate=rate,
        delay=min(max(delay, 0), LONGEST_LEAD),
        valid_from=start.toordinal() if start else 0,
        valid_to=end.toordinal() if end else 0,
        sequence=sequence,
        unit=scope.units(unit),
        landed=1 + landed / 100,
        calendar=scope.calendars.get(("vendor", vendor)),
        agreement=agreements.get(agreement),
    )


def _load_agreements(scope, line_ids):
    if not line_ids:
        return {}
    rows = reads.agreements(scope.env.cr, sorted(line_ids), scope.warehouse_ids, scope.scale)
    return {line: Agreement(requisition, max(left, 0)) for line, requisition, left in rows}


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
