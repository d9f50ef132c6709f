from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .cost_case import CostCase


@tagged("post_install", "-at_install")
class TestCostsPlanned(CostCase):
    def test_two_levels(self):
        """10 chairs: 60 m steel at 4 = 240, 10 packings at 1.50 = 15, 20 min set-up and 100 min
        work = 2 h at 60 = 120. Together 375; sold for 1,000: margin 625."""
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(
            self.told(line, "planned_quantity", "planned_price", "planned_cost"),
            {
                ("material", self.rm): (60.0, 4.0, 240.0),
                ("material", self.packing): (10.0, 1.5, 15.0),
                ("operation", self.fg): (2.0, 60.0, 120.0),
            },
        )
        self.assertEqual((line.planned_cost, line.planned_margin), (375.0, 625.0))
        self.assertEqual(line.actual_cost, 0.0)

    def test_stock_first(self):
        """4 of 10 chairs are in stock at 30 standard: 120, and 6/10 of a smaller lot: 36 m steel
        144, packing 9, 20 + 60 min = 80."""
        self.fg.standard_price = 30.0
        self.put_in_stock(self.fg, 4)
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(
            self.told(line, "planned_quantity", "planned_cost"),
            {
                ("material", self.fg): (4.0, 120.0),
                ("material", self.rm): (36.0, 144.0),
                ("material", self.packing): (6.0, 9.0),
                ("operation", self.fg): (1.3333, 80.0),
            },
        )
        self.assertEqual(line.planned_cost, 353.0)

    def test_minimum_surplus_is_nobodys_cost(self):
        """The vendor sells at least 500 m: the order pays its 60 m."""
        self.rm.seller_ids.min_qty = 500
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual([entry[1] for entry in self.plan(self.rm)], [500.0])
        self.assertEqual(
            self.told(line, "planned_quantity", "planned_cost")["material", self.rm], (60.0, 240.0)
        )

    def test_lot_multiple_surplus_and_two_orders(self):
        """Chairs are made in twenties: orders of 10 and 6 share one lot of 20, set-up included, by
        quantity: (20 + 200 min)/20 = 11 min a chair."""
        self.fg.supply_multiple = 20
        first = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(
            self.told(first, "planned_quantity", "planned_cost")["operation", self.fg],
            (1.8333, 110.0),
        )
        second = self.sell(self.fg, 6, 20).order_line
        self.assertEqual([entry[1] for entry in self.plan(self.fg)], [20.0])
        self.assertEqual(
            self.told(second, "planned_quantity", "planned_cost"),
            {
                ("material", self.rm): (36.0, 144.0),
                ("material", self.packing): (6.0, 9.0),
                ("operation", self.fg): (1.1, 66.0),
            },
        )

    def test_foreign_vendor_discount_and_freight(self):
        """8 in a currency at 0.5 a company unit's worth (1 company = 2 foreign), 10 % discount,
        5 % freight and duty: 8 × 0.9 ÷ 2 × 1.05 = 3.78 a metre."""
        foreign = self.env["res.currency"].create({"name": "TCX", "symbol": "x"})
        self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "currency_id": foreign.id,
                "company_id": self.company.id,
                "rate": 2.0,
            }
        )
        self.rm.seller_ids.write(
            {
                "currency_id": foreign.id,
                "price": 8.0,
                "discount": 10.0,
                "supply_landed_percent": 5.0,
            }
        )
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(
            self.told(line, "planned_price", "planned_cost")["material", self.rm], (3.78, 226.8)
        )

    def test_open_documents_have_their_own_price(self):
        """With purchase and production released before, an order that takes from them pays their
        price: 4.40 a metre."""
        self.rm.supply_multiple = 1000
        self.sell(self.fg, 1, 20)
        self.release(self.fg, self.sa, self.rm)
        purchase = self.env["purchase.order.line"].search([("product_id", "=", self.rm.id)])
        purchase.price_unit = 4.4
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(
            self.told(line, "planned_quantity", "planned_price")["material", self.rm], (60.0, 4.4)
        )

    def test_by_product_bears_its_share(self):
        """Chips bear 20 % of a chair: 80 % of 375 is left."""
        chips = self.env["product.product"].create({"name": "Chips", "is_storable": True})
        self.env.user.group_ids += self.env.ref("mrp.group_mrp_byproducts")
        self.bill.byproduct_ids = [
            Command.create({"product_id": chips.id, "product_qty": 1, "cost_share": 20})
        ]
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(line.planned_cost, 300.0)

    def test_no_planning_no_costs(self):
        """A company that doesn't plan: nothing is kept at confirmation, at delivery or at night,
        and margins are empty rather than the whole amount."""
        self.company.supply_planning = False
        self.put_in_stock(self.fg, 10)
        order = self.sell(self.fg, 10, 20)
        line = order.order_line
        self.ship(order)
        self.env["sale.order"]._cron_update_costs()
        self.assertEqual(line.qty_delivered, 10.0)
        self.assertEqual((line.planned_cost, line.planned_cost_quantity), (0.0, 0.0))
        self.assertEqual((line.planned_margin, line.actual_margin), (0.0, 0.0))
        self.assertFalse(line.cost_part_ids)
        self.assertFalse(order.costs_closed_on)

    def test_switched_off_costs_stay(self):
        """Planning is switched off after the confirmation: what was planned stays, the delivery
        writes nothing."""
        self.fg.standard_price = 30.0
        self.put_in_stock(self.fg, 10)
        order = self.sell(self.fg, 10, 20)
        line = order.order_line
        self.assertEqual(line.planned_cost, 300.0)
        self.company.supply_planning = False
        self.ship(order)
        self.assertEqual((line.planned_cost, line.actual_cost), (300.0, 0.0))
        self.assertFalse(order.costs_closed_on)

    def test_operations_of_a_kit(self):
        """F takes 30 minutes and contains a kit that takes 60: one is made in 90 at 60 an hour, and
        so is Odoo's production of it."""
        part = self.make_product("Kit part", stock=50, standard_price=1.0)
        kit, made = self.make_product("Kit K"), self.make_product("With kit")

        def work(name, minutes):
            return [
                Command.create(
                    {
                        "name": name,
                        "workcenter_id": self.centre.id,
                        "time_mode": "manual",
                        "time_cycle_manual": minutes,
                    }
                )
            ]

        self.centre.time_start = 0
        self.bom(kit, 0, (part, 1), kind="phantom", operation_ids=work("Kit", 60))
        self.bom(made, 1, (kit, 1), operation_ids=work("Own", 30))
        line = self.sell(made, 1, 20).order_line
        operations = line.cost_part_ids.filtered(lambda row: row.kind == "operation")
        self.assertEqual(sorted(operations.mapped("planned_cost")), [30.0, 60.0])
        self.assertEqual(line.planned_cost, 91.0)
        self.release(made)
        production = self.env["mrp.production"].search([("product_id", "=", made.id)])
        production.action_confirm()
        self.assertEqual(sum(production.workorder_ids.mapped("duration_expected")), 90.0)

    def test_part_in_stock(self):
        """50 of 60 m steel are in stock at 3.50, 10 are bought at 4."""
        self.rm.standard_price = 3.5
        self.put_in_stock(self.rm, 50)
        line = self.sell(self.fg, 10, 20).order_line
        self.assertEqual(
            self.told(line, "planned_quantity", "planned_cost")["material", self.rm],
            (60.0, 215.0),
        )

    def test_product_of_stock_rules_has_its_standard_price(self):
        """A product that isn't planned costs what stock says, its bill or not."""
        self.fg.write({"supply_mode": "rules", "standard_price": 33.3})
        line = self.sell(self.fg, 3, 20).order_line
        self.assertEqual(self.told(line, "planned_cost"), {("material", self.fg): (99.9,)})

    def test_kit_costs_its_components(self):
        """A set of 2 chairs and 1 packing."""
        kit = self.make_product("Set", supply_mode="rules", list_price=300.0)
        self.bom(kit, 0, (self.fg, 2), (self.packing, 1), kind="phantom")
        line = self.sell(kit, 5, 20).order_line
        # 375 for ten chairs, 5 packings at 1.50
        self.assertEqual(line.planned_cost, 382.5)

    def test_subcontracted_fee_and_material(self):
        """A vendor paints for 7 what he is sent: 3 m steel at its standard price or order."""
        painted = self.make_product("Painted", lead=3, price=7.0)
        self.bom(
            painted,
            1,
            (self.rm, 3),
            kind="subcontract",
            subcontractor_ids=[Command.set(self.vendor_1.ids)],
        )
        line = self.sell(painted, 10, 20).order_line
        self.assertEqual(
            self.told(line, "planned_quantity", "planned_cost"),
            {("fee", painted): (10.0, 70.0), ("material", self.rm): (30.0, 120.0)},
        )

    def test_dozens(self):
        """Two dozen chairs are 24: 144 m steel; the baseline is in the line's unit."""
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.quote(self.fg, 2, 20)
        order.order_line.write({"product_uom_id": dozen.id})
        order.action_confirm()
        line = order.order_line
        self.assertEqual(self.told(line, "planned_quantity")["material", self.rm], (144.0,))
        self.assertEqual(line.planned_cost_quantity, 2.0)

    def test_foreign_order_margin_in_company_currency(self):
        """An order for 2,000 in a currency of which 2 make one: margin 1,000 − 375."""
        foreign = self.env["res.currency"].create({"name": "TCY", "symbol": "y"})
        self.env["res.currency.rate"].create(
            {
                "name": self.today,
                "currency_id": foreign.id,
                "company_id": self.company.id,
                "rate": 2.0,
            }
        )
        prices = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": foreign.id, "company_id": self.company.id}
        )
        order = self.quote(self.fg, 10, 20, pricelist_id=prices.id)
        order.order_line.write({"price_unit": 200.0})
        order.action_confirm()
        self.assertEqual(order.order_line.planned_margin, 625.0)
        row = self.env["supply.order.cost"].browse(order.order_line.id)
        self.assertEqual((row.amount, row.planned_margin), (1000.0, 625.0))

    def test_baseline_stays(self):
        """A later price or quantity doesn't touch what was planned; the margin of a changed
        quantity counts by the piece."""
        order = self.sell(self.fg, 10, 20)
        self.rm.seller_ids.price = 9.0
        order.order_line.product_uom_qty = 20
        self.assertEqual(order.order_line.planned_cost, 375.0)
        self.assertEqual(order.order_line.planned_margin, 1250.0)
        order._action_cancel()
        self.assertEqual(order.order_line.planned_cost, 0.0)
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.told(order.order_line, "planned_price")["material", self.rm], (9.0,))

    def test_who_sees_costs(self):
        """A plain salesperson is refused over RPC, in fields, reports and parts; nobody writes a
        cost; manager, finance, planner and production manager read."""
        order = self.sell(self.fg, 10, 20)
        sales = self.make_user("costs_sales", "sales_team.group_sale_salesman_all_leads")
        for name in ("planned_cost", "actual_cost", "planned_margin", "cost_variance_price"):
            with self.assertRaises(AccessError):
                order.order_line.with_user(sales).read([name])
        with self.assertRaises(AccessError):
            order.with_user(sales).read(["supply_margin"])
        with self.assertRaises(AccessError):
            order.with_user(sales).action_view_costs()
        for model in ("supply.order.cost", "supply.cost.part", "supply.cost.source"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(sales).search([])
        for login, group in (
            ("costs_manager", "sales_team.group_sale_manager"),
            ("costs_finance", "account.group_account_invoice"),
            ("costs_planner", "inventory_link.group_supply_planner"),
            ("costs_making", "mrp.group_mrp_manager"),
        ):
            user = self.make_user(login, group)
            row = self.env["supply.order.cost"].with_user(user).browse(order.order_line.id)
            self.assertEqual((row.planned_cost, len(row.part_ids)), (375.0, 3))
            with self.assertRaises(AccessError):
                order.order_line.with_user(user).write({"planned_cost": 1.0})

    def test_two_companies(self):
        """A manager of another company sees nothing of it."""
        order = self.sell(self.fg, 10, 20)
        other = self.env["res.company"].create({"name": "Other"})
        user = self.make_user("costs_other", "sales_team.group_sale_manager")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        rows = (
            self.env["supply.order.cost"]
            .with_user(user)
            .with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(rows.search([("order_id", "=", order.id)]))
        parts = (
            self.env["supply.cost.part"].with_user(user).with_context(allowed_company_ids=other.ids)
        )
        self.assertFalse(parts.search([("sale_line_id", "in", order.order_line.ids)]))
