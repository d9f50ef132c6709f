from odoo.tests import tagged

from .change_case import ChangeCase


@tagged("post_install", "-at_install")
class TestScenariosFMore(ChangeCase):
    """Changes that F's rows imply: several at once, applied to the end, by hand, by the vendor."""

    def test_f02_f05_together(self):
        """Less and later at once, both confirmed: applied, the documents are as a fresh plan."""
        self.given("mo po")
        self.change(6)
        self.change(due=100)
        self.apply_messages(self.fg, self.rm)
        self.assertEqual(self.documents(), [(6, "+100"), (12, "+95")])
        self.assertEqual(self.told() + self.proposed(), [])
        self.check_receipts(12)
        self.assertUnchanged()

    def test_f05_then_f02_drafts(self):
        """Later, then less: the drafts keep the later days."""
        self.given()
        self.change(due=100)
        self.change(6)
        self.assertEqual(self.documents(), [(6, "+100"), (12, "+95")])
        self.assertEqual(self.po.price_unit, 3.0)
        self.assertEqual(self.told() + self.proposed(), [])
        self.assertUnchanged()

    def test_f05_then_f02_confirmed(self):
        """Later, applied; then less, applied: days and price kept, nothing goes back."""
        self.given("mo po")
        self.change(due=100)
        self.apply_messages(self.fg, self.rm)
        self.change(6)
        self.assertEqual(self.told(), [("decrease", 10, 6, 100, 100), ("decrease", 20, 12, 95, 95)])
        self.apply_messages(self.fg, self.rm)
        self.assertEqual(self.documents(), [(6, "+100"), (12, "+95")])
        self.assertEqual(self.told() + self.proposed(), [])
        self.check_receipts(12)
        self.assertUnchanged()

    def test_f02_buyers_own_order(self):
        """Decrease of a buyer's own confirmed order: his day and price stay, the receipt is less,
        and nothing is sent back to the vendor."""
        for price in (0.9, 3.0):
            with self.subTest(price=price):
                self.rm = self.make_product(f"RM own {price}", lead=3, price=3.0)
                order = self.purchase(self.rm, 15, 23)
                self.po = order.order_line
                self.po.price_unit = price
                self.sell(self.rm, 10, 23)
                self.assertEqual(self.tell_messages(self.rm), [("decrease", 15, 10, 23, 23)])
                self.apply_messages(self.rm)
                self.assertEqual(
                    (self.po.product_qty, self._day(self.po.date_planned), self.po.price_unit),
                    (10, "+23", price),
                )
                moves = self.env["stock.move"].search(
                    [("product_id", "=", self.rm.id), ("state", "!=", "cancel")]
                )
                back = moves.filtered(lambda move: move.location_dest_id.usage == "supplier")
                self.assertFalse(back)
                self.assertEqual(sum(order.picking_ids.move_ids.mapped("product_uom_qty")), 10)
                self.assertEqual(self.tell_messages(self.rm) + self.plan(self.rm), [])
                self.assertEqual(self.tell_pegs(self.rm), [("SO@+23", "PO@+23", 10.0)])
        self.assertUnchanged()

    def test_f02_f05_buyers_own_order_at_once(self):
        """Decrease and postpone of one order applied in one click."""
        self.rm = self.make_product("RM own", lead=3)
        order = self.purchase(self.rm, 15, 23)
        sold = self.sell(self.rm, 10, 37)
        self.assertEqual(
            sorted(message[0] for message in self.tell_messages(self.rm)), ["decrease", "postpone"]
        )
        self.apply_messages(self.rm)
        line = order.order_line
        self.assertEqual((line.product_qty, self._day(line.date_planned)), (10, "+37"))
        self.assertEqual(self.tell_messages(self.rm) + self.plan(self.rm), [])
        self.assertEqual(self.tell_pegs(self.rm), [("SO@+37", "PO@+37", 10.0)])
        self.assertEqual(self.promise(sold), (37, 0))
        self.assertUnchanged()

    def test_f_reopened(self):
        """Cancelled, quotation again, confirmed again: as before, nothing doubled."""
        for confirm in ("", "mo po"):
            with self.subTest(confirm=confirm):
                self.given(confirm)
                self.order._action_cancel()
                self.order.action_draft()
                self.order.commitment_date = self.noon(60)
                self.order.action_confirm()
                self.assertEqual((self.supplied(self.fg), self.supplied(self.rm)), (10, 20))
                self.assertEqual(self.told(), [])
                self.assertUnchanged()

    def test_f_vendor_slips(self):
        """The vendor's date goes to +70: expedite to +55; the order is late 15 as things stand."""
        self.given("mo po")
        self.po.date_planned = self.noon(70)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.told(), [("expedite", 20, 20, 70, 55)])
        self.assertEqual(self.promise(self.order), (75, 15))
        self.assertUnchanged()
        self.po.supply_locked = True
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.plan(self.rm), [("buy", 20.0, 25, 55)])
        self.assertEqual(self.tell_messages(self.rm), [("cancel", 20, 0, 70, 70)])
        self.assertEqual(self.promise(self.order), (60, 0))
        self.assertUnchanged()

    def test_f_partly_delivered_then_less(self):
        """4 of 10 delivered from stock, then the order falls to 4: nothing is needed any more."""
        self.rm = self.make_product("RM", lead=30)
        self.fg = self.make_product("FG", stock=4)
        self.bom(self.fg, 5, (self.rm, 2))
        self.order = self.sell(self.fg, 10, 60)
        self.assertEqual(self.proposed(), [("make", 6.0, 55, 60), ("buy", 12.0, 25, 55)])
        delivery = self.order.picking_ids
        delivery.move_ids.write({"quantity": 4, "picked": True})
        delivery.with_context(skip_backorder=True).button_validate()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.proposed(), [("make", 6.0, 55, 60), ("buy", 12.0, 25, 55)])
        self.change(4)
        self.assertEqual(self.proposed() + self.told(), [])
        self.assertUnchanged()

    def test_f_started_production_never_changes_by_itself(self):
        """A production in progress gets a message, also when the plan made it as a draft. Its
        material is taken although none is booked in."""
        self.given("mo po")
        self.mo.qty_producing = 3
        self.mo.move_raw_ids.write({"quantity": 6, "picked": True})
        self.assertEqual(self.mo.state, "progress")
        self.change(due=100)
        self.assertEqual(self.documents(), [(10, "+60"), (20, "+55")])
        self.change(6)
        self.assertEqual(self.documents(), [(10, "+60"), (20, "+55")])
        self.assertTrue(self.tell_messages(self.fg))

    def test_f_edited_draft_production_gets_a_message(self):
        """C12: a draft that a person edited isn't the plan's any more: message, no change."""
        self.given()
        self.mo.product_qty = 12
        self.planner.run(self.warehouse.ids)
        self.change(6)
        self.assertEqual(self.mo.product_qty, 12)
        self.assertEqual([m[:3] for m in self.tell_messages(self.fg)], [("decrease", 12, 6)])

    def test_f_sent_request_gets_a_message(self):
        """C12: a request sent to the vendor isn't a plain draft any more: message, no change."""
        self.given()
        self.po.order_id.state = "sent"
        self.change(6)
        self.assertEqual(self.po.product_qty, 20)
        self.assertEqual(self.tell_messages(self.rm), [("decrease", 20, 12, 55, 55)])

    def test_f_other_line_of_the_order_stays(self):
        """Cancelling takes the plan's line out of a draft; a person's line beside it stays."""
        self.given()
        other = self.po.copy({"order_id": self.po.order_id.id, "product_qty": 7})
        self.order._action_cancel()
        self.assertEqual(self.bought(self.rm), other)
        self.assertEqual((other.product_qty, other.order_id.state), (7, "draft"))
