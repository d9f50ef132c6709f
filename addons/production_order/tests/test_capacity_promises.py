from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..engine import capacity_promises
from .capacity_case import CapacityCase


@tagged("post_install", "-at_install")
class TestCapacityPromises(CapacityCase):
    """What full work centres do to promises, where the company wants that."""

    def fill(self, hours):
        """Confirmed production of other goods that is due tomorrow already."""
        if "filler" not in self.env.context:
            filler = self.env["product.product"].search([("name", "=", "占用")])
            filler = filler or self.made("占用", 1, (self.lathe, 60))
        return self.production(filler, hours, 1)

    def test_full_centre_delays_the_promise_and_is_named(self):
        """40 hours of other work fill today and the next four days. 8 hours wanted in two days
        come on day +5: three days late, because the lathe is full until then."""
        product = self.made("迟到", 1, (self.lathe, 60))
        self.fill(40)
        order = self.sell(product, 8, 2)
        self.assertEqual(self.promise(order), (5, 3, "capacity"))
        self.assertEqual(
            order.order_line.promise_data,
            ["capacity", product.id, [self.lathe.id, str(self.day(5))], []],
        )
        self.assertIn("车床 is full until", order.order_line.promise_reason)
        self.assertEqual(self.jobs(product), [("车床", 5, 5, 5, 3)])
        job = self.env["supply.job"].search([("product_id", "=", product.id)])
        self.assertEqual(job.delayed_by_id, self.lathe)
        self.assertIn("车床", job.delay_reason)
        seller = self.make_user("capacity_seller", "sales_team.group_sale_salesman_all_leads")
        self.assertIn("车床 is full until", order.order_line.with_user(seller).promise_reason)

    def test_switched_off_nothing(self):
        """The plan's promise stays, and the run asks nothing of work centres."""
        self.company.supply_capacity = False
        product = self.made("照常", 1, (self.lathe, 60))
        self.fill(40)
        order = self.sell(product, 8, 2)
        self.assertEqual(self.promise(order), (2, 0, "make_lead"))
        self.assertFalse(self.env["supply.job"].search([("product_id", "=", product.id)]))
        self.assertEqual(self.quoted(product, 8), 1)

    def test_switch_on_and_off_again(self):
        self.company.supply_capacity = False
        product = self.made("开关", 1, (self.lathe, 60))
        self.fill(40)
        order = self.sell(product, 8, 2)
        self.company.supply_capacity = True
        self.refresh()
        self.assertEqual(self.promise(order), (5, 3, "capacity"))
        self.company.supply_capacity = False
        self.refresh()
        self.assertEqual(self.promise(order), (2, 0, "make_lead"))
        self.assertEqual(self.load(self.lathe, "firm_hours"), 40, "the picture stays")

    def test_later_order_moves_another_promise(self):
        """An order that is due earlier takes the hours: the promise of the first one moves in the
        same act, although its product isn't in the run."""
        first, second = (self.made(name, 1, (self.lathe, 60)) for name in ("先", "后"))
        slow = self.sell(first, 40, 6)
        self.assertEqual(self.promise(slow)[:2], (6, 0))
        self.sell(second, 40, 5)
        self.assertEqual(self.promise(slow), (9, 3, "capacity"))
        self.assertUnchanged()
        self.assertEqual(self.promise(slow), (9, 3, "capacity"))

    def test_component_delays_its_parent(self):
        """The full centre makes the component; the order waits for both levels, and the chain
        names them: parent start is component finish."""
        part = self.made("部件", 2, (self.lathe, 60))
        product = self.made("成品", 2, (self.centre("装配"), 60), components=[(part, 1)])
        self.fill(48)
        order = self.sell(product, 8, 4)
        # the lathe is free on day +6, assembly takes its two days of lead time from there
        self.assertEqual(self.promise(order), (8, 4, "capacity"))
        self.assertEqual(order.order_line.promise_data[1], part.id)
        self.assertEqual(order.order_line.promise_data[3], [product.id])
        self.assertEqual(self.jobs(part), [("车床", 6, 6, 6, 4)])

    def test_release_and_confirmation_keep_the_promise(self):
        product = self.made("释放", 1, (self.lathe, 60))
        self.fill(40)
        order = self.sell(product, 8, 2)
        self.release(product)
        self.planner._plan_changes()
        self.refresh()
        self.assertEqual(self.promise(order), (5, 3, "capacity"))

    def test_net_change_equals_full_run(self):
        """Load, jobs and promises are the same after each net change and after a full run, and a
        full run after that writes nothing."""
        part = self.made("件", 1, (self.lathe, 30))
        goods = [
            self.made(name, 2, (self.centre(f"机{name}"), 60), components=[(part, 1)])
            for name in ("甲", "乙", "丙")
        ]
        self.fill(20)
        orders = [
            self.sell(product, quantity, due)
            for product, quantity, due in zip(goods, (30, 20, 50), (4, 3, 6), strict=True)
        ]
        orders[1].order_line.product_uom_qty = 45
        orders[2].commitment_date = self.noon(3)
        orders.append(self.sell(goods[0], 12, 9))
        orders[0]._action_cancel()
        self.planner._plan_changes()
        self.refresh()
        before = self.stored_capacity()
        self.assertTrue(any("capacity" in text for text in before))
        self.assertUnchanged()
        self.refresh()
        self.assertEqual(self.stored_capacity(), before)
        # and from nothing at all
        self.env.cr.execute("DELETE FROM supply_load")
        self.env.cr.execute("DELETE FROM supply_job")
        self.refresh()

        def without_ids(texts):
            return sorted(text.split(",", 1)[-1] for text in texts)

        self.assertEqual(without_ids(self.stored_capacity()), without_ids(before))

    def test_only_companies_with_the_switch_pay(self):
        product = self.made("查询", 1, (self.lathe, 60))
        self.sell(product, 1, 9)
        queries = {}
        for switch in (False, True):
            self.company.supply_capacity = switch
            self.env.flush_all()
            self.env.cr.execute("DELETE FROM supply_change")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.sell(product, 1, 9)
            queries[switch] = self.env.cr.sql_log_count - before
        self.assertLess(queries[False], queries[True])
        self.assertLess(queries[True] - queries[False], 40)

    # -- quotations -----------------------------------------------------------------------------

    def quoted(self, *lines):
        """Offset of the capacity's end for quantities of products, asked one after the other."""
        pairs = [lines] if not isinstance(lines[0], tuple) else lines
        products = [product for product, _quantity in pairs]
        scope = self.planner.sudo()._solve(self.warehouse.ids, [one.id for one in products])
        result = []
        for product, quantity in pairs:
            item = scope.items[self.warehouse.id, product.id]
            if scope.capacity is None:
                end = self.today.toordinal() + item.recipe.lead
            else:
                end, _why = scope.capacity.end(
                    item, item.recipe, scope.units(quantity), self.today.toordinal()
                )
            result.append(end - self.today.toordinal())
        return result[0] if len(result) == 1 else result

    def test_quote_on_a_full_centre(self):
        """40 hours are taken from today: 8 hours of a quotation are done on day +5, with nothing
        else there after the lead time of a day."""
        product = self.made("报价", 1, (self.lathe, 60))
        self.refresh()
        self.assertEqual(self.quoted(product, 8), 1)
        self.fill(40)
        self.refresh()
        self.assertEqual(self.quoted(product, 8), 5)

    def test_lines_of_a_quotation_use_up_hours(self):
        product = self.made("行一", 1, (self.lathe, 60))
        other = self.made("行二", 1, (self.lathe, 60))
        self.fill(8)
        self.refresh()
        self.assertEqual(self.quoted((product, 16), (other, 12), (product, 1)), [2, 4, 4])

    def test_what_was_only_tried_is_given_back(self):
        """The promise tries several ways: back to a mark, the hours are free again."""
        product = self.made("只问", 1, (self.lathe, 60))
        self.fill(8)
        self.refresh()
        scope = self.planner.sudo()._solve(self.warehouse.ids, product.ids)
        item = scope.items[self.warehouse.id, product.id]
        today, size = self.today.toordinal(), scope.units(16)

        def ask():
            day, (centre, _full) = scope.capacity.end(item, item.recipe, size, today)
            return day - today, centre

        mark = scope.capacity.mark()
        first = ask()
        scope.capacity.back_to(mark)
        self.assertEqual([first, ask(), ask()], [(2, self.lathe.id)] * 2 + [(4, self.lathe.id)])

    def test_quotation_tells_the_full_centre(self):
        """The promise of a quotation is the day of free hours and names who is full; a second
        line comes after the first one."""
        product = self.made("报期", 1, (self.lathe, 60))
        self.fill(40)
        self.refresh()
        order = self.quote(product, 8)
        order.order_line.copy({"order_id": order.id})
        first, second = order.get_promises()
        self.assertEqual(self.offset(first["date"]), 5)
        self.assertEqual(self.offset(second["date"]), 6)
        self.assertIn("车床 is full until", first["driver"])

    def test_own_plan_does_not_push_a_quotation(self):
        """5 pieces of 8 hours are told for day +5. Reserved and planned for, the same quotation
        still says that day; so does another, until one is ordered."""
        product = self.made("自己", 1, (self.lathe, 480))
        self.refresh()
        order, other = self.quote(product, 5), self.quote(product, 5)

        def told(order):
            return self.offset(order.get_promises()[0]["date"])

        first = told(order)
        self.assertEqual(first, self.quoted(product, 5))
        self.company.supply_reservation_days = 5
        order.action_reserve_promises()
        self.planner._plan_changes()
        self.assertEqual((told(order), told(other)), (first, first))
        self.patch(type(self.env["suite.outlook"]), "_held_orders", lambda *_args: order.ids)
        self.company.supply_plan_holds = True
        self.planner.run(self.warehouse.ids)
        self.refresh()
        self.assertEqual(self.load(self.lathe, "tentative_hours"), 40)
        self.assertEqual((told(order), told(other)), (first, first))
        order.action_confirm()
        self.refresh()
        self.assertGreater(told(other), first)

    def test_told_lines_by_their_index(self):
        """The few promises that are later by capacity are found without reading all lines."""
        product = self.made("索引", 1, (self.lathe, 60))
        self.fill(40)
        order = self.sell(product, 8, 2)
        self.sell(product, 1, 60)
        self.env.flush_all()
        self.assertEqual(
            capacity_promises.told_lines(self.env.cr, self.company.id), {order.order_line.id}
        )
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute(
            "EXPLAIN SELECT id FROM sale_order_line WHERE company_id = %s"
            " AND promise_data ->> 0 = 'capacity'",
            [self.company.id],
        )
        self.assertIn("_capacity_promise_idx", str(self.env.cr.fetchall()))

    def test_working_hours_are_laid_out_once(self):
        """A second confirmation asks no calendar again; a day off is seen at once all the same."""
        product = self.made("日历", 1, (self.lathe, 60))
        self.sell(product, 8, 9)
        calendars = self.env.registry["resource.calendar"]
        with patch.object(
            calendars, "_work_intervals_batch", side_effect=AssertionError("laid out again")
        ):
            self.sell(product, 8, 9)
        self.assertEqual(self.minutes(self.lathe, 0, 1, 2), [480, 480, 480])
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "休",
                "calendar_id": self.calendar.id,
                "company_id": self.company.id,
                "date_from": self.noon(1) - timedelta(hours=12),
                "date_to": self.noon(1) + timedelta(hours=11),
            }
        )
        self.assertEqual(self.minutes(self.lathe, 0, 1, 2), [480, 0, 480])
        leave.resource_id = self.centre("另").resource_id
        self.assertEqual(self.minutes(self.lathe, 0, 1, 2), [480, 480, 480])
        self.calendar.attendance_ids.filtered(lambda one: one.day_period == "lunch").unlink()
        self.calendar.attendance_ids.filtered(lambda one: one.hour_to == 17).hour_to = 15
        self.assertEqual(self.minutes(self.lathe, 0, 1, 2), [360, 360, 360])

    def test_without_operations_the_lead_time(self):
        product = self.made("无工序", 7)
        self.refresh()
        self.assertEqual(self.quoted(product, 1000), 7)

    def test_later_of_lead_time_and_capacity(self):
        product = self.made("交期长", 7, (self.lathe, 60))
        self.refresh()
        self.assertEqual(self.quoted(product, 8), 7)
        self.assertEqual(self.quoted(product, 80), 9)
