"""Delivery risk of open orders: points by cause, from what is stored."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.inventory_link.engine import risk

from .scenario import ScenarioCase
from .test_keeping_slips import KeepingMixin


@tagged("post_install", "-at_install")
class TestRisk(KeepingMixin, ScenarioCase):
    def judged(self, order, as_of=None):
        """``(level, points, {code: points})`` as of a day."""
        level, points, causes = order._delivery_risks(as_of or self.today)[order.id]
        return level, points, {cause["code"]: cause["points"] for cause in causes or ()}

    def receipts(self, vendor, lateness):
        """One receipt of the vendor for each number of days late, in the last weeks."""
        product = self.make_product("历史件", lead=1)
        for number, days in enumerate(lateness):
            purchase = self.purchase(product, 1, 3, vendor=vendor)
            picking = purchase.picking_ids
            picking.move_ids.quantity = 1
            picking.move_ids.picked = True
            picking.button_validate()
            done = self.noon(-20 - number)
            picking.move_ids.date = done
            promised = done - timedelta(days=days)
            purchase.order_line.date_planned = promised
            purchase.order_line.sudo().date_promised_first = promised.date()
        self.env.flush_all()

    def test_from_stock_is_low(self):
        """Goods in stock: no cause at all."""
        product = self.make_product("现货", stock=10)
        order = self.sell(product, 10, 20)
        self.promise_now(order)
        self.assertEqual(self.judged(order), ("low", 0, {}))

    def test_slipped_promise_is_high(self):
        """Later than promised: 100 points, and the reader finds why and what would help."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 35)
        level, _points, causes = self.judged(order)
        self.assertEqual((level, causes["late"]), ("high", 100))
        order._update_delivery_risk()
        self.assertEqual(order.delivery_risk, "high")
        self.assertIn("15", order.delivery_risk_causes)
        self.assertTrue(order.delivery_risk_fix)

    def test_record_of_the_vendor_against_slack(self):
        """The purchase may slip by 5 days. Of 4 receipts 2 came 6 days late, one 5, one in time:
        half of 100 points."""
        self.receipts(self.vendor_1, [6, 6, 5, 0])
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=15)
        self.assertEqual(self.judged(order), ("middle", 50, {"vendor": 50}))

    def test_moved_purchases_make_nobody_punctual(self):
        """The buyer moved each day to the one on which the goods came: what was promised first
        counts. Without a first day the planned one does."""
        self.receipts(self.vendor_1, [6, 6, 5, 0])
        lines = self.env["purchase.order.line"].search([("partner_id", "=", self.vendor_1.id)])
        for line in lines:
            line.date_planned = line.move_ids.date
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=15)
        self.assertEqual(self.judged(order), ("middle", 50, {"vendor": 50}))
        lines.sudo().date_promised_first = False
        self.env.flush_all()
        self.assertEqual(self.judged(order), ("low", 0, {}))

    def test_parts_of_a_line_are_one_receipt(self):
        """One line of 3 that came in three late parts, and one that came in time, are two: no
        record. With one more in time it is one of three."""
        self.receipts(self.vendor_1, [9, 0])
        line = self.env["purchase.order.line"].search(
            [("partner_id", "=", self.vendor_1.id)], order="id", limit=1
        )
        for days in (1, 2):
            move = line.move_ids[0].copy({"purchase_line_id": line.id})
            move.write({"state": "done", "date": line.move_ids[0].date - timedelta(days=days)})
        self.env.flush_all()
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=15)
        self.assertEqual(self.judged(order), ("low", 0, {}))
        self.receipts(self.vendor_1, [0])
        self.assertEqual(self.judged(order), ("low", 33, {"vendor": 33}))

    def test_few_receipts_say_nothing(self):
        """Two receipts aren't a record."""
        self.receipts(self.vendor_1, [30, 30])
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=15)
        self.assertEqual(self.judged(order), ("low", 0, {}))

    def test_later_receipts_are_not_known(self):
        """As of a day before the receipts there is no record."""
        self.receipts(self.vendor_1, [6, 6, 5, 0])
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=15)
        self.assertEqual(self.judged(order, self.day(-40)), ("low", 0, {}))

    def test_overdue_purchase(self):
        """A purchase that should have come three days ago: 75 points, high."""
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=10)
        level, points, causes = self.judged(order, self.day(13))
        self.assertEqual((level, points, causes), ("high", 75, {"purchase_overdue": 75}))

    def test_request_that_is_not_confirmed(self):
        """A request that may slip by 2 days: 15 points, low alone."""
        product = self.make_product("询价件", lead=30)
        self.purchase(product, 10, 18, confirm=False).order_line.supply_locked = True
        order = self.sell(product, 10, 20)
        self.promise_now(order)
        self.assertEqual(self.judged(order), ("low", 15, {"unconfirmed": 15}))

    def test_to_be_ordered_today(self):
        """What has to be ordered today and may not slip: 20 points."""
        product = self.make_product("今天订", lead=20)
        order = self.sell(product, 10, 20)
        self.promise_now(order)
        self.assertEqual(self.judged(order), ("low", 20, {"order_now": 20}))

    def test_run_twice_writes_nothing(self):
        """The hourly look at the same facts leaves every row as it was."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 35)
        self.env["sale.order"]._update_waiting_risks()
        self.assertEqual(order.delivery_risk, "high")
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin::text FROM sale_order WHERE id = %s", (order.id,))
        before = self.env.cr.fetchone()
        order._update_delivery_risk()
        self.env["sale.order"]._with_open_risk()._update_delivery_risk()
        self.env.cr.execute("SELECT xmin::text FROM sale_order WHERE id = %s", (order.id,))
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_cancelled_order_has_none(self):
        """A cancelled order is no risk."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 35)
        order._update_delivery_risk()
        order._action_cancel()
        self.env["sale.order"]._update_waiting_risks()
        self.assertFalse(order.delivery_risk)
        self.assertFalse(order.delivery_risk_points)

    def test_number_of_statements(self):
        """30 orders are judged with the statements of one."""
        product = self.make_product("多单", lead=20)
        orders = self.confirm_all([self.quote(product, 1, 20) for _each in range(30)])
        self.promise_now(*orders)
        self.env.flush_all()
        counts = []
        for some in (orders[:1], orders):
            some._delivery_risks(self.today)
            start = self.env.cr.sql_log_count
            some._delivery_risks(self.today)
            counts.append(self.env.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 10)

    def test_search_group_and_rights(self):
        """Searchable, groupable, not to be written; salespeople see their own orders."""
        seller = self.make_user("risk_seller", "sales_team.group_sale_salesman")
        _product, purchase, order = self.sold_on_purchase()
        order.user_id = seller
        self.move_purchase(purchase, 35)
        order._update_delivery_risk()
        model = self.env["sale.order"].with_user(seller)
        self.assertEqual(model.search([("delivery_risk", "=", "high")]), order)
        groups = model._read_group([("id", "=", order.id)], ["delivery_risk"], ["__count"])
        self.assertEqual(groups, [("high", 1)])
        with self.assertRaises(AccessError):
            order.with_user(seller).delivery_risk = "low"
        other = self.make_user("risk_other", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            order.with_user(other).action_update_delivery_risk()
        self.assertTrue(order.with_user(seller).delivery_risk_causes)

    def test_two_companies(self):
        """Receipts of another company aren't this one's record."""
        self.receipts(self.vendor_1, [6, 6, 5, 0])
        _product, _purchase, order = self.sold_on_purchase(due=20, comes=15)
        other = self.env["res.company"].sudo().create({"name": "另一家"})
        self.env.cr.execute(
            "UPDATE purchase_order SET company_id = %s WHERE id IN (SELECT order_id FROM"
            " purchase_order_line l JOIN stock_move m ON m.purchase_line_id = l.id"
            " AND m.state = 'done')",
            (other.id,),
        )
        self.assertEqual(self.judged(order), ("low", 0, {}))

    def test_levels(self):
        """The thresholds are 50 and 75; of one cause the worst counts once."""
        self.assertEqual([risk.level(points) for points in (0, 49, 50, 74, 75)], [
            "low", "low", "middle", "middle", "high",
        ])  # fmt: skip
        found = risk.Risk()
        found.add("vendor", 10)
        found.add("vendor", 60)
        found.add("vendor", 20)
        found.add("expedite", 4)
        self.assertEqual((found.points, found.level), (60, "middle"))

    def test_lines_of_several_orders(self):
        """Each order has its own causes, though they share a purchase."""
        product = self.make_product("共用", lead=30)
        purchase = self.purchase(product, 10, 15)
        purchase.order_line.supply_locked = True
        near, far = self.sell(product, 5, 16), self.sell(product, 5, 60)
        self.promise_now(near, far)
        self.receipts(self.vendor_1, [3, 3, 0, 0])
        self.assertEqual(self.judged(near), ("middle", 50, {"vendor": 50}))
        self.assertEqual(self.judged(far), ("low", 0, {}))
