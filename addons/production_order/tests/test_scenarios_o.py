from itertools import permutations

from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosO(ProductionScenarioCase):
    """What another planner for Odoo gets wrong (O-1…O-8) is right here."""

    def test_o_1(self):
        """O-1: MOQ 25, multiple 10, need 5 → 30, or 25 with minimum plus steps."""
        for mode, quantity in (("ceil", 30.0), ("moq_step", 25.0)):
            product = self.make_product(f"O-1 {mode}", supply_multiple=10, supply_lot_rounding=mode)
            self.add_vendor(product, self.vendor_1, 1.0, 5, minimum=25)
            self.sell(product, 5, 30)
            self.assertEqual(self.plan(product), [("buy", quantity, 25, 30)])

    def test_o_2(self):
        """O-2: two bills, 4 and 6 days: the chosen bill's 4, not 10."""
        part = self.make_product("O-2 part", stock=100)
        fg = self.make_product("O-2")
        self.bom(fg, 4, (part, 1), sequence=1)
        self.bom(fg, 6, (part, 1), sequence=2)
        self.assertEqual(self.quoted(fg, 5), (4, [(5.0, 4)]))
        self.sell(fg, 5, 20)
        self.assertEqual(self.plan(fg), [("make", 5.0, 16, 20)])

    def test_o_3(self):
        """O-3: lead 30, due +5: ordered today, possible +30, late 25, said so."""
        product = self.make_product("O-3", lead=30)
        order = self.sell(product, 10, 5)
        self.assertEqual(self.dates(product), [(0, 5, 30, 25)])
        self.assertEqual(self.promise(order), (30, 25))
        self.assertIn("30", order.order_line.promise_reason)

    def test_o_4(self):
        """O-4: demand 10 @+10, PO 10 @+20: expedite the PO, buy nothing."""
        product = self.make_product("O-4", lead=3)
        self.purchase(product, 10, 20)
        self.sell(product, 10, 10)
        self.assertEqual(self.plan(product), [])
        self.assertEqual(self.tell_messages(product), [("expedite", 10, 10, 20, 10)])

    def test_o_5(self):
        """O-5: orders, receipts and stock written in any order in one transaction: one plan."""
        plans = set()
        for number, order in enumerate(permutations(range(4))):
            product = self.make_product(f"O-5 {number}", lead=3)
            acts = (
                lambda product=product: self.sell(product, 10, 10),
                lambda product=product: self.sell(product, 6, 20),
                lambda product=product: self.purchase(product, 8, 15),
                lambda product=product: self.put_in_stock(product, 4),
            )
            for act in order:
                acts[act]()
            self.planner.run(self.warehouse.ids)
            plans.add(
                (
                    tuple(self.plan(product)),
                    tuple(self.tell_messages(product)),
                    tuple(self.tell_pegs(product)),
                )
            )
        self.assertEqual(
            plans,
            {
                (
                    (("buy", 4.0, 17, 20),),
                    (("expedite", 8.0, 8.0, 15, 10),),
                    (
                        ("SO@+10", "PO@+15", 6.0),
                        ("SO@+10", "stock", 4.0),
                        ("SO@+20", "PO@+15", 2.0),
                        ("SO@+20", "buy@+20", 4.0),
                    ),
                )
            },
        )

    def test_o_6(self):
        """O-6: re-run with nothing changed: 4 of 4 ids kept, 0 writes."""
        product = self.make_product("O-6", lead=3)
        for due in (10, 20, 30, 40):
            self.sell(product, 5, due)
        before = self.plan_rows(product)
        self.assertEqual(len(before), 4)
        self.assertUnchanged()
        self.assertEqual(self.plan_rows(product), before)

    def test_o_7(self):
        """O-7: 12 @+30 and 20 @+60 ordered together: two lines; the next runs plan 0."""
        product = self.make_product("O-7", lead=7)
        self.sell(product, 12, 30)
        self.sell(product, 20, 60)
        self.release_lines(product)
        self.assertEqual(
            [(line.product_qty, self._day(line.date_planned)) for line in self.bought(product)],
            [(12, "+30"), (20, "+60")],
        )
        for full in (True, False):
            self.planner.run(self.warehouse.ids, full=full)
            self.assertEqual(self.supplied(product), 32)
            self.assertEqual(self.plan(product), [])
        self.assertUnchanged()

    def test_o_8(self):
        """O-8: demand cancelled: the plan's draft goes, a confirmed PO gets a message."""
        draft, firm = self.make_product("O-8 draft", lead=7), self.make_product("O-8", lead=7)
        orders = [self.sell(product, 32, 60) for product in (draft, firm)]
        self.release_lines(draft, firm)
        self.bought(firm).order_id.button_confirm()
        for order in orders:
            order._action_cancel()
        self.assertFalse(self.bought(draft))
        self.assertEqual(self.tell_messages(draft), [])
        self.assertEqual(self.tell_messages(firm), [("cancel", 32, 0, 60, 60)])
        self.assertEqual(self.bought(firm).product_qty, 32)
        self.assertUnchanged()
