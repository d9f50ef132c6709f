from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestScenariosG(ProductionScenarioCase):
    """Re-run, stability, approval."""

    def given(self, **values):
        """F (lead 2) = 3 C; C stock 5, lead 10, MOQ 20, multiple 5; 4 @+30, 6 @+33, 5 @+50."""
        self.c = self.make_product("C", stock=5, supply_multiple=5, **values)
        self.add_vendor(self.c, self.vendor_1, 1.0, 10, minimum=20)
        self.f = self.make_product("F")
        self.bom(self.f, 2, (self.c, 3))
        self.orders = [self.sell(self.f, quantity, due) for quantity, due in self.wanted]

    wanted = ((4, 30), (6, 33), (5, 50))

    def test_g01(self):
        """G01: make 4, 6, 5; buy C#1 20 order +18, C#2 20 order +21; pegs 5, 7, 13, 5, 15."""
        self.given()
        self.assertEqual(
            self.plan(self.f),
            [("make", 4.0, 28, 30), ("make", 6.0, 31, 33), ("make", 5.0, 48, 50)],
        )
        self.assertEqual(self.plan(self.c), [("buy", 20.0, 18, 28), ("buy", 20.0, 21, 31)])
        self.assertEqual(
            self.tell_pegs(self.c),
            [
                ("F@+30", "buy@+28", 7.0),
                ("F@+30", "stock", 5.0),
                ("F@+33", "buy@+28", 13.0),
                ("F@+33", "buy@+31", 5.0),
                ("F@+50", "buy@+31", 15.0),
            ],
        )
        self.assertEqual(self.lines(self.c).mapped("free_quantity"), [0.0, 0.0])
        self.assertEqual([self.promise(o) for o in self.orders], [(30, 0), (33, 0), (50, 0)])
        self.assertUnchanged()

    def counts(self):
        """Everything that a run could write or tell somebody."""
        return {
            name: self.env[name].search_count([])
            for name in (
                "supply.plan.line",
                "supply.peg",
                "supply.message",
                "suite.decision",
                "mail.message",
                "mail.activity",
                "mail.notification",
            )
        }

    def test_g02(self):
        """G02: run again: 0 inserts, updates, deletes; ids and pegs equal; nobody is told."""
        self.given()
        self.planner.run(self.warehouse.ids)

        def state():
            self.env.flush_all()
            self.env.cr.execute("SELECT id, xmin::text FROM supply_plan_line ORDER BY id")
            lines = self.env.cr.fetchall()
            self.env.cr.execute("SELECT id, xmin::text FROM supply_peg ORDER BY id")
            return lines, self.env.cr.fetchall(), self.counts()

        before = state()
        for full in (True, False):
            result = self.planner.run(self.warehouse.ids, full=full)
            self.assertEqual(
                [result[key] for key in ("inserted", "updated", "deleted", "messages")],
                [0, 0, 0, 0],
            )
            self.assertEqual(state(), before)

    def test_g03(self):
        """G03: cancel SO2: make F 6 goes, C#1 unchanged, C#2 same id +31→+48, order +38."""
        self.given()
        f_before, c_before = self.plan_rows(self.f), self.plan_rows(self.c)
        self.orders[1]._action_cancel()
        kept = list(f_before)
        self.assertEqual(
            self.plan_rows(self.f), {kept[0]: f_before[kept[0]], kept[2]: f_before[kept[2]]}
        )
        first, second = c_before
        self.assertEqual(
            self.plan_rows(self.c),
            {first: ("buy", 20.0, 18, 28), second: ("buy", 20.0, 38, 48)},
        )
        self.assertEqual(
            self.tell_pegs(self.c),
            [
                ("F@+30", "buy@+28", 7.0),
                ("F@+30", "stock", 5.0),
                ("F@+50", "buy@+28", 13.0),
                ("F@+50", "buy@+48", 2.0),
            ],
        )
        self.assertUnchanged()

    def test_g04(self):
        """G04: SO2 6→9: make F 9 same id; C#2 keeps id and date; C#3 20 order +38 due +48."""
        self.given()
        f_before, c_before = self.plan_rows(self.f), self.plan_rows(self.c)
        self.orders[1].order_line.product_uom_qty = 9
        kept = list(f_before)
        self.assertEqual(self.plan_rows(self.f), f_before | {kept[1]: ("make", 9.0, 31, 33)})
        rows = self.plan_rows(self.c)
        self.assertEqual({line: rows.pop(line) for line in c_before}, c_before)
        self.assertEqual(list(rows.values()), [("buy", 20.0, 38, 48)])
        self.assertEqual(
            self.tell_pegs(self.c),
            [
                ("F@+30", "buy@+28", 7.0),
                ("F@+30", "stock", 5.0),
                ("F@+33", "buy@+28", 13.0),
                ("F@+33", "buy@+31", 14.0),
                ("F@+50", "buy@+31", 6.0),
                ("F@+50", "buy@+48", 9.0),
            ],
        )
        self.assertEqual(self.lines(self.c).mapped("free_quantity"), [0.0, 0.0, 11.0])
        self.assertUnchanged()

    def test_g03_g04_there_and_back(self):
        """Changes undone give the first plan again, with the ids that were never gone."""
        self.given()
        before = self.plan_rows(self.c)
        plan_f = self.plan(self.f)
        self.orders[1].order_line.product_uom_qty = 9
        self.orders[1].order_line.product_uom_qty = 6
        self.assertEqual(self.plan_rows(self.c), before)
        self.assertEqual(self.plan(self.f), plan_f)
        self.assertUnchanged()

    def test_g07(self):
        """G07: approve and release clicked twice, by two users: one PO line, one production."""
        self.given()
        users = [
            self.make_user(f"g07_{number}", "inventory_link.group_supply_planner")
            for number in range(2)
        ]
        lines = self.lines(self.c) | self.lines(self.f)
        for method in ("action_approve", "action_release"):
            for user in users * 2:
                getattr(lines.with_user(user), method)()
        self.assertEqual(set(lines.mapped("state")), {"released"})
        self.assertEqual(self.bought(self.c).mapped("product_qty"), [20, 20])
        self.assertEqual(self.made(self.f).mapped("product_qty"), [4, 6, 5])
        self.assertEqual(self.plan(self.c) + self.plan(self.f), [])
        self.assertUnchanged()

    def test_g08(self):
        """G08: the release of 100 breaks off: a restart makes the rest; 100 in all, each once."""
        self.given()
        self.confirm_all([self.quote(self.f, 1, 100 + number) for number in range(97)])
        lines = self.lines(self.f)
        self.assertEqual(len(lines), 100)
        lines.action_approve()
        lines[:50].action_release()
        self.env.flush_all()
        production = type(self.env["mrp.production"])
        with (
            self.assertRaises(UserError),
            self.env.cr.savepoint(),
            patch.object(production, "create", side_effect=UserError("power cut")),
        ):
            lines.action_release()
        self.env.invalidate_all()
        self.assertEqual(len(self.made(self.f)), 50)
        self.assertEqual(lines.mapped("state"), ["released"] * 50 + ["approved"] * 50)
        lines.action_release()
        self.assertEqual(self.made(self.f).plan_line_id, lines)
        self.assertEqual(len(self.made(self.f)), 100)
        self.assertEqual(sum(self.made(self.f).mapped("product_qty")), 4 + 6 + 5 + 97)
        self.assertUnchanged()

    def test_g09(self):
        """G09: rejected with a reason: not proposed again until its demand changes, then once."""
        product = self.make_product("G09", lead=3)
        order = self.sell(product, 5, 20)
        other = self.sell(product, 2, 40)
        line = self.lines(product)[0]
        line.action_reject("the customer takes another material")
        for _time in range(2):
            self.planner.run(self.warehouse.ids)
            self.assertEqual(self.plan(product), [("buy", 2.0, 37, 40)])
        self.assertEqual((line.state, bool(line.reject_reason)), ("rejected", True))
        # another order's change isn't this line's demand
        other.order_line.product_uom_qty = 3
        self.assertEqual(self.plan(product), [("buy", 3.0, 37, 40)])
        order.order_line.product_uom_qty = 6
        for _time in range(2):
            self.assertEqual(self.plan(product), [("buy", 6.0, 17, 20), ("buy", 3.0, 37, 40)])
            self.assertUnchanged()

    def test_g13(self):
        """G13: a buyer's own draft PO 10 is supply, never changed or deleted by a run."""
        product = self.make_product("G13", lead=7)
        request = self.purchase(product, 10, 15, confirm=False)
        order = self.sell(product, 12, 20)
        self.assertEqual(self.plan(product), [("buy", 2.0, 13, 20)])
        self.assertEqual(
            self.tell_pegs(product), [("SO@+20", "PO@+15", 10.0), ("SO@+20", "buy@+20", 2.0)]
        )
        order._action_cancel()
        self.planner.run(self.warehouse.ids)
        self.assertEqual((request.state, request.order_line.product_qty), ("draft", 10))
        self.assertEqual([m[:3] for m in self.tell_messages(product)], [("cancel", 10, 0)])
        self.assertUnchanged()
