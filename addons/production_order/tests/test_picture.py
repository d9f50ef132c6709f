import time
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestPicture(ProductionScenarioCase):
    """The peg picture over several levels."""

    def picture(self, record, direction, **values):
        return self.env["supply.peg"].get_picture(record._name, record.id, direction, **values)

    def tell_picture(self, picture):
        """``(roots, [(need, supply, quantity)])`` in words: ``"plan SA 11.0"``."""
        names = {
            node["id"]: f"{node['kind']} {node['product']} {node['quantity']:g}"
            for node in picture["nodes"]
        }
        edges = [
            (names[edge["from"]], names[edge["to"]], edge["quantity"]) for edge in picture["edges"]
        ]
        return [names[key] for key in picture["roots"]], sorted(edges)

    def three_levels(self):
        """``(rm1, rm2, sa, fg, order)`` of B01."""
        rm1 = self.make_product("RM1", stock=7, lead=10)
        rm2 = self.make_product("RM2", lead=5)
        sa = self.make_product("SA", stock=5)
        fg = self.make_product("FG", stock=2)
        self.bom(sa, 4, (rm1, 3))
        self.bom(fg, 3, (sa, 2), (rm2, 1))
        return rm1, rm2, sa, fg, self.sell(fg, 10, 30)

    B01 = [
        ("order FG 10", "plan FG 8", 8.0),
        ("order FG 10", "stock FG 2", 2.0),
        ("plan FG 8", "plan RM2 8", 8.0),
        ("plan FG 8", "plan SA 11", 11.0),
        ("plan FG 8", "stock SA 5", 5.0),
        ("plan SA 11", "plan RM1 26", 26.0),
        ("plan SA 11", "stock RM1 7", 7.0),
    ]

    def test_b01_down(self):
        """B01 from the order down to raw material: each document once, every quantity."""
        *_products, order = self.three_levels()
        for start in (order, order.order_line):
            picture = self.picture(start, "down")
            self.assertEqual(self.tell_picture(picture), (["order FG 10"], self.B01))
            self.assertFalse(picture["truncated"])
        cards = {f"{card['kind']} {card['product']}": card for card in picture["nodes"]}
        top, deep = cards["order FG"], cards["plan RM1"]
        self.assertEqual((top["title"], top["party"]), (order.name, self.customer.name))
        self.assertEqual((top["model"], top["res_id"]), ("sale.order", order.id))
        self.assertEqual([self.offset(top["date"]), self.offset(top["feasible"])], [30, 30])
        self.assertEqual((deep["title"], deep["party"], deep["unit"]), ("Buy", "供应商一", "Units"))
        self.assertEqual([self.offset(deep["date"]), self.offset(deep["feasible"])], [23, 23])
        self.assertEqual([card["late_days"] for card in picture["nodes"]], [0] * 8)
        self.assertEqual(self.tell_picture(self.picture(order, "down", depth=1))[1], self.B01[:2])

    def test_b01_up(self):
        """B01 from raw material up to the customer, and from the middle both ways."""
        rm1, _rm2, sa, _fg, _order = self.three_levels()
        roots, edges = self.tell_picture(self.picture(rm1, "up"))
        self.assertEqual(sorted(roots), ["plan RM1 26", "stock RM1 7"])
        chain = [self.B01[0], self.B01[3], *self.B01[5:]]
        self.assertEqual(edges, chain)
        roots, edges = self.tell_picture(self.picture(self.lines(sa), "both"))
        self.assertEqual((roots, edges), (["plan SA 11"], chain))
        self.assertEqual(self.tell_picture(self.picture(rm1, "down"))[1], [])

    def test_b01_late(self):
        """Wanted on +15, RM1 is 2 days late and so is all above it, with the chain as reason."""
        rm1, _rm2, _sa, fg, order = self.three_levels()
        order._action_cancel()
        order = self.sell(fg, 10, 15)
        late = {
            f"{card['kind']} {card['product']}": (card["late_days"], bool(card["reason"]))
            for card in self.picture(order, "down")["nodes"]
            if card["late_days"]
        }
        self.assertEqual(
            late,
            {
                "order FG": (2, True),
                "plan FG": (2, True),
                "plan SA": (2, True),
                "plan RM1": (2, True),
            },
        )

    def shared_lot(self):
        """``(r, s, f1, f2, orders)`` of B03."""
        r = self.make_product("R", stock=30, lead=6, supply_multiple=25)
        s = self.make_product("S", supply_multiple=50)
        f1, f2 = self.make_product("F1"), self.make_product("F2")
        self.bom(s, 3, (r, 4))
        self.bom(f1, 2, (s, 1))
        self.bom(f2, 4, (s, 2))
        return r, s, f1, f2, self.sell(f1, 10, 20) | self.sell(f2, 10, 24)

    def test_b03(self):
        """B03: the merged lot is one node with two needs, in both directions."""
        r, s, _f1, _f2, orders = self.shared_lot()
        whole = [
            ("order F1 10", "plan F1 10", 10.0),
            ("order F2 10", "plan F2 10", 10.0),
            ("plan F1 10", "plan S 50", 10.0),
            ("plan F2 10", "plan S 50", 20.0),
            ("plan S 50", "plan R 175", 170.0),
            ("plan S 50", "stock R 30", 30.0),
        ]
        roots, edges = self.tell_picture(self.picture(r, "up"))
        self.assertEqual((sorted(roots), edges), (["plan R 175", "stock R 30"], whole))
        self.assertEqual(
            self.tell_picture(self.picture(orders[0], "down")),
            (["order F1 10"], [whole[0], whole[2], *whole[4:]]),
        )
        self.assertEqual(self.tell_picture(self.picture(s, "both")), (["plan S 50"], whole))
        self.assertEqual(self.tell_picture(self.picture(self.lines(s), "up"))[1], whole[:4])

    def test_documents(self):
        """Released, the documents stand where the lines were; a released line shows its own."""
        _rm1, rm2, sa, fg, order = self.three_levels()
        lines = self.release_lines(fg, sa, rm2)
        picture = self.picture(order, "down")
        kinds = {(card["kind"], card["product"]) for card in picture["nodes"]}
        self.assertLessEqual(
            {("production", "FG"), ("production", "SA"), ("purchase", "RM2"), ("plan", "RM1")},
            kinds,
        )
        made = lines.production_id.filtered(lambda rec: rec.product_id == sa)
        roots, edges = self.tell_picture(self.picture(made, "both"))
        self.assertEqual(roots, ["production SA 11"])
        self.assertIn(("production FG 8", "production SA 11", 11.0), edges)
        bought = lines.filtered(lambda rec: rec.product_id == rm2)
        expected = [
            ("order FG 10", "production FG 8", 8.0),
            ("production FG 8", "purchase RM2 8", 8.0),
        ]
        for start in (bought, bought.purchase_line_id, bought.purchase_line_id.order_id):
            self.assertEqual(
                self.tell_picture(self.picture(start, "up")), (["purchase RM2 8"], expected)
            )

    def as_user(self, login, groups):
        return self.env["supply.peg"].with_user(self.make_user(login, groups))

    def test_salesperson(self):
        """His own order down to material, without vendors; no order of others on the way up."""
        r, _s, _f1, _f2, orders = self.shared_lot()
        pegs = self.as_user("picture_sales", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            pegs.get_picture("sale.order", orders[0].id)
        orders[0].user_id = pegs.env.user
        orders[1].user_id = self.env.user
        picture = pegs.get_picture("sale.order", orders[0].id)
        self.assertEqual(len(picture["nodes"]), 5)
        for card in picture["nodes"]:
            if card["kind"] == "plan":
                self.assertEqual((card["party"], card["model"], card["res_id"]), ("", False, False))
        self.assertNotIn(self.vendor_1.name, str(picture))
        self.assertNotIn("price", str(picture))
        upwards = pegs.get_picture("product.product", r.id, "up")
        self.assertEqual(
            [card["title"] for card in upwards["nodes"] if card["kind"] == "order"],
            [orders[0].name],
        )
        self.assertEqual(len(upwards["nodes"]), 5)
        self.assertNotIn("F2", str(upwards))
        with self.assertRaises(AccessError):
            pegs.get_picture("supply.plan.line", self.lines(r).id)

    def test_other_roles(self):
        """A worker opens productions, sees orders as numbers; a portal user gets nothing."""
        *_products, order = self.three_levels()
        pegs = self.as_user("picture_made", "mrp.group_mrp_user,stock.group_stock_user")
        rm1 = _products[0]
        cards = pegs.get_picture("product.product", rm1.id, "up")["nodes"]
        (card,) = (card for card in cards if card["kind"] == "order")
        self.assertEqual(card["title"], order.name)
        portal = self.as_user("picture_portal", "base.group_portal")
        with self.assertRaises(AccessError):
            portal.get_picture("sale.order", order.id)
        with self.assertRaises(AccessError):
            portal.get_picture("product.product", rm1.id, "up")

    def test_other_company(self):
        """Another company's planner neither reads the order nor sees its pegs of a product."""
        rm1, *_others, order = self.three_levels()
        other = self.env["res.company"].create({"name": "别的公司"})
        user = self.make_user("picture_other", "inventory_link.group_supply_planner")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        pegs = self.env["supply.peg"].with_user(user)
        pegs = pegs.with_context(allowed_company_ids=other.ids)
        with self.assertRaises(AccessError):
            pegs.get_picture("sale.order", order.id)
        self.assertEqual(pegs.get_picture("product.product", rm1.id, "up")["nodes"], [])

    def test_gone(self):
        """A record that is gone, and one without pegs, is said in words."""
        order = self.quote(self.make_product("Gone"), 1)
        self.assertEqual(len(self.picture(order, "down")["nodes"]), 1)
        number = order.id
        order.unlink()
        with self.assertRaisesRegex(UserError, "doesn't exist any more"):
            self.env["supply.peg"].get_picture("sale.order", number)
        with self.assertRaisesRegex(UserError, "no peg picture"):
            self.env["supply.peg"].get_picture("res.users", self.env.uid)

    def test_size(self):
        """500 nodes take as many queries as 50, and less than a second."""
        counts = {}
        for width in (4, 50):
            order = self.wide(width)
            self.env.flush_all()
            self.env.invalidate_all()
            before, start = self.env.cr.sql_log_count, time.monotonic()
            picture = self.picture(order, "down")
            seconds = time.monotonic() - start
            counts[len(picture["nodes"])] = self.env.cr.sql_log_count - before
            self.assertEqual(len(picture["edges"]), len(picture["nodes"]) - 1)
            self.assertLess(seconds, 1)
        self.assertEqual(sorted(counts), [42, 502])
        self.assertLessEqual(counts[502], counts[42])
        self.assertLessEqual(counts[502], 40)

    def test_too_many(self):
        """Above the limit what is farthest from the start is left out, and the picture says so."""
        *_products, order = self.three_levels()
        with patch("odoo.addons.inventory_link.models.picture.supply_peg.MAX_PEGS", 2):
            picture = self.picture(order, "down")
        self.assertTrue(picture["truncated"])
        self.assertEqual(self.tell_picture(picture), (["order FG 10"], self.B01[:2]))

    def wide(self, width):
        """An order for a product of ``width`` parts, each made of 4 materials, half in stock."""
        parts = []
        for number in range(width):
            materials = [
                self.make_product(f"M{width} {number} {letter}", stock=3, lead=5)
                for letter in "abcd"
            ]
            part = self.make_product(f"P{width} {number}", stock=1)
            self.bom(part, 2, *((material, 2) for material in materials))
            parts.append(part)
        top = self.make_product(f"T{width}")
        self.bom(top, 3, *((part, 1) for part in parts))
        return self.sell(top, 10, 40)
