import random
from collections import defaultdict

from odoo.tests import tagged

from .scenario import ProductionScenarioCase
from .worlds import random_world, reference


def flat(worlds, place, quantity):
    """What a need takes out of stock: kits are their parts. ``[(place, quantity)]``."""
    w, p = place
    if not worlds[w].parts[p].kit:
        return [(place, quantity)]
    return [
        found
        for component, ratio in worlds[w].parts[p].recipe
        for found in flat(worlds, (w, component), quantity * ratio)
    ]


@tagged("post_install", "-at_install")
class TestScenariosP(ProductionScenarioCase):
    """Properties that hold for every company, on random ones (the seed is fixed)."""

    # -- given ----------------------------------------------------------------------------------

    def build(self, worlds, order=None):
        """Write worlds; ``order`` shuffles the order of writing. Products by world and part."""
        shuffle = order.shuffle if order else lambda _list: None
        places = [(w, p) for w, world in enumerate(worlds) for p in range(len(world.parts))]
        shuffle(places)
        products = dict(
            zip(
                places,
                self.env["product.product"].create(
                    [self.product_values(worlds[w].parts[p], f"W{w}P{p}") for w, p in places]
                ),
                strict=True,
            )
        )
        for w, p in places:
            part = worlds[w].parts[p]
            if part.stock:
                self.put_in_stock(products[w, p], part.stock)
            if part.recipe:
                recipe = list(part.recipe)
                shuffle(recipe)
                self.bom(
                    products[w, p],
                    part.lead,
                    *((products[w, component], ratio) for component, ratio in recipe),
                    kind="phantom" if part.kit else "normal",
                )
            else:
                self.add_vendor(products[w, p], self.vendor_1, 2.0, part.lead, part.minimum)
        self.write_orders(worlds, products, shuffle)
        self.planner.run(self.warehouse.ids)
        return products

    def product_values(self, part, name):
        return {
            "name": name,
            "is_storable": True,
            "supply_mode": "planned",
            "supply_safety_stock": part.safety,
            "supply_multiple": part.multiple,
            "supply_max_lot": part.maximum,
            "supply_lot_rounding": part.mode,
            "supply_bucket_days": part.bucket,
        }

    def write_orders(self, worlds, products, shuffle):
        receipts = [(w, *entry) for w, world in enumerate(worlds) for entry in world.receipts]
        orders = [(w, *entry) for w, world in enumerate(worlds) for entry in world.orders]
        shuffle(receipts)
        shuffle(orders)
        for w, p, quantity, day, fixed in receipts:
            self.purchase(products[w, p], quantity, day).order_line.supply_locked = fixed
        self.sold = {}
        drafts = [self.quote(products[w, p], quantity, day) for w, p, quantity, day in orders]
        for (w, *entry), draft in zip(orders, drafts, strict=True):
            self.sold.setdefault((w, *entry), []).append(draft)
        self.confirm_all(drafts)

    def planned(self, product):
        """``[(quantity, due)]`` of the open lines."""
        return sorted(
            ((line.quantity, self.offset(line.due_date)) for line in self.lines(product)),
            key=lambda row: (row[1], -row[0]),
        )

    def compare(self, worlds, products):
        for w, world in enumerate(worlds):
            for p, lines in reference(world).items():
                product, part = products[w, p], world.parts[p]
                with self.subTest(world=w, part=p, data=part):
                    self.assertEqual(
                        self.planned(product),
                        sorted(
                            ((float(size), day) for size, day in lines),
                            key=lambda row: (row[1], -row[0]),
                        ),
                    )
                    for line in self.lines(product):
                        self.check_days(line, part)

    def check_days(self, line, part):
        """Ordered or started a lead time before, never in the past; both dates kept."""
        self.assertEqual(line.action, "make" if part.recipe else "buy")
        due, order = self.offset(line.due_date), self.offset(line.order_date)
        feasible = self.offset(line.feasible_date)
        self.assertEqual(line.late_days, max(0, feasible - due))
        if not part.recipe or not line.late_days:
            self.assertEqual(order, max(0, due - part.lead))
        else:
            self.assertEqual(order, feasible - part.lead)
        if not part.recipe:
            self.assertEqual(feasible, max(due, part.lead))

    # -- then -----------------------------------------------------------------------------------

    def test_p_oracle(self):
        """40 random companies: quantity and days of every line equal the slow reference plan."""
        chance = random.Random(2026)  # noqa: S311 - test data, the same every time
        worlds = [random_world(chance) for _number in range(40)]
        products = self.build(worlds)
        self.compare(worlds, products)
        self.assertUnchanged()

    def test_p_oracle_after_changes(self):
        """Five companies, changed step by step: the net change equals the reference plan."""
        chance = random.Random(7)  # noqa: S311
        worlds = [random_world(chance) for _number in range(5)]
        products = self.build(worlds)
        live = [
            [w, [p, quantity, day], self.sold[w, p, quantity, day].pop()]
            for w, world in enumerate(worlds)
            for p, quantity, day in world.orders
        ]
        for _step in range(40):
            entry = chance.choice(live)
            w, (p, quantity, day), order = entry
            world = worlds[w]
            world.orders.remove([p, quantity, day])
            act = chance.choice(("quantity", "day", "cancel", "new"))
            if act == "quantity":
                quantity = chance.randint(1, 20)
                order.order_line.product_uom_qty = quantity
            elif act == "day":
                day = chance.randint(0, 70)
                order.commitment_date = self.noon(day)
            else:
                order._action_cancel()
                live.remove(entry)
                if act == "new":
                    p = chance.randrange(len(world.parts))
                    order = self.sell(products[w, p], quantity, day)
            if act != "cancel":
                world.orders.append([p, quantity, day])
                entry[1:] = [[p, quantity, day], order]
                if act == "new":
                    live.append(entry)
            if len(live) < 5:  # noqa: PLR2004
                order = self.sell(products[w, 0], 3, 30)
                world.orders.append([0, 3, 30])
                live.append([w, [0, 3, 30], order])
            own = {(0, key[1]): found for key, found in products.items() if key[0] == w}
            self.compare([world], own)
        self.compare(worlds, products)
        self.assertUnchanged()

    def test_p01(self):
        """P01: pegs add up to each need and never exceed a supply;
        planned − surplus = gross − stock − open."""
        chance = random.Random(1)  # noqa: S311
        worlds = [random_world(chance) for _number in range(12)]
        products = self.build(worlds)
        everything = self.env["product.product"].union(*products.values())
        pegs = self.env["supply.peg"].search([("product_id", "in", everything.ids)])
        needs, given = defaultdict(float), defaultdict(float)
        by_supply = defaultdict(float)
        for peg in pegs:
            self.assertGreater(peg.quantity, 0)
            needs[peg.product_id, peg.sale_line_id, peg.plan_line_id, peg.safety] += peg.quantity
            given[peg.supply_plan_line_id or peg.supply_purchase_line_id] += peg.quantity
            by_supply[peg.product_id, peg.supply] += peg.quantity
        gross = self.check_needs(worlds, products, needs)
        for (w, p), product in products.items():
            part, lines = worlds[w].parts[p], self.lines(product)
            for line in lines:
                self.assertEqual(given[line] + line.free_quantity, line.quantity)
            for line in self.bought(product):
                self.assertLessEqual(given[line], line.product_qty)
            self.assertLessEqual(by_supply[product, "stock"], part.stock)
            covered = by_supply[product, "stock"] + by_supply[product, "purchase"]
            self.assertEqual(
                sum(lines.mapped("quantity")) - sum(lines.mapped("free_quantity")),
                gross[product] - covered,
            )

    def check_needs(self, worlds, products, needs):
        """Each need is pegged in full; gross need of each product."""
        expected = defaultdict(float)
        for place, sale_line, plan_line, quantity in self.all_needs(worlds, products):
            for (w, p), amount in flat(worlds, place, quantity):
                expected[products[w, p], sale_line, plan_line, False] += amount
        real = {key: quantity for key, quantity in needs.items() if not key[3]}
        self.assertEqual(real, dict(expected))
        gross = defaultdict(float)
        for key, quantity in needs.items():
            gross[key[0]] += quantity
        return gross

    def all_needs(self, worlds, products):
        """``(place, sale line, plan line, quantity)`` of what orders and plan lines take."""
        no_sale, no_plan = self.env["sale.order.line"], self.env["supply.plan.line"]
        for (w, p, quantity, _day), orders in self.sold.items():
            for order in orders:
                yield (w, p), order.order_line, no_plan, quantity
        for (w, p), product in products.items():
            for line in self.lines(product):
                for component, ratio in worlds[w].parts[p].recipe:
                    yield (w, component), no_sale, line, line.quantity * ratio

    def test_p02(self):
        """P02: a second run writes nothing; all messages applied, another run has none."""
        chance = random.Random(2)  # noqa: S311
        worlds = [random_world(chance, simple=True) for _number in range(12)]
        products = self.build(worlds)
        self.assertUnchanged()
        everything = list(products.values())
        for (w, p), product in products.items():
            if worlds[w].parts[p].recipe and not worlds[w].parts[p].kit and chance.random() < 0.4:
                self.production(product, chance.randint(1, 12), chance.randint(5, 40))
        self.planner.run(self.warehouse.ids)
        self.assertUnchanged()
        self.assertTrue(self.tell_messages(*everything))
        open_messages = self.env["supply.message"].search(
            [
                ("product_id", "in", [product.id for product in everything]),
                ("state", "=", "open"),
            ]
        )
        open_messages.action_apply()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.tell_messages(*everything), [])
        self.assertUnchanged()

    def test_p03(self):
        """P03: after 200 random edits the net changes gave the plan of a full run."""
        chance = random.Random(3)  # noqa: S311
        worlds = [random_world(chance) for _number in range(6)]
        products = self.build(worlds)
        everything = list(products.values())
        made = [
            products[w, p]
            for w, p in products
            if worlds[w].parts[p].recipe and not worlds[w].parts[p].kit
        ]
        bought = [products[w, p] for w, p in products if not worlds[w].parts[p].recipe]
        orders = [order for drafts in self.sold.values() for order in drafts]
        for number in range(200):
            live = [order for order in orders if order.state == "sale"]
            act = chance.randrange(7)
            if act == 0 or len(live) < 8:  # noqa: PLR2004
                product = chance.choice(everything)
                orders.append(self.sell(product, chance.randint(1, 15), chance.randint(0, 60)))
            elif act == 1:
                chance.choice(live).order_line.product_uom_qty = chance.randint(1, 15)
            elif act == 2:  # noqa: PLR2004
                chance.choice(live).commitment_date = self.noon(chance.randint(0, 60))
            elif act == 3:  # noqa: PLR2004
                chance.choice(live)._action_cancel()
            elif act == 4:  # noqa: PLR2004
                self.purchase(chance.choice(bought), chance.randint(1, 30), chance.randint(1, 40))
            elif act == 5:  # noqa: PLR2004
                self.production(chance.choice(made), chance.randint(1, 9), chance.randint(7, 40))
            else:
                lines = self.lines(chance.choice(everything))[:1]
                lines.action_approve()
                lines.action_release()
            if number % 10 == 9:  # noqa: PLR2004
                with self.subTest(edits=number + 1):
                    self.assertUnchanged()

    def test_p05(self):
        """P05: the same companies written in another order have the same plan."""
        worlds = [random_world(random.Random(n)) for n in range(50, 56)]  # noqa: S311
        plans = []
        for seed in (None, 1, 2):
            products = self.build(worlds, random.Random(seed) if seed else None)  # noqa: S311
            plans.append(
                {
                    place: (
                        sorted(self.plan(product)),
                        self.tell_messages(product),
                        self.sums(product),
                    )
                    for place, product in products.items()
                }
            )
        for place, (w, part) in ((place, place) for place in plans[0]):
            with self.subTest(world=w, part=worlds[w].parts[part]):
                self.assertEqual(plans[1][place], plans[0][place])
                self.assertEqual(plans[2][place], plans[0][place])

    def sums(self, product):
        """Pegged quantity by kind of supply."""
        sums = defaultdict(float)
        for _need, supply, quantity in self.tell_pegs(product):
            sums[supply] += quantity
        return dict(sums)

    def test_p09(self):
        """P09: no line, PO or MO has a price of 0, a day before today or less than the minimum."""
        chance = random.Random(9)  # noqa: S311
        worlds = [random_world(chance) for _number in range(12)]
        products = self.build(worlds)
        parts = {product: worlds[w].parts[p] for (w, p), product in products.items()}
        everything = self.env["product.product"].union(*products.values())
        lines = self.env["supply.plan.line"].search([("product_id", "in", everything.ids)])
        self.assertTrue(lines)
        before = set(self.bought(everything[0]).ids)
        self.check_p09(lines, parts)
        for w, p in sorted(products, reverse=True):
            self.release_lines(products[w, p])
        self.check_p09(lines, parts)
        bought = lines.purchase_line_id
        self.assertTrue(bought)
        self.assertFalse(before & set(bought.ids))
        for line in bought:
            self.assertGreater(line.price_unit, 0)
            self.assertGreaterEqual(line.product_uom_qty, parts[line.product_id].minimum)
            self.assertGreaterEqual(line.date_planned.date(), self.today)
            self.assertGreaterEqual(line.order_id.date_order.date(), self.today)
        for made in lines.production_id:
            self.assertGreater(made.product_qty, 0)
            self.assertGreaterEqual(made.date_start.date(), self.today)
        self.assertUnchanged()

    def check_p09(self, lines, parts):
        for line in lines:
            part = parts[line.product_id]
            with self.subTest(line=line.product_id.name, part=part):
                self.assertGreater(line.quantity, 0)
                self.assertGreaterEqual(line.quantity, part.minimum)
                self.assertGreaterEqual(line.due_date, self.today)
                self.assertGreaterEqual(line.order_date, self.today)
                self.assertGreaterEqual(line.feasible_date, self.today)
                if line.action == "buy":
                    self.assertEqual(line.price_unit, 2.0)
