"""Back-test of the delivery risk: a company with known habits, judged on a day, then the future.

Vendors and productions have habits (how often late, by how many days). A year of receipts and
finished productions is drawn from them, and what is open today: orders whose promise is five days
or more ahead, the purchases they wait for (some overdue already), products that are made of them.
The plan and the risk are the product's own. Then the same habits draw what comes when, and each
order is late or not. Beside it the plain ranking by the vendors' share of late receipts flags as
many orders.

The thresholds of :mod:`engine.risk` were chosen on the draw with the seed ``TUNED``: its figures
flatter them. What the goal is held against is the draw with the seed ``SEED``, at which nobody
looked before they were fixed. Both draw from the same habits; a real company has others.

Measured: 70 % of the late orders at 30 % flagged with ``TUNED``, 56 % at 28 % with ``SEED``, 51 to
67 % at 19 to 29 % with the seeds 1 to 3: the goal is missed where nothing was tuned. Whoever knew
every habit would find 65 % with ``SEED`` by flagging 30 %, 74 % with ``TUNED``.
"""

import random
import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from zoneinfo import ZoneInfo

from odoo import Command
from odoo.tools import SQL

from .copies import copy_rows, reserve

TUNED, SEED = 20_261_124, 20_270_131
VENDORS, PARTS, MADE, ORDERS = 24, 96, 32, 600
RECEIPTS, PRODUCTIONS = 30, 12
#: Share of vendors and of products that come late often, and the chance that they and others do.
BAD, OFTEN, RARELY = 0.25, 0.6, 0.08
FIRST, LAST = 5, 35


def run(env, seed=SEED, orders=ORDERS):
    """Make the company, judge its orders as of today, draw the future, and compare."""
    start = time.perf_counter()
    company = _Company(env, seed, orders)
    company.make()
    built = time.perf_counter() - start
    orders = company.orders
    today = company.today
    orders._delivery_risks(today)
    start = time.perf_counter()
    risks = orders._delivery_risks(today)
    seconds = time.perf_counter() - start
    late = company.future()
    points = {order.id: risks[order.id][1] for order in orders}
    levels = {order.id: risks[order.id][0] for order in orders}
    flagged = [number for number, level in levels.items() if level != "low"]
    plain = sorted(points, key=lambda number: (-company.plain_share(number), number))
    high = [number for number, level in levels.items() if level == "high"]
    return {
        "seed": seed,
        "tuned_on_this_seed": seed == TUNED,
        "orders": len(orders),
        "late": len(late),
        "late_share": _share(len(late), len(orders)),
        "days_ahead": [FIRST, LAST],
        "flagged_share": _share(len(flagged), len(orders)),
        "recall": _share(len(late.intersection(flagged)), len(late)),
        "precision": _share(len(late.intersection(flagged)), len(flagged)),
        "high_share": _share(len(high), len(orders)),
        "high_recall": _share(len(late.intersection(high)), len(late)),
        "plain_recall": _share(len(late.intersection(plain[: len(flagged)])), len(late)),
        "by_threshold": {
            limit: [_share(len(over), len(orders)), _share(len(late.intersection(over)), len(late))]
            for limit in (20, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 90)
            for over in [[number for number, found in points.items() if found >= limit]]
        },
        "build_seconds": round(built, 1),
        "risk_seconds": round(seconds, 3),
    }


def _share(part, whole):
    return round(100 * part / whole, 1) if whole else 0.0


class _Company:
    """What there is on the day, and what will come of it."""

    def __init__(self, env, seed, orders):
        self.number_of_orders = orders
        self.env = env(context=dict(env.context, tracking_disable=True, mail_notrack=True))
        self.cr, self.company, self.rng = env.cr, env.company, random.Random(seed)  # noqa: S311
        self.warehouse = env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        zone = ZoneInfo(self.company.partner_id.tz or "UTC")
        self.today = datetime.now(zone).date()
        self.noon = datetime.combine(self.today, clock(12), zone).astimezone(UTC)

    def at(self, day):
        return (self.noon + timedelta(days=day)).replace(tzinfo=None)

    def make(self):
        self.company.supply_planning = False
        self.company.supply_calendar_id = False
        self._masters()
        self._past_receipts()
        self._past_productions()
        self._open()
        self.company.supply_planning = True
        self.env.flush_all()
        self.env["supply.planner"].sudo().run()
        self.cr.execute(
            SQL(
                "UPDATE sale_order_line l SET promised_date = p.promised FROM"
                " unnest(%s::int[], %s::date[]) AS p (order_id, promised)"
                " WHERE p.order_id = l.order_id",
                self.orders.ids,
                [self.today + timedelta(days=self.facts[o.id]["promised"]) for o in self.orders],
            )
        )
        self.env.invalidate_all()
        self.cr.execute("ANALYZE")

    # -- habits ---------------------------------------------------------------------------------

    def _habit(self):
        bad = self.rng.random() < BAD
        return (OFTEN if bad else RARELY), (8.0 if bad else 3.0)

    def _delay(self, habit):
        """Days late of one delivery or production."""
        chance, mean = habit
        return 1 + int(self.rng.expovariate(1 / mean)) if self.rng.random() < chance else 0

    # -- masters --------------------------------------------------------------------------------

    def _masters(self):
        env = self.env
        self.vendors = env["res.partner"].create(
            [{"name": f"Habit vendor {n}"} for n in range(VENDORS)]
        )
        self.customer = env["res.partner"].create({"name": "Habit customer"})
        self.vendor_habit = {vendor.id: self._habit() for vendor in self.vendors}
        values = {"is_storable": True, "supply_mode": "planned", "supply_policy": "by_order"}
        self.parts = env["product.product"].create(
            [{"name": f"Habit part {n}", **values} for n in range(PARTS)]
        )
        self.vendor_of = {
            part.id: self.vendors[n % VENDORS].id for n, part in enumerate(self.parts)
        }
        env["product.supplierinfo"].create(
            [
                {
                    "partner_id": self.vendor_of[part.id],
                    "product_tmpl_id": part.product_tmpl_id.id,
                    "price": 1.0,
                    "delay": 60,
                    "currency_id": self.company.currency_id.id,
                }
                for part in self.parts
            ]
        )
        self.made = env["product.product"].create(
            [{"name": f"Habit made {n}", **values} for n in range(MADE)]
        )
        self.made_habit = {product.id: self._habit() for product in self.made}
        self.lead = {product.id: self.rng.randint(3, 8) for product in self.made}
        self.bill = {product.id: self.rng.sample(list(self.parts.ids), 2) for product in self.made}
        env["mrp.bom"].create(
            [
                {
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "produce_delay": self.lead[product.id],
                    "company_id": self.company.id,
                    "bom_line_ids": [
                        Command.create({"product_id": part, "product_qty": 1.0})
                        for part in self.bill[product.id]
                    ],
                }
                for product in self.made
            ]
        )

    # -- the past -------------------------------------------------------------------------------

    def _purchase(self, vendor, lines):
        """One purchase order with ``[(product id, quantity, day)]``, confirmed."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": vendor,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product,
                            "product_qty": quantity,
                            "price_unit": 1.0,
                            "date_planned": self.at(day),
                        }
                    )
                    for product, quantity, day in lines
                ],
            }
        )
        order.button_confirm()
        return order

    def _past_receipts(self):
        """A year of receipts of each vendor, a line each; then their goods are used up."""
        own = {vendor: [p for p, v in self.vendor_of.items() if v == vendor] for vendor in
               self.vendors.ids}  # fmt: skip
        moves = []
        for vendor in self.vendors.ids:
            days = [-self.rng.randint(40, 340) for _each in range(RECEIPTS)]
            order = self._purchase(
                vendor, [(own[vendor][n % len(own[vendor])], 1.0, 1 + n) for n in range(RECEIPTS)]
            )
            picking = order.picking_ids
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
            picking.move_ids.picked = True
            picking.button_validate()
            for move, day in zip(picking.move_ids, days, strict=False):
                late = self._delay(self.vendor_habit[vendor])
                moves.append((move.id, move.purchase_line_id.id, day, day + late))
        self.env.flush_all()
        self.cr.execute_values(
            "UPDATE stock_move m SET date = v.done FROM (VALUES %s) AS v (id, done)"
            " WHERE m.id = v.id",
            [(move, self.at(done)) for move, _line, _day, done in moves],
            page_size=len(moves),
        )
        self.cr.execute_values(
            "UPDATE purchase_order_line l SET date_planned = v.day, date_promised_first = v.first"
            " FROM (VALUES %s) AS v (id, day, first) WHERE l.id = v.id",
            [
                (line, self.at(day), self.today + timedelta(days=day))
                for _move, line, day, _done in moves
            ],
            page_size=len(moves),
        )
        self.cr.execute(
            SQL("UPDATE stock_quant SET quantity = 0 WHERE product_id = ANY(%s)", self.parts.ids)
        )
        self.env.invalidate_all()

    def _past_productions(self):
        """Finished productions of each product with the plan line that they came from."""
        product = self.made[0]
        production = self.env["mrp.production"].create({"product_id": product.id})
        line = (
            self.env["supply.plan.line"]
            .sudo()
            .create(
                {
                    "product_id": product.id,
                    "warehouse_id": self.warehouse.id,
                    "company_id": self.company.id,
                    "action": "make",
                    "product_uom_id": product.uom_id.id,
                    "quantity": 1.0,
                    "state": "released",
                    "due_date": self.today,
                    "order_date": self.today,
                }
            )
        )
        self.env.flush_all()
        rows = []
        for made in self.made.ids:
            for _each in range(PRODUCTIONS):
                day = -self.rng.randint(40, 340)
                rows.append((made, day, day + self._delay(self.made_habit[made])))
        lines = reserve(self.cr, "supply_plan_line", len(rows))
        copy_rows(
            self.cr,
            "supply_plan_line",
            line.id,
            ["id", "product_id", "due_date", "feasible_date"],
            (
                (number, made, *(self.today + timedelta(days=day),) * 2)
                for number, (made, day, _done) in zip(lines, rows, strict=True)
            ),
        )
        ids = reserve(self.cr, "mrp_production", len(rows))
        copy_rows(
            self.cr,
            "mrp_production",
            production.id,
            ["id", "name", "product_id", "state", "date_finished", "plan_line_id"],
            (
                (number, f"H{number}", made, "done", self.at(done), plan)
                for number, plan, (made, _day, done) in zip(ids, lines, rows, strict=True)
            ),
        )
        self.env.invalidate_all()
        line.unlink()
        production.unlink()

    # -- the day --------------------------------------------------------------------------------

    def _open(self):
        """Orders, and the purchases that were placed for them. A part is planned to be there some
        days before it is needed; those whose day is over and that have come are in stock."""
        values, facts, wanted, stock = [], [], {}, {}
        for _each in range(self.number_of_orders):
            made = self.rng.random() < 0.5  # noqa: PLR2004 - half of them
            product = self.rng.choice((self.made if made else self.parts).ids)
            promised = self.rng.randint(FIRST, LAST)
            needed = promised - (self.lead[product] if made else 0)
            arrivals = []
            for part in self.bill[product] if made else [product]:
                spare = self.rng.choice((0, 1, 2, 3, 5, 8))
                planned = needed - spare
                arrival = planned + self._delay(self.vendor_habit[self.vendor_of[part]])
                if arrival <= 0:
                    stock[part] = stock.get(part, 0) + 1
                else:
                    wanted.setdefault(self.vendor_of[part], []).append((part, 1.0, planned))
                arrivals.append((part, arrival))
            facts.append({"product": product, "promised": promised, "arrivals": arrivals})
            values.append(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "warehouse_id": self.warehouse.id,
                    "commitment_date": self.at(promised),
                    "order_line": [Command.create({"product_id": product, "product_uom_qty": 1.0})],
                }
            )
        self.orders = self.env["sale.order"].create(values)
        self.facts = dict(zip(self.orders.ids, facts, strict=True))
        self.orders.action_confirm()
        for vendor, lines in wanted.items():
            self._purchase(vendor, lines)
        for part, quantity in stock.items():
            self.env["stock.quant"]._update_available_quantity(
                self.env["product.product"].browse(part), self.warehouse.lot_stock_id, quantity
            )

    # -- what comes of it -----------------------------------------------------------------------

    def future(self):
        """Orders that will be late."""
        late = set()
        for number, fact in self.facts.items():
            end = max(0, *(day for _part, day in fact["arrivals"]))
            if fact["product"] in self.lead:
                end += self.lead[fact["product"]] + self._delay(self.made_habit[fact["product"]])
            if end > fact["promised"]:
                late.add(number)
        return late

    def plain_share(self, number):
        """The worst share of late receipts among the order's vendors, as a list would show it."""
        if not hasattr(self, "shares"):
            self.cr.execute(
                SQL(
                    "SELECT o.partner_id, avg((m.date::date > l.date_planned::date)::int)"
                    " FROM stock_move m JOIN purchase_order_line l ON l.id = m.purchase_line_id"
                    " JOIN purchase_order o ON o.id = l.order_id WHERE m.state = 'done'"
                    " GROUP BY 1"
                )
            )
            self.shares = {vendor: float(share) for vendor, share in self.cr.fetchall()}
        return max(
            self.shares.get(self.vendor_of[part], 0.0)
            for part, _day in self.facts[number]["arrivals"]
        )
