from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestQuoting(SupplyCase):
    """Promises on quotations as people see them, and dates that were told."""

    def setUp(self):
        super().setUp()
        self.product = self.make_product("齿轮", stock=6, lead=10)
        self.seller = self.make_user("quoting_seller", "sales_team.group_sale_salesman")

    def _quote(self, quantity=4, due=None, **values):
        return self.quote(self.product, quantity, due, user_id=self.seller.id, **values)

    def _live(self, order):
        return order.order_line.promise_live

    def _wizard(self, orders, user=None):
        env = self.env["sale.promise.accept"].with_user(user or self.env.user)
        return env.with_context(default_order_ids=orders.ids).create({})

    # -- live -----------------------------------------------------------------------------------

    def test_live_while_typing(self):
        """An order that isn't saved: each row has its day, rows of one product share the stock."""
        form = Form(self.env["sale.order"].with_user(self.seller))
        form.partner_id = self.customer
        with form.order_line.new() as row:
            row.product_id = self.product
            row.product_uom_qty = 4
            self.assertEqual(row.promise_live["date"], str(self.today))
            self.assertEqual(row.promise_live["cause"], "stock")
        with form.order_line.new() as row:
            row.product_id = self.product
            row.product_uom_qty = 5
        self.assertEqual(form.promise_latest, self.day(10))
        order = form.save()
        first, second = (line.promise_live for line in order.order_line)
        self.assertEqual((first["date"], first["splits"][0]["quantity"]), (str(self.today), 4))
        self.assertEqual(second["date"], str(self.day(10)))
        self.assertEqual(second["cause"], "buy")
        self.assertEqual(
            second["splits"],
            [
                {"quantity": 2, "date": str(self.today)},
                {"quantity": 3, "date": str(self.day(10))},
            ],
        )
        self.assertFalse(
            self.env["supply.plan.line"].search([("product_id", "=", self.product.id)])
        )

    def test_late_for_the_wish(self):
        """A day after the one the customer asks for is counted as late, and may be taken over."""
        order = self._quote(9, due=4)
        self.assertEqual(self._live(order)["late_days"], 6)
        self.assertTrue(order.promise_differs)
        order.with_user(self.seller).action_use_promise_date()
        self.assertEqual(order._wished_day(), self.day(10))
        self.assertEqual((self._live(order)["late_days"], order.promise_differs), (0, False))

    def test_asked_once_for_all_lines(self):
        """Ten lines are planned in one go, saved or not."""
        order = self._quote()
        products = [self.make_product(f"P{number}", lead=3) for number in range(9)]
        order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": 2}) for product in products
        ]
        self.env.flush_all()
        asked = []

        def count(solve):
            def counted(planner, *args, **kwargs):
                asked.append(1)
                return solve(planner, *args, **kwargs)

            return counted

        model = type(self.planner)
        self.patch(model, "_solve", count(model._solve))
        order.invalidate_recordset()
        self.assertEqual(len([line for line in order.order_line if line.promise_live]), 10)
        self.assertEqual(len(asked), 1)
        copy = self.env["sale.order"].new(origin=order)
        self.assertEqual(len([line for line in copy.order_line if line.promise_live]), 10)
        self.assertEqual(len(asked), 2)

    def test_no_date(self):
        """Without a vendor there is no day, the order has none, and using it is refused."""
        order = self.quote(self.make_product("无供应商"), 3)
        live = self._live(order)
        self.assertEqual((live["date"], live["cause"]), (False, "none"))
        self.assertFalse(order.promise_latest)
        with self.assertRaises(UserError):
            order.action_use_promise_date()

    def test_confirmed_line_shows_promise_and_slip(self):
        """After the confirmation: what was promised, and by how much the plan is behind it."""
        order = self._quote(9)
        order.action_confirm()
        line = order.order_line
        self.assertEqual(line.promised_date, self.day(10))
        plan = self.lines(self.product)
        plan.action_approve()
        plan.action_release()
        purchase = plan.purchase_line_id
        purchase.order_id.button_confirm()
        purchase.write({"date_planned": self.noon(18)})
        self.planner.run(self.warehouse.ids)
        self.env.invalidate_all()
        live = line.promise_live
        self.assertTrue(live["confirmed"])
        self.assertEqual((live["promised"], live["date"]), (str(self.day(10)), str(self.day(18))))
        self.assertEqual(live["slip"], 8)

    def test_company_off(self):
        """A company that doesn't plan: nothing is computed, told or asked."""
        self.company.supply_planning = False
        order = self._quote(9)
        self.assertFalse(self._live(order))
        self.assertFalse(order.promise_latest)
        order.action_quotation_sent()
        self.assertFalse(order.order_line.promise_told_date)
        with self.assertRaises(UserError):
            order.action_reserve_promises()
        order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_cancelled_shows_nothing(self):
        """A cancelled quotation promises nothing."""
        order = self._quote()
        order._action_cancel()
        self.assertFalse(self._live(order))

    # -- told -----------------------------------------------------------------------------------

    def test_sent_is_told(self):
        """Sending writes the day of each line; before that nothing is told."""
        order = self._quote(9)
        self.assertFalse(order.order_line.promise_told_date)
        order.with_user(self.seller).action_quotation_sent()
        self.assertEqual(order.order_line.promise_told_date, self.day(10))

    def test_mailed_is_told(self):
        """The mail composer marks as sent; sent again, today's days are told again."""
        order = self._quote()
        self._mail(order)
        self.assertEqual((order.state, order.order_line.promise_told_date), ("sent", self.today))
        self.sell(self.product, 6, 0)
        order.with_context(mark_so_as_sent=True).message_post(body="note")
        self.assertEqual(order.order_line.promise_told_date, self.today)
        self._mail(order)
        self.assertEqual(order.order_line.promise_told_date, self.day(10))

    def _mail(self, order):
        action = order.action_quotation_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        composer.partner_ids = order.partner_id
        composer._action_send_mail()

    def test_worse_date_is_refused_by_rpc(self):
        """Told today, now in 10 days: neither confirming nor writing the state goes through."""
        order = self._quote()
        order.action_quotation_sent()
        self.sell(self.product, 6, 0)
        mine = order.with_user(self.seller)
        for context in ({}, {"send_email": True}, {"skip": True, "force": True}):
            with self.assertRaises(RedirectWarning) as caught:
                mine.with_context(**context).action_confirm()
        self.assertIn("齿轮", caught.exception.args[0])
        with self.assertRaises(RedirectWarning):
            mine.write({"state": "sale"})
        self.assertEqual(order.state, "sent")

    def test_worse_date_is_accepted(self):
        """The window lists line, told, now and reason; accepting leaves a trace and confirms."""
        order = self._quote()
        order.action_quotation_sent()
        self.sell(self.product, 6, 0)
        wizard = self._wizard(order, self.seller)
        line = wizard.line_ids
        self.assertEqual(
            (line.sale_line_id, line.told_date, line.new_date),
            (order.order_line, self.today, self.day(10)),
        )
        self.assertIn("10 days", line.reason)
        wizard.action_accept()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.promise_told_date, self.day(10))
        decision = (
            self.env["suite.decision"]
            .search([("res_model", "=", "sale.order"), ("res_id", "=", order.id)])
            .filtered(lambda rec: rec.kind == "supply.promise")
        )
        self.assertEqual((decision.outcome, decision.user_id), ("accepted", self.seller))
        self.assertTrue(order.message_ids.filtered(lambda msg: "Later dates" in (msg.body or "")))

    def test_even_worse_since_listed(self):
        """What became later still after the list was made isn't accepted unseen."""
        order = self._quote()
        order.action_quotation_sent()
        self.sell(self.product, 6, 0)
        wizard = self._wizard(order, self.seller)
        self.product.seller_ids.delay = 15
        with self.assertRaises(UserError):
            wizard.action_accept()
        self.assertEqual(order.state, "sent")

    def test_batch(self):
        """Of two orders one is later than told: both wait for the answer, then both go."""
        good = self.quote(self.make_product("别的", stock=5), 1, user_id=self.seller.id)
        order = self._quote()
        orders = good | order
        orders.action_quotation_sent()
        self.sell(self.product, 6, 0)
        with self.assertRaises(RedirectWarning):
            orders.with_user(self.seller).action_confirm()
        self._wizard(orders, self.seller).action_accept()
        self.assertEqual(set(orders.mapped("state")), {"sale"})

    def test_batch_asked_at_once(self):
        """Three orders are planned once; two that were told the same 6 in stock can't both have
        them: the older one does, the next takes what is left, and the last has to wait."""
        orders = self._quote() | self._quote() | self._quote(1)
        orders.action_quotation_sent()
        self.assertEqual(set(orders.order_line.mapped("promise_told_date")), {self.today})
        asked = []
        solve = type(self.planner)._solve

        def counted(planner, *args, **kwargs):
            asked.append(1)
            return solve(planner, *args, **kwargs)

        self.patch(type(self.planner), "_solve", counted)
        later = orders[::-1]._later_than_told()
        self.assertEqual(len(asked), 1)
        rows = [(order, row[1], row[2]) for order, lines in later.items() for row in lines]
        self.assertEqual(
            rows, [(order, self.today, self.day(10)) for order in (orders[1], orders[2])]
        )
        self._wizard(orders[::-1], self.seller).action_accept()
        dates = orders.order_line.mapped("promised_date")
        self.assertEqual(dates, [self.today, self.day(10), self.day(10)])

    def test_better_and_never_told(self):
        """Nothing to accept when nothing was told, or the day is the same or earlier."""
        never = self._quote(9)
        never.with_user(self.seller).action_confirm()
        better = self._quote(9)
        better.action_quotation_sent()
        self.put_in_stock(self.product, 20)
        better.with_user(self.seller).action_confirm()
        self.assertEqual((never.state, better.state), ("sale", "sale"))
        self.assertFalse(never.order_line.promise_told_date)

    def test_no_date_any_more(self):
        """A day was told and there is none now: that is worse, too."""
        order = self._quote(9)
        order.action_quotation_sent()
        self.product.seller_ids.unlink()
        with self.assertRaises(RedirectWarning):
            order.with_user(self.seller).action_confirm()
        self._wizard(order, self.seller).action_accept()
        self.assertEqual((order.state, order.order_line.promise_told_date), ("sale", False))

    def test_confirmed_without_anybody_to_ask(self):
        """An online payment confirms in any case: decision, note, one activity of the seller."""
        order = self._quote()
        order.action_quotation_sent()
        self.sell(self.product, 6, 0)
        order.sudo().action_confirm()
        self.assertEqual(order.state, "sale")
        activity = order.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.seller))
        self.assertEqual(order.order_line.promise_told_date, self.today)
        decisions = self.env["suite.decision"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertIn("later", decisions.mapped("outcome"))

    # -- rights ---------------------------------------------------------------------------------

    def test_fields_are_not_written_by_hand(self):
        """Neither a seller nor a customer writes what was told or reserved."""
        order = self._quote()
        for vals in (
            {"promise_told_date": self.day(90)},
            {"reserved_quantity": 4},
            {"reserved_until": self.noon(9)},
        ):
            with self.assertRaises(AccessError):
                order.order_line.with_user(self.seller).write(vals)
        with self.assertRaises(AccessError):
            order.with_user(self.seller).write({"reservation_activity_id": 1})

    def test_customers_see_days_only(self):
        """By RPC a customer gets the days of his order, no vendors, components or reasons."""
        order = self._quote(9)
        order.action_quotation_sent()
        contact = self.env["res.partner"].create({"name": "采购", "parent_id": self.customer.id})
        buyer = self.make_user("quoting_buyer", "base.group_portal")
        buyer.partner_id = contact
        mine = order.with_user(buyer)
        mine.invalidate_recordset()
        mine.order_line.invalidate_recordset()
        promise = mine.get_promises()[0]
        self.assertEqual(promise["date"], self.day(10))
        self.assertFalse(promise["driver"] or promise["earlier"] or promise["cause"])
        for name in ("promise_live", "promise_reason", "promise_data", "supply_peg_ids"):
            with self.assertRaises(AccessError, msg=name):
                mine.order_line.read([name])
        with self.assertRaises(AccessError):
            mine.read(["promise_condition"])
        with self.assertRaises(AccessError):
            mine.action_use_promise_date()
        with self.assertRaises(AccessError):
            mine.action_reserve_promises()
