import random

from .common import ProductionCase


class RandomCase(ProductionCase):
    """A few levels of products and random acts on them; the same in every run."""

    def setUp(self):
        super().setUp()
        # joining waves of transfers by itself is another addon's business
        self.env["stock.picking.type"].search([]).auto_batch = False
        self.random = random.Random(20260801)  # noqa: S311 - test data, the same every time
        self.parts = [
            self.make_product(
                f"P01 part {n}",
                stock=self.random.choice((0, 0, 5, 20)),
                lead=self.random.randint(1, 20),
                supply_multiple=self.random.choice((0, 0, 5)),
                supply_bucket_days=self.random.choice((0, 7)),
                supply_safety_stock=self.random.choice((0, 0, 3)),
            )
            for n in range(6)
        ]
        self.low = [self.make_product(f"P01 low {n}", supply_multiple=4 * n) for n in range(3)]
        self.middle = [self.make_product(f"P01 sub {n}", stock=n) for n in range(4)]
        self.tops = [
            self.make_product(
                f"P01 top {n}", supply_policy=self.random.choice(("merged", "by_order"))
            )
            for n in range(4)
        ]
        below = list(self.parts)
        for level in (self.low, self.middle, self.tops):
            for product in level:
                chosen = self.random.sample(below, 3)
                self.bom(
                    product,
                    self.random.randint(0, 6),
                    *((part, self.random.randint(1, 4)) for part in chosen),
                )
            below += level
        self.products = below
        self.planner._plan_changes()  # the new company and its products: everything once

    def edit(self, orders, documents=True):
        """One random act: on orders, or on open documents and what the plan proposes."""
        live = [order for order in orders if order.state == "sale"]
        acts = [self.act_new, self.act_new, self.act_batch]
        if live:
            acts += [self.act_quantity, self.act_date, self.act_cancel]
        if documents:
            acts += [self.act_production, self.act_purchase, self.act_approve, self.act_release]
            acts += self.more_acts()
        act = self.random.choice(acts)
        act(orders, live)
        return act.__name__

    def more_acts(self):
        return []

    def pick(self, model, *domain, order="id"):
        """One record, or none, of these products."""
        found = self.env[model].search(
            [("product_id", "in", [product.id for product in self.products]), *domain], order=order
        )
        return self.random.choice(found) if found else found

    def draft(self):
        product = self.random.choice(self.products)
        return self.quote(product, self.random.randint(1, 15), self.random.randint(0, 50))

    def act_new(self, orders, _live):
        orders.append(self.draft())
        orders[-1].action_confirm()

    def act_batch(self, orders, _live):
        batch = [self.draft() for _number in range(4)]
        self.env["sale.order"].browse([order.id for order in batch]).action_confirm()
        orders += batch

    def act_quantity(self, _orders, live):
        line = self.random.choice(live).order_line
        line.product_uom_qty = self.random.randint(1, 15)

    def act_date(self, _orders, live):
        self.random.choice(live).commitment_date = self.noon(self.random.randint(0, 60))

    def act_cancel(self, _orders, live):
        self.random.choice(live)._action_cancel()

    def act_production(self, _orders, _live):
        """Made by hand, whether anything needs it or not, confirmed or not."""
        product = self.random.choice(self.low + self.middle + self.tops)
        confirm = self.random.random() < 0.7
        self.production(
            product, self.random.randint(1, 12), self.random.randint(5, 40), confirm=confirm
        )
        if not confirm:
            self.planner._plan_changes()

    def act_purchase(self, _orders, _live):
        part = self.random.choice(self.parts)
        self.purchase(part, self.random.randint(1, 30), self.random.randint(1, 40))

    def open_line(self):
        domain = [
            ("product_id", "in", [product.id for product in self.products]),
            ("state", "=", "proposed"),
        ]
        lines = self.env["supply.plan.line"].search(domain, order="product_id, due_date, id")
        return self.random.choice(lines) if lines else lines

    def act_approve(self, _orders, _live):
        self.open_line().action_approve()

    def act_release(self, _orders, _live):
        line = self.open_line()
        if line.vendor_id or line.action == "make":
            line.action_approve()
            line.action_release()
