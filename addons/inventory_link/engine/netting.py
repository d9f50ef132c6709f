"""Netting over all levels, with a peg for every take. No ORM, no database, no clock.

Order never depends on the order of records: everything is sorted by explicit keys.
"""

from . import drafts
from .dates import date_demand, date_supply
from .keys import free_keys
from .levels import order_items
from .lots import choose_vendor, round_up, sizes, with_price_break
from .objects import Demand, Supply

#: Rank of needs of orders that may come.
TENTATIVE = 1


class Plan:
    """One netting run over a set of items; ``run()`` fills orders, takes, dates and messages."""

    def __init__(self, items, today, dampener=0):
        self.items = items
        self.today = today
        self.dampener = dampener
        self.loops = []
        self.levels = []

    def run(self):
        self.levels, self.loops = order_items(self.items)
        for key in self.levels:
            self._net(self.items[key])
        for key in reversed(self.levels):
            self._date(self.items[key])
        return self

    # -- netting ----------------------------------------------------------------------------

    def _net(self, item):
        pool = self._pool(item)
        self._make_lots(item, self._short_of(item, pool))
        self._name_orders(item)
        for supply in item.supplies:
            self._recommend(item, supply)
            self._explode_open(supply)
        for order in item.orders:
            self._explode(order, order.size, order.date)

    def _short_of(self, item, pool):
        """Give out stock and open documents; the needs that are short then, with how much.

        Who has a promise leaves what comes later than that to those who can wait for it, and takes
        of the rest in the end: rather than ordering anew, an open document is asked to come sooner.
        """
        shorts, again = [], False
        for demand in self._sorted_demands(item):
            short = self._take(item, demand, pool, demand.claim and demand.turn)
            again = again or bool(short and demand.claim)
            shorts.append((demand, short))
        if again and pool:
            shorts = [
                (demand, self._take(item, demand, pool, 0, short) if short else 0)
                for demand, short in shorts
            ]
        return [(demand, short) for demand, short in shorts if short]

    def _make_lots(self, item, shorts):
        """Order what is short in lots; what a lot has above its needs is there for later ones."""
        pool, group = [], None
        for demand, short in shorts:
            if group and not self._fits(item, group, demand):
                self._close(item, group, pool)
                group = None
            short = self._take(item, demand, pool, 0, short)
            if short and item.substitutes:
                short = self._substitute(item, demand, short)
            if short:
                group = group or {"due": demand.due, "members": [], "order": demand.order}
                group["members"].append((demand, short))
        if group:
            self._close(item, group, pool)

    @staticmethod
    def _name_orders(item):
        """Natural keys: the first demand and a number, those of lines that stay left out."""
        taken = {supply.key for supply in item.supplies if supply.fixed and not supply.is_gone}
        keys = {}
        for order in item.orders:
            if order.anchor not in keys:
                keys[order.anchor] = free_keys(item.key, order.anchor, taken)
            order.key = next(keys[order.anchor])
            order.rejected = item.rejected.get(order.key) == order.signature

    def _sorted_demands(self, item):
        keep = max(item.safety, 0) + max(-item.stock, 0)
        if keep:
            item.demands.append(Demand("safety", 0, "Z", self.today, self.today, keep, rank=-1))
        item.demands.sort(key=_demand_key)
        if item.served:
            drafts.note_raised(item)
        return item.demands

    def _pool(self, item):
        item.supplies.sort(key=_supply_key)
        pool = item.supplies
        if item.stock > 0:
            stock = Supply("stock", 0, self.today, item.stock)
            stock.feasible = stock.earliest = self.today
            item.on_hand = stock
            pool = [stock, *pool]
        for supply in pool:
            supply.left = supply.qty
        return list(pool)

    def _fits(self, item, group, demand):
        """Same day goes together; a bucket widens that; by order, only the same order's demand.
        What is only tentative is never in a lot with what is confirmed, and what was promised later
        than wanted only in one with the same turn."""
        if item.by_order and group["order"] != demand.order:
            return False
        first = group["members"][0][0]
        if (first.soft, max(first.rank, 0)) != (demand.soft, max(demand.rank, 0)):
            return False
        if max(first.turn, first.due) != max(demand.turn, demand.due) and (
            first.turn > first.due or demand.turn > demand.due
        ):
            return False
        return group["due"] <= demand.due < group["due"] + max(item.bucket, 1)

    def _take(self, item, demand, pool, latest=0, short=None):
        """Take what fits and doesn't come after ``latest``; what is short then."""
        need = demand.qty if short is None else short
        for supply in pool:
            if not need:
                break
            if not supply.left or supply.since > demand.due:
                continue
            if latest and (supply.date > latest or supply.behind > latest):
                continue
            if supply.locked and supply.date > demand.due:
                continue
            if supply.tentative and demand.rank < TENTATIVE and not demand.soft:
                continue
            if item.by_order and supply.order and supply.order != demand.order:
                continue
            quantity = need if need < supply.left else supply.left
            self._peg(demand, supply, quantity)
            need -= quantity
        if pool and not pool[0].left:
            pool[:] = [supply for supply in pool if supply.left]
        return need

    @staticmethod
    def _peg(demand, supply, quantity):
        takes = demand.takes
        if takes and supply.grown and takes[-1][0] is supply:
            takes[-1] = supply, takes[-1][1] + quantity
        else:
            takes.append((supply, quantity))
        supply.left -= quantity
        supply.taken += quantity
        if demand.rank == TENTATIVE:
            return
        if not supply.needed or demand.due < supply.needed:
            supply.needed = demand.due
        if demand.claim and (not supply.claim or demand.turn < supply.claim):
            supply.claim = demand.turn

    def _substitute(self, item, demand, short):
        """Use up stock of substitutes for components of planned productions.

        Only what is on hand and free: a substitute is never ordered in place of the product. An
        open production says itself what it takes.
        """
        if demand.kind != "plan":
            return short
        for key, units, per, first, last in item.substitutes:
            other = self.items[key]
            stock = other.on_hand
            if not short or stock is None or not first <= demand.due <= last:
                continue
            saved = min(short, stock.left * per // units)
            if saved <= 0:
                continue
            quantity = -(-saved * units // per)
            stand_in = Demand(
                "plan",
                demand.ref,
                demand.anchor,
                demand.wanted,
                demand.due,
                quantity,
                order=demand.order,
                rank=demand.rank,
                owner=demand.owner,
                claim=demand.claim,
                soft=demand.soft,
                instead_of=item.key[1],
                instead_qty=saved,
            )
            self._peg(stand_in, stock, quantity)
            date_demand(stand_in)
            other.demands.append(stand_in)
            if demand.owner is not None:
                demand.owner.demands.append(stand_in)
            demand.qty -= saved
            short -= saved
        return short

    def _close(self, item, group, pool):
        first = group["members"][0][0]
        pool += drafts.grow(item, group, self._cover)
        while group["members"]:
            # again for what an agreement had no more of, or what rounding of usable units left
            need = sum(short for _demand, short in group["members"])
            for order in self._orders_for(item, need, group["due"]):
                self._place(item, group, order, first, pool)
            if need == sum(short for _demand, short in group["members"]):
                break  # lots so small that nothing usable comes of them

    def _place(self, item, group, order, first, pool):
        order.order = group["order"] if item.by_order else 0
        order.soft = first.soft
        order.tentative = first.rank == TENTATIVE or first.soft
        order.anchor = first.anchor
        # safety stock and forecasts are wanted today, whatever day it is
        day = first.kind if first.kind in ("safety", "forecast") else first.wanted
        order.signature = f"{order.size}@{day}"
        order.left = order.qty
        item.orders.append(order)
        self._cover(group, order)
        if order.left:
            pool.append(order)

    def _cover(self, group, supply):
        members = []
        for demand, short in group["members"]:
            quantity = min(short, supply.left)
            if quantity:
                self._peg(demand, supply, quantity)
            if short > quantity:
                members.append((demand, short - quantity))
        group["members"] = members

    def _orders_for(self, item, need, due):
        if item.recipe:
            return self._productions(item, need, due)
        choice = choose_vendor(item.offers, need, due, self.today, item.rule, item.surplus)
        if not choice:
            return [
                Supply("plan", 0, due, size, size, action="buy")
                for size in sizes(need, 0, item.rule)
            ]
        offer = choice.offer
        if offer.agreement is not None:
            offer.agreement.left -= sum(choice.sizes)
        sent = item.subcontract.get(offer.vendor)
        return [
            Supply(
                "plan",
                0,
                due,
                size,
                size,
                action="subcontract" if sent else "buy",
                lead=offer.delay,
                calendar=offer.calendar,
                offer=offer,
                recipe=sent,
            )
            for size in choice.sizes
        ]

    @staticmethod
    def _productions(item, need, due):
        recipe, rule = item.recipe, item.rule
        cap = rule.max_lot or recipe.max_lot
        if cap:
            # a lot of which nothing usable comes would be no lot
            rule = type(rule)(rule.multiple, max(cap, recipe.started(1)), rule.mode)
        return [
            Supply(
                "plan",
                0,
                due,
                recipe.usable(size),
                size,
                action="make",
                lead=recipe.lead,
                calendar=recipe.calendar,
                recipe=recipe,
            )
            for size in sizes(recipe.started(need), 0, rule)
        ]

    # -- open documents ---------------------------------------------------------------------

    def _recommend(self, item, supply):
        """What the demands would have of an open document: quantity by lot rule, first day."""
        if supply.kind == "plan":
            supply.needed_qty = supply.qty
            return
        if supply.grown:
            supply.needed_qty = supply.qty + supply.grown
        elif supply.taken:
            wish = round_up(supply.taken, supply.minimum, item.rule, supply.unit)
            if item.surplus and supply.prices:
                wish = with_price_break(wish, supply.prices, item.rule)
            supply.needed_qty = min(supply.qty, wish)
        supply.needed = supply.needed or supply.date

    def date_moves(self, supply):
        """``expedite``, ``postpone`` or nothing, after the dampener (days)."""
        now = max(supply.date, self.today)
        if supply.locked or supply.started or not supply.needed_qty:
            return ""
        if supply.needed < now:
            return "expedite"
        return "postpone" if supply.needed > now + self.dampener else ""

    def _explode_open(self, supply):
        """Component demand of an open or approved production at its recommended state: that makes
        the messages of the components right in the same run."""
        if supply.kind == "plan":
            if supply.taken or supply.kept:
                self._explode(supply, supply.size, supply.date)
            return
        if supply.kind == "purchase":
            if supply.recipe and supply.needed_qty:
                day = supply.needed if self.date_moves(supply) else supply.date
                self._explode(supply, supply.needed_qty, day)
            return
        shift = 0
        if not supply.started and self.date_moves(supply):
            shift = supply.needed - supply.date
        start = supply.start + shift
        claim = 0 if supply.started else _claim(supply, supply.date + shift, start)
        anchor = f"O{supply.ref}"
        for key, quantity in supply.components:
            if not supply.started and supply.qty:
                quantity = -(-quantity * supply.needed_qty // supply.qty)
            self._demand_component(supply, key, "production", anchor, start, claim, quantity)

    def _explode(self, order, quantity, day):
        recipe = order.recipe
        if not recipe or order.rejected:
            return
        start = order.begin(day)
        kind = order.kind
        anchor = f"P{order.key}" if kind == "plan" else f"B{order.ref}"
        claim = _claim(order, day, start)
        for key, units, per in recipe.components:
            needed = -(-quantity * units // per)
            self._demand_component(order, key, kind, anchor, start, claim, needed)

    def _demand_component(self, owner, key, kind, anchor, start, claim, quantity):
        item = self.items.get(key)
        if item is None or quantity <= 0:
            return
        due = start if start > self.today else self.today
        demand = Demand(
            kind,
            owner.ref,
            anchor,
            start,
            due,
            quantity,
            order=owner.order,
            rank=TENTATIVE if owner.tentative and not owner.soft else 0,
            owner=owner,
            claim=claim,
            soft=owner.soft,
        )
        owner.demands.append(demand)
        item.demands.append(demand)

    # -- dates ------------------------------------------------------------------------------

    def _date(self, item):
        """Components come first: what a supply waits for has its date already."""
        product, today, looped = item.key[1], self.today, item.looped
        for supply in item.supplies:
            date_supply(supply, product, today, looped)
        for order in item.orders:
            date_supply(order, product, today, looped)
        for demand in item.demands:
            date_demand(demand)


def _claim(owner, day, start):
    """The turn of the components of what is wanted on ``day`` and started on ``start``: theirs is
    as much later as that of the needs it serves."""
    return start + max(owner.claim - day, 0) if owner.claim else 0


def _demand_key(demand):
    return demand.rank, demand.turn, demand.wanted, demand.priority, demand.anchor


def _supply_key(supply):
    return supply.date, supply.kind, supply.ref
