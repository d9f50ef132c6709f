from odoo.tests import tagged

from .change_case import ChangeCase


@tagged("post_install", "-at_install")
class TestScenariosF(ChangeCase):
    """What follows a change, with the plan's drafts and with confirmed documents."""

    def test_f00_released_productions_are_drafts(self):
        """Releasing makes drafts; the company switch confirms productions at once."""
        self.given()
        self.assertEqual((self.mo.state, self.po.order_id.state), ("draft", "draft"))
        self.assertEqual(self.promise(self.order), (60, 0))
        self.assertUnchanged()

    def test_f00_switch_confirms_productions(self):
        """With ``supply_confirm_productions`` a released line is a confirmed production."""
        self.company.supply_confirm_productions = True
        self.given()
        self.assertEqual((self.mo.state, self.po.order_id.state), ("confirmed", "draft"))

    def test_f01(self):
        """F01: nothing changed: nothing, with drafts and with confirmed documents."""
        for confirm in ("", "mo po"):
            with self.subTest(confirm=confirm):
                self.given(confirm)
                self.assertUnchanged()
                self.assertEqual(self.proposed() + self.told(), [])
                self.assertEqual(self.documents(), [(10, "+60"), (20, "+55")])

    def test_f02_drafts(self):
        """F02: SO 10→6: MO 6 and PO 12, by themselves; days and price kept."""
        self.given()
        self.change(6)
        self.assertEqual(self.documents(), [(6, "+60"), (12, "+55")])
        self.assertEqual((self.made(self.fg), self.bought(self.rm)), (self.mo, self.po))
        self.assertEqual((self.po.price_unit, self.po.order_id.state), (3.0, "draft"))
        self.assertEqual(self.mo.move_raw_ids.product_uom_qty, 12)
        self.assertEqual(self.told() + self.proposed(), [])
        self.assertUnchanged()

    def test_f02_confirmed(self):
        """F02 with a confirmed PO: the draft MO is 6; message decrease PO 20→12."""
        self.given("po")
        self.change(6)
        self.assertEqual(self.documents(), [(6, "+60"), (20, "+55")])
        self.assertEqual(self.told(), [("decrease", 20, 12, 55, 55)])
        self.assertUnchanged()

    def test_f02_both_confirmed(self):
        """F02 with both confirmed: decrease MO 10→6 and PO 20→12 in one run; applied, quiet."""
        self.given("mo po")
        self.change(6)
        self.assertEqual(self.told(), [("decrease", 10, 6, 60, 60), ("decrease", 20, 12, 55, 55)])
        self.assertEqual(self.documents(), [(10, "+60"), (20, "+55")])
        self.assertUnchanged()
        self.apply_messages(self.fg, self.rm)
        self.assertEqual(self.documents(), [(6, "+60"), (12, "+55")])
        self.assertEqual(self.told() + self.proposed(), [])
        self.check_receipts(12)
        self.assertUnchanged()

    def test_f03_drafts(self):
        """F03: 10→6→12: MO 12 and RM 24 in all."""
        self.given()
        self.change(6)
        self.change(12)
        self.assertEqual((self.supplied(self.fg), self.supplied(self.rm)), (12, 24))
        self.assertEqual(self.told(), [])
        self.assertUnchanged()

    def test_f03_confirmed(self):
        """F03 with a confirmed PO, decrease not applied: PO 20 kept and a new buy 4."""
        self.given("po")
        self.change(6)
        self.change(12)
        self.assertEqual(self.po.product_qty, 20)
        self.assertEqual(self.supplied(self.fg), 12)
        self.assertEqual(self.supplied(self.rm), 24)
        self.assertEqual([line[:2] for line in self.plan(self.rm)], [("buy", 4.0)])
        self.assertEqual(self.told(), [])
        self.assertUnchanged()

    def test_f03_confirmed_and_applied(self):
        """F03, decrease applied before: PO 12 and a new buy 12: 24 in all."""
        self.given("mo po")
        self.change(6)
        self.apply_messages(self.fg, self.rm)
        self.change(12)
        self.assertEqual((self.supplied(self.fg), self.supplied(self.rm)), (12, 24))
        self.assertEqual(self.told(), [])
        self.assertUnchanged()

    def test_f04_drafts(self):
        """F04: SO cancelled: MO cancelled, PO line removed."""
        self.given()
        self.order._action_cancel()
        self.assertEqual(self.documents() + self.proposed() + self.told(), [])
        self.assertEqual(self.mo.state, "cancel")
        self.assertUnchanged()

    def test_f04_confirmed(self):
        """F04, both confirmed: messages cancel MO 10, cancel PO 20; nothing goes by itself."""
        self.given("mo po")
        self.order._action_cancel()
        self.assertEqual(self.told(), [("cancel", 10, 0, 60, 60), ("cancel", 20, 0, 55, 55)])
        self.assertEqual(self.documents(), [(10, "+60"), (20, "+55")])
        self.assertUnchanged()
        self.apply_messages(self.fg, self.rm)
        self.assertEqual(self.documents() + self.proposed() + self.told(), [])
        self.assertUnchanged()

    def test_f05_drafts(self):
        """F05: due +60→+100: MO end +100, PO +95."""
        self.given()
        self.change(due=100)
        self.assertEqual(self.documents(), [(10, "+100"), (20, "+95")])
        self.assertEqual(self._day(self.mo.date_start), "+95")
        self.assertEqual(self.told() + self.proposed(), [])
        self.assertEqual(self.promise(self.order), (100, 0))
        self.assertUnchanged()

    def test_f05_confirmed(self):
        """F05, both confirmed: postpone MO +60→+100 and PO +55→+95; applied, quiet."""
        self.given("mo po")
        self.change(due=100)
        self.assertEqual(self.told(), [("postpone", 10, 10, 60, 100), ("postpone", 20, 20, 55, 95)])
        self.apply_messages(self.fg, self.rm)
        self.assertEqual(self.documents(), [(10, "+100"), (20, "+95")])
        self.assertEqual(self.told() + self.proposed(), [])
        self.check_receipts(20)
        self.assertUnchanged()

    def test_f06_drafts(self):
        """F06: due +60→+50: MO +50, PO +45."""
        self.given()
        self.change(due=50)
        self.assertEqual(self.documents(), [(10, "+50"), (20, "+45")])
        self.assertEqual(self.told() + self.proposed(), [])
        self.assertEqual(self.promise(self.order), (50, 0))
        self.assertUnchanged()

    def test_f06_confirmed(self):
        """F06, both confirmed: expedite MO +60→+50 and PO +55→+45 in one run."""
        self.given("mo po")
        self.change(due=50)
        self.assertEqual(self.told(), [("expedite", 10, 10, 60, 50), ("expedite", 20, 20, 55, 45)])
        self.assertEqual(self.promise(self.order), (60, 10))
        self.apply_messages(self.fg, self.rm)
        self.assertEqual(self.documents(), [(10, "+50"), (20, "+45")])
        self.assertEqual(self.told(), [])
        self.assertEqual(self.promise(self.order), (50, 0))
        self.assertUnchanged()

    def lot_given(self, confirm):
        """MOQ 100, multiple 20; a PO of 160 made by the plan."""
        self.lot = self.make_product("F09", supply_multiple=20)
        self.add_vendor(self.lot, self.vendor_1, 1.0, 7, minimum=100)
        self.order = self.sell(self.lot, 160, 60)
        self.po = self.release_lines(self.lot).purchase_line_id
        if confirm:
            self.po.order_id.button_confirm()

    def test_f09_confirmed(self):
        """F09: MOQ 100, multiple 20; PO 160; need falls to 90: decrease 160→100, not 90."""
        self.lot_given(confirm=True)
        self.change(90)
        self.assertEqual(self.tell_messages(self.lot), [("decrease", 160, 100, 60, 60)])
        self.apply_messages(self.lot)
        self.assertEqual((self.po.product_qty, self._day(self.po.date_planned)), (100, "+60"))
        self.assertEqual(self.tell_messages(self.lot) + self.plan(self.lot), [])
        self.assertUnchanged()

    def test_f09_drafts(self):
        """F09 with a draft: it becomes 100; 115 needs 120."""
        self.lot_given(confirm=False)
        self.change(115)
        self.assertEqual(self.po.product_qty, 120)
        self.change(90)
        self.assertEqual((self.po.product_qty, self._day(self.po.date_planned)), (100, "+60"))
        self.assertEqual(self.tell_messages(self.lot) + self.plan(self.lot), [])
        self.assertUnchanged()

    def test_f11(self):
        """F11: SO 10→6, PO 10 @+20 with 4 received: decrease 10→6; at 2 never below 4."""
        product = self.make_product("F11", lead=7)
        order = self.sell(product, 10, 20)
        bought = self.release_lines(product).purchase_line_id
        bought.order_id.button_confirm()
        receipt = bought.order_id.picking_ids
        receipt.move_ids.write({"quantity": 4, "picked": True})
        receipt.with_context(skip_backorder=True).button_validate()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.tell_messages(product) + self.plan(product), [])
        order.order_line.product_uom_qty = 6
        self.assertEqual(self.tell_messages(product), [("decrease", 10, 6, 20, 20)])
        self.assertUnchanged()
        order.order_line.product_uom_qty = 2
        ((_kind, now, needed, _day, _needed_day),) = self.tell_messages(product)
        self.assertEqual((now, needed), (10, 4))
        self.apply_messages(product)
        self.assertEqual((bought.product_qty, bought.qty_received), (4, 4))
        self.assertEqual(self.tell_messages(product) + self.plan(product), [])
        self.assertUnchanged()

    def test_f14(self):
        """F14: PO cancelled: its need is planned exactly once; back to draft: plan 0."""
        self.given("mo po")
        self.po.order_id.button_cancel()
        self.assertEqual(self.plan(self.rm), [("buy", 20.0, 25, 55)])
        self.assertUnchanged()
        self.po.order_id.button_draft()
        self.assertEqual(self.plan(self.rm), [])
        self.assertUnchanged()
        self.assertEqual(self.supplied(self.rm), 20)

    def test_f15(self):
        """F15: SO MTO 3 and a reordering rule, scheduler twice: 3 bought, not 6."""
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.action_unarchive()
        product = self.make_product("F15", lead=5)
        product.route_ids = mto | self.env.ref("purchase_stock.route_warehouse0_buy")
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "warehouse_id": self.warehouse.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
            }
        )
        self.sell(product, 3, 30)
        self.release_lines(product)
        for _time in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)
            self.planner.run(self.warehouse.ids)
            self.assertEqual(self.bought(product).mapped("product_qty"), [3])
            self.assertEqual(self.plan(product), [])

    def test_f16(self):
        """F16: buyer edits the plan's PO 20→25: the run leaves 25 and reports the surplus 5."""
        self.given()
        self.po.product_qty = 25
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.po.product_qty, 25)
        ((kind, now, needed, _day, _needed_day),) = self.tell_messages(self.rm)
        self.assertEqual((kind, now, needed), ("decrease", 25, 20))
        self.assertEqual(self.plan(self.rm), [])
        self.assertUnchanged()
