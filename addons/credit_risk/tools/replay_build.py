"""From the documents to the walks of a replay: as many queries for one order as for all."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields

from . import replay_customers_sql as customers_sql
from . import replay_sql as sql
from .limits import effective_limit
from .policies import Policies
from .replay import ASK, FACT, SHIP, Walk
from .replay_world import Customer, Item, Line, Order, Shared
from .umbrellas import find_members


@dataclass(frozen=True)
class Change:
    """What is tried, instead of what holds today.

    :param policy: id of a policy; None: each customer's own
    :param every: it takes the place of customers' and groups' own policies as well
    :param limit: ``(partner id, kind, amount)`` in the account's currency
    :param default: ``(kind, amount)`` in the company's currency
    """

    policy: int | None = None
    every: bool = False
    limit: tuple | None = None
    default: tuple | None = None

    def apply(self, row):
        """Put it into one customer's settings."""
        if self.policy and (self.every or not row["own_policy"]):
            row["policy_id"] = self.policy
        if self.limit and self.limit[0] == row["partner_id"]:
            row["limit_kind"], row["limit_amount"] = self.limit[1:]
            row["valid_to"] = None
        if self.default:
            row["company_kind"], row["company_amount"] = self.default


def build(env, company, start, end, partner_ids=None, change=None):
    """The walks of all customers with an order in the period.

    :param start, end: moments (UTC)
    :return: list of :class:`tools.replay.Walk`, ready to run
    """
    env.flush_all()
    judged = customers_sql.payers(env, company.id, start, end, partner_ids)
    if not judged:
        return []
    return _Builder(env, company, start, end, change or Change()).walks(judged)


class _Builder:
    def __init__(self, env, company, start, end, change):
        self.env = env
        self.company = company
        self.start = start
        self.end = end
        self.now = max(end, fields.Datetime.now())
        self.change = change
        self._known = {}

    # ------------------------------------------------------------------ customers

    def walks(self, judged):
        pairs = [(partner, self.company.id) for partner in judged]
        rows = customers_sql.accounts(self.env, pairs)
        ids = [row["account_id"] for row in rows if row["account_id"]]
        shared = find_members(self.env, ids) if ids else None
        if shared:
            others = self.env["credit.account"].sudo().browse(shared.account_ids - set(ids))
            pairs += [(account.partner_id.id, account.company_id.id) for account in others]
            rows = customers_sql.accounts(self.env, pairs)
        customers = self._customers(rows, set(judged))
        walks = self._clusters(customers, shared)
        self._load(pairs, customers, walks)
        return list({id(walk): walk for walk in walks.values()}.values())

    def _customers(self, rows, judged):
        for row in rows:
            self.change.apply(row)
        policies = Policies(self.env, rows)
        horizons = {
            policy.id: policy.horizon_days
            for policy in self.env["credit.policy"]
            .sudo()
            .browse({row["policy_id"] for row in rows if row["policy_id"]})
        }
        lines = defaultdict(list)
        ids = [row["account_id"] for row in rows if row["account_id"]]
        for account_id, *line in customers_sql.limit_lines(self.env, ids):
            lines[account_id].append(line)
        customers = {}
        for row in rows:
            key = row["key"]
            customers[key] = Customer(
                key=key,
                row=row,
                rate=self.rate(row["company_id"], row["company_currency_id"], row["currency_id"]),
                rules=policies.of(row, self.rate).rules,
                horizon_days=horizons.get(row["policy_id"], 0),
                limit_at=_Limit(row, lines[row["account_id"]], self.rate),
                judged=row["partner_id"] in judged and row["company_id"] == self.company.id,
            )
        return customers

    def rate(self, company_id, from_id, to_id):
        """Units of one currency for another at today's rate, each looked up once."""
        if from_id == to_id:
            return 1.0
        key = (company_id, from_id, to_id)
        if key not in self._known:
            company = self.env["res.company"].sudo().browse(company_id)
            currencies = self.env["res.currency"].sudo()
            self._known[key] = currencies._get_conversion_rate(
                currencies.browse(from_id),
                currencies.browse(to_id),
                company,
                company._credit_today(),
            )
        return self._known[key]

    def _clusters(self, customers, shared):
        """``{key: walk}``; who shares a limit goes through time together."""
        clusters = {key: {key} for key in customers}
        by_account = {one.row["account_id"]: one for one in customers.values()}
        for umbrella, members in (shared.members if shared else {}).items():
            found = [by_account[key] for key in members if key in by_account]
            joined = set().union(*(clusters[one.key] for one in found))
            for key in joined:
                clusters[key] = joined
            limit = self._shared(umbrella, found, shared, by_account)
            for one in found:
                if umbrella in shared.above.get(one.row["account_id"], ()):
                    one.umbrellas.append(limit)
        walks = {}
        for key, keys in clusters.items():
            if key not in walks:
                walk = Walk(
                    [customers[one] for one in sorted(keys)], self.start, self.end, self.now
                )
                walks.update(dict.fromkeys(keys, walk))
        return walks

    def _shared(self, umbrella, members, shared, by_account):
        model, key = umbrella
        if model == "credit.group":
            name, limit, currency, decimals = shared.groups[key]

            def limit_at(_today):
                return limit, False, ()
        else:
            top = by_account[key]
            name, limit_at = str(key), top.limit_at
            currency, decimals = top.row["currency_id"], top.row["decimals"]
        rates = {
            one.key: self.rate(one.row["company_id"], one.row["currency_id"], currency)
            for one in members
        }
        return Shared(model, key, name, limit_at, decimals, members, rates)

    # ------------------------------------------------------------------ documents

    def _load(self, pairs, customers, walks):
        orders = self._orders(pairs, customers)
        shares = self._load_lines(orders, walks)
        self._load_items(pairs, customers, walks, shares)
        for key, received, over, amount in sql.bills(self.env, pairs):
            self._add(walks[key], received, FACT, "bill", customers[key], float(amount))
            if over:
                moment = max(received, self._midnight(customers[key], over))
                self._add(walks[key], moment, FACT, "bill", customers[key], -float(amount))
        for key, customer in customers.items():
            for day in customer.limit_at.days:
                self._add(walks[key], self._midnight(customer, day), FACT, "look")

    def _add(self, walk, moment, rank, act, *args):
        if moment <= self.now:
            walk.add(moment, rank, getattr(walk, act), *args)

    def _midnight(self, customer, day):
        zone = ZoneInfo(customer.row["tz"])
        return datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)

    def _orders(self, pairs, customers):
        rows = sql.orders(self.env, pairs, self.start)
        longer = self._longer_terms(rows, customers)
        orders = {}
        for key, order_id, asked, confirmed, rate, total, closed, due, term, held in rows:
            zone = ZoneInfo(customers[key].row["tz"])
            orders[order_id] = customers[key].orders[order_id] = Order(
                id=order_id,
                key=key,
                asked=asked,
                rate=float(rate),
                total=float(total or 0),
                closed=closed and confirmed,
                due=(due or asked).replace(tzinfo=UTC).astimezone(zone).date(),
                terms_longer=(key, term) in longer,
                really_held=held is not None,
            )
        return orders

    def _longer_terms(self, rows, customers):
        """``{(key, term id)}`` of terms above those of the customer, as agreed today."""
        terms = self.env["account.payment.term"].sudo()
        ranks = {
            term.id: term.credit_rank for term in terms.browse({row[8] for row in rows} - {None})
        }
        found, agreed = set(), {}
        for company_id in {one.row["company_id"] for one in customers.values()}:
            company = self.env["res.company"].sudo().browse(company_id)
            keys = [key for key, one in customers.items() if one.row["company_id"] == company_id]
            partners = self.env["res.partner"].sudo().with_company(company)
            partners = partners.browse([customers[key].row["partner_id"] for key in keys])
            for key, partner in zip(keys, partners, strict=True):
                agreed[key] = partner.property_payment_term_id.credit_rank
        for row in rows:
            if ranks.get(row[8], 0) > agreed[row[0]]:
                found.add((row[0], row[8]))
        return found

    def _load_lines(self, orders, walks):
        """Fill the orders; ``{entry id: {order id: amount of its goods}}``."""
        down, totals = set(), defaultdict(float)
        for order_id, line_id, price, quantity, total, is_down in sql.order_lines(self.env, orders):
            if is_down:
                down.add(line_id)
                continue
            orders[order_id].lines[line_id] = Line(float(price), float(quantity))
            totals[order_id] += float(total)
        for order_id, total in totals.items():
            order = orders[order_id]
            if total and abs(order.total - total) < 1:
                order.factor = order.total / total
        over = dict(sql.closed_orders(self.env, orders))
        last = {}
        for order in orders.values():
            last[order.id] = order.asked
            customer = walks[order.key].customers[order.key]
            self._add(walks[order.key], order.asked, ASK, "ask", customer, order)
        self._load_deliveries(orders, walks, last)
        shares = self._load_invoiced(orders, walks, down, last)
        self._load_closed(orders, walks, over, last)
        return shares

    def _load_deliveries(self, orders, walks, last):
        goods = defaultdict(list)
        for order_id, line_id, moment, quantity, picking in sql.deliveries(self.env, orders):
            line = orders[order_id].lines.get(line_id)
            if line:
                goods[order_id, picking, moment].append((line, float(quantity)))
                last[order_id] = max(last[order_id], moment)
        for (order_id, __, moment), lines in goods.items():
            order = orders[order_id]
            customer = walks[order.key].customers[order.key]
            self._add(walks[order.key], moment, SHIP, "ship", customer, order, lines)

    def _load_invoiced(self, orders, walks, down, last):
        shares = defaultdict(lambda: defaultdict(float))
        for order_id, line_id, move_id, moment, quantity, amount in sql.invoiced(self.env, orders):
            order = orders[order_id]
            line = order.lines.get(line_id)
            if line is None and line_id not in down:
                continue
            if line is not None:
                shares[move_id][order_id] += float(amount)
            args = (order, line, float(quantity), float(amount))
            self._add(walks[order.key], moment, FACT, "invoice", *args)
            last[order_id] = max(last[order_id], moment)
        return shares

    def _load_closed(self, orders, walks, over, last):
        for order in orders.values():
            walk = walks[order.key]
            if order.closed:
                args = (order, list(order.lines.values()))
                self._add(walk, last[order.id], SHIP, "close", *args)
                continue
            for line_id, line in order.lines.items():
                if line_id in over:
                    moment = max(over[line_id], order.asked)
                    self._add(walk, moment, SHIP, "close", order, [line])

    def _load_items(self, pairs, customers, walks, shares):
        totals = sql.invoice_totals(self.env, shares)
        items, keys = {}, {}
        for key, item_id, move_id, moment, balance, due in sql.items(self.env, pairs, self.start):
            own = customers[key].orders
            parts = {
                order_id: min(1.0, amount / totals[move_id])
                for order_id, amount in shares.get(move_id, {}).items()
                if order_id in own and totals.get(move_id) and amount / totals[move_id] > 0
            }
            item = Item(item_id, due, float(balance), parts, moment)
            items[item_id], keys[item_id] = item, key
            self._add(walks[key], moment, FACT, "book", customers[key], item)
        for debit, credit, moment, amount in sql.settlements(self.env, pairs, self.start):
            both = [items[one] for one in (debit, credit) if one in items]
            moment = max(moment, *(item.moment for item in both))
            for item in both:
                key = keys[item.id]
                change = float(amount) if item.id == debit else -float(amount)
                args = (customers[key], item, change)
                self._add(walks[key], moment, FACT, "settle", *args)


class _Limit:
    """The limit of one customer on a day: settings of today, changes of the limit by date."""

    def __init__(self, row, lines, rate):
        self._row = row
        self._lines = lines
        self._rate = rate
        self._known = {}
        self.days = {start for *__, start, __ in lines if start}
        self.days |= {end + timedelta(days=1) for *__, end in lines if end}

    def __call__(self, day):
        counting = tuple(
            (kind, amount)
            for kind, amount, start, end in self._lines
            if (not start or start <= day) and (not end or end >= day)
        )
        if counting not in self._known:
            self._known[counting] = effective_limit(self._row | _sums(counting), self._rate)
        return self._known[counting]


def _sums(lines):
    amounts = defaultdict(list)
    for kind, amount in lines:
        amounts[kind].append(float(amount))
    return {
        "temporary_set": max(amounts["temporary_set"], default=None),
        "temporary_add": sum(amounts["temporary_add"]),
        "insured": sum(amounts["insured"]),
        "deposit": sum(amounts["deposit"]),
    }
