from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..engine.capacity_times import Routings
from .capacity_case import CapacityCase


@tagged("post_install", "-at_install")
class TestCapacity(CapacityCase):
    """Hours of work centres, hours of their work, and what is stored of both."""

    # -- working hours --------------------------------------------------------------------------

    def test_lunch_isnt_worked(self):
        self.assertEqual(self.minutes(self.lathe, 0, 1, 6), [480, 480, 480])

    def test_two_shifts(self):
        self.lathe.resource_calendar_id = self.make_calendar("两班", (6, 14), (14, 22))
        self.assertEqual(self.minutes(self.lathe, 1), [960])

    def test_own_days_off_and_those_of_all(self):
        """A leave of one machine is its own; a holiday of the company is everybody's; one of
        another company is nobody's here."""
        drill = self.centre("钻床")
        leaves = self.env["resource.calendar.leaves"]
        leaves.create(
            {
                "name": "检修",
                "resource_id": self.lathe.resource_id.id,
                "calendar_id": self.calendar.id,
                "date_from": self.noon(2),
                "date_to": self.noon(3),
            }
        )
        leaves.create(
            {
                "name": "节日",
                "company_id": self.company.id,
                "calendar_id": self.calendar.id,
                "date_from": self.noon(5),
                "date_to": self.noon(6),
            }
        )
        other = self.env["res.company"].create({"name": "别家"})
        elsewhere = leaves.with_company(other).create(
            {
                "name": "别家节日",
                "date_from": self.noon(8),
                "date_to": self.noon(9),
            }
        )
        elsewhere.flush_recordset()
        days = (1, 2, 3, 4, 5, 6, 7, 8)
        self.assertEqual(self.minutes(self.lathe, *days), [480, 240, 240, 480, 240, 240, 480, 480])
        self.assertEqual(self.minutes(drill, *days), [480, 480, 480, 480, 240, 240, 480, 480])

    def test_days_are_those_of_the_company(self):
        """A night shift counted in another time zone falls on two days here."""
        calendar = self.make_calendar("夜", (10, 18))
        calendar.tz = "Europe/London"
        self.lathe.resource_calendar_id = calendar
        first, second = self.minutes(self.lathe, 1, 2)
        self.assertEqual(first + second, 960)
        self.assertEqual(first, 480)
        rows = self.lathe._supply_minutes(
            self.today.toordinal() + 1, self.today.toordinal() + 1, "Asia/Shanghai"
        )
        self.assertEqual(sum(rows[self.lathe.id].values()), 480)

    def test_without_calendar_every_hour(self):
        self.lathe.resource_calendar_id = False
        self.assertEqual(self.minutes(self.lathe, 0, 3), [1440, 1440])

    # -- duration of work -----------------------------------------------------------------------

    def assertAsOdoo(self, product, quantity):
        """The minutes of a plan line are those that its work orders will have."""
        bill = product.bom_ids
        self.env.flush_all()
        planned = Routings(self.env.cr, {bill.id}, {product.id}).of(bill.id, product.id, quantity)
        production = self.production(product, quantity, 5)
        self.env.flush_all()
        self.assertEqual(
            [(operation.centre, operation.minutes) for operation in planned],
            [
                (order.workcenter_id.id, round(order.duration_expected))
                for order in production.workorder_ids.sorted("sequence")
            ],
        )
        return [operation.minutes for operation in planned]

    def test_efficiency_makes_work_longer(self):
        """At 80 % one hour of work takes 75 minutes of the clock: counted once, not in the
        capacity as well."""
        self.lathe.time_efficiency = 80
        product = self.made("八成", 3, (self.lathe, 60))
        self.assertEqual(self.assertAsOdoo(product, 4), [300])
        self.assertEqual(self.minutes(self.lathe, 1), [480])

    def test_setup_cleanup_and_parallel_pieces(self):
        """Ovens take 5 pieces at once: 12 pieces are 3 rounds, with 10 + 5 minutes around."""
        self.lathe.write({"time_start": 7, "time_stop": 7})
        product = self.made("炉件", 3, (self.lathe, 60), (self.centre("手工"), 5))
        self.lathe.capacity_ids = [
            Command.create(
                {"product_id": product.id, "capacity": 5, "time_start": 10, "time_stop": 5}
            )
        ]
        self.assertEqual(self.assertAsOdoo(product, 12), [195, 60])

    def test_bill_for_several_pieces(self):
        """An operation of a bill for 10 pieces makes 10 at once: 25 pieces are 3 rounds."""
        product = self.made("十件", 3, (self.lathe, 30))
        product.bom_ids.product_qty = 10
        self.assertEqual(self.assertAsOdoo(product, 25), [90])

    def test_operations_of_kits(self):
        """Work on a kit inside is work of the production, as in Odoo."""
        kit, part = self.make_product("套件"), self.make_product("零件", stock=100)
        self.bom(
            kit,
            0,
            (part, 1),
            kind="phantom",
            operation_ids=[
                Command.create(
                    {"name": "组套", "workcenter_id": self.lathe.id, "time_cycle_manual": 10}
                )
            ],
        )
        product = self.made("带套件", 3, (self.lathe, 20), components=[(kit, 1)])
        self.assertEqual(self.assertAsOdoo(product, 3), [30, 60])

    # -- load -----------------------------------------------------------------------------------

    def test_blocked_work_orders_count(self):
        """Two operations of 10 hours, the second one waits for the first: 20 hours, not the 10
        that Odoo's own chart shows."""
        product = self.made("两道", 5, (self.lathe, 600), (self.lathe, 600))
        production = self.production(product, 1, 5)
        self.env.flush_all()
        self.assertEqual(production.workorder_ids.mapped("state"), ["ready", "blocked"])
        self.refresh()
        self.assertEqual(self.load(self.lathe, "firm_hours"), 20)
        self.assertEqual(self.load(self.lathe, "planned_hours"), 20)
        # 20 hours before the fifth day: 8, 8 and 4
        self.assertEqual(self.jobs(product), [("车床", 2, 3, 5, 0), ("车床", 3, 4, 5, 0)])

    def test_booked_time_is_done(self):
        product = self.made("在制", 5, (self.lathe, 600))
        production = self.production(product, 1, 5)
        production.workorder_ids.duration = 150
        self.refresh()
        self.assertEqual(self.load(self.lathe, "firm_hours"), 7.5)

    def test_kinds_of_work(self):
        """Plan lines and drafts of the plan are proposed, what is confirmed is firm, what is for
        orders that may come is tentative. Drafts count as in the plan, cancelled ones don't."""
        product = self.made("三种", 2, (self.lathe, 60))
        self.sell(product, 3, 20)
        self.assertEqual(self.load(self.lathe, "proposed_hours"), 3)
        self.release(product)
        self.refresh()
        self.assertEqual(self.load(self.lathe, "proposed_hours"), 3, "as a draft")
        production = self.env["mrp.production"].search([("product_id", "=", product.id)])
        production.action_confirm()
        by_hand = self.production(product, 7, 10, confirm=False)
        self.refresh()
        self.assertEqual(self.load(self.lathe, "proposed_hours"), 7)
        by_hand.action_cancel()
        self.assertEqual(self.load(self.lathe, "firm_hours"), 3)
        self.company.supply_quotation_probability = 1
        quote = self.quote(product, 5, 40)
        self.patch(type(self.env["suite.outlook"]), "_probable_orders", lambda *_args: quote.ids)
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.load(self.lathe, "tentative_hours"), 5)
        self.assertEqual(self.load(self.lathe, "required_hours"), 3)
        production.action_cancel()
        self.planner._plan_changes()
        self.refresh()
        self.assertEqual(self.load(self.lathe, "firm_hours"), 0)

    def test_overload_by_week_and_free_hours(self):
        """100 hours on the last day before they are due, in a week that works 56: 44 too much,
        in whichever week the day is; the finite plan spreads them."""
        product = self.made("超载", 1, (self.lathe, 60))
        due = 22 - (self.day(22).weekday())  # a Monday at least two weeks from now
        self.sell(product, 100, due)
        rows = self.env["supply.load"].search(
            [("workcenter_id", "=", self.lathe.id), ("required_hours", ">", 0)]
        )
        self.assertEqual(rows.mapped("required_hours"), [100])
        self.assertEqual(rows.mapped("capacity_hours"), [56])
        self.assertEqual(rows.mapped("overload_hours"), [44])
        self.assertEqual(rows.mapped("load_percent"), [100 * 100 / 56])
        self.assertEqual(self.load(self.lathe, "planned_hours"), 100)
        self.assertEqual(rows.mapped("free_hours"), [0])
        parts = self.env["supply.load.part"].search([("load_id", "=", rows.id), ("hours", ">", 0)])
        self.assertEqual(
            parts.mapped(lambda part: (part.kind, part.hours)),
            [("proposed", 56), ("overload", 44)],
        )
        self.assertEqual(self.lathe.supply_overload_hours, 44)
        self.assertEqual(self.lathe.supply_overload_date, rows.date)
        action = rows.action_view_jobs()
        self.assertEqual(self.env["supply.job"].search(action["domain"]).mapped("quantity"), [100])

    def test_groups_of_weeks(self):
        """Jobs and load can be grouped by work centre and week, as the screens do."""
        product = self.made("分组", 2, (self.lathe, 60), (self.centre("钻床"), 30))
        self.sell(product, 4, 20)
        groups = self.env["supply.job"]._read_group(
            [("product_id", "=", product.id)],
            ["workcenter_id", "start_date:week"],
            ["hours:sum", "__count"],
        )
        self.assertEqual(
            sorted((centre.name, hours, count) for centre, _week, hours, count in groups),
            [("车床", 4, 1), ("钻床", 2, 1)],
        )
        parts = self.env["supply.load.part"].formatted_read_group(
            [
                ("workcenter_id", "=", self.lathe.id),
                ("kind", "=", "proposed"),
                ("hours", ">", 0),
            ],
            ["date:week", "kind"],
            ["hours:sum"],
        )
        self.assertEqual([group["hours:sum"] for group in parts], [4])

    def test_nothing_new_writes_nothing(self):
        product = self.made("稳定", 2, (self.lathe, 60))
        self.sell(product, 40, 6)
        self.refresh()
        before = self.stored_capacity()
        self.env.cr.execute("SELECT sum(version) FROM supply_planner")
        version = self.env.cr.fetchone()
        self.refresh()
        self.assertEqual(self.stored_capacity(), before)
        self.env.cr.execute("SELECT sum(version) FROM supply_planner")
        self.assertEqual(self.env.cr.fetchone(), version, "no write, so nobody has to wait")

    def test_queries_dont_depend_on_the_number_of_jobs(self):
        product = self.made("许多", 2, (self.lathe, 10))
        self.production(product, 1, 5)
        self.refresh()

        def queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.refresh()
            return self.env.cr.sql_log_count - before

        few = queries()
        for number in range(12):
            self.production(product, 2, 5 + number)
        self.refresh()
        self.assertLessEqual(queries(), few)
        self.assertLess(few, 40)

    # -- who and where --------------------------------------------------------------------------

    def test_other_companies(self):
        """The work of one company takes no hour of another; its users don't see each other's."""
        other = self.env["res.company"].create({"name": "别家", "supply_planning": True})
        centre = self.centre("别家车床", company_id=other.id, resource_calendar_id=False)
        product = self.made("本家", 2, (self.lathe, 60))
        self.sell(product, 4, 10)
        self.planner.sudo()._refresh_capacity(other)
        self.assertEqual(self.load(centre.sudo(), "required_hours"), 0)
        user = self.make_user("capacity_worker", "mrp.group_mrp_user")
        seen = self.env["supply.load"].with_user(user).search([])
        self.assertEqual(seen.company_id, self.company)
        parts = self.env["supply.load.part"].with_user(user).search([])
        self.assertEqual(parts.company_id, self.company)
        self.assertEqual(self.env["supply.job"].with_user(user).search([]).company_id, self.company)

    def test_rights(self):
        """Production and planners read; nobody writes; others see nothing."""
        product = self.made("权限", 2, (self.lathe, 60))
        self.sell(product, 4, 10)
        worker = self.make_user("capacity_worker", "mrp.group_mrp_user")
        job = self.env["supply.job"].search([("product_id", "=", product.id)])
        self.assertEqual(job.with_user(worker).action_open()["res_model"], "supply.plan.line")
        self.assertTrue(job.with_user(worker).order_names)
        load = self.env["supply.load"].search([("workcenter_id", "=", self.lathe.id)], limit=1)
        for record in (job, load):
            with self.assertRaises(AccessError):
                record.with_user(worker).write({"company_id": self.company.id})
        seller = self.make_user("capacity_seller", "sales_team.group_sale_salesman")
        for record, name in ((job, "action_open"), (load, "action_view_jobs")):
            with self.assertRaises(AccessError):
                getattr(record.with_user(seller), name)()
        with self.assertRaises(AccessError):
            self.lathe.with_user(seller).action_view_supply_load()

    def test_answers_from_the_jobs(self):
        """A planner approves the plan lines of jobs together; a worker of another trade can't."""
        product = self.made("批准", 2, (self.lathe, 60), (self.lathe, 30))
        self.sell(product, 4, 10)
        jobs = self.env["supply.job"].search([("product_id", "=", product.id)])
        self.assertEqual(len(jobs), 2)
        buyer = self.make_user("capacity_buyer", "purchase.group_purchase_user")
        with self.assertRaises(AccessError):
            jobs.with_user(buyer).action_approve()
        jobs.with_user(self.make_user("capacity_worker", "mrp.group_mrp_user")).action_approve()
        self.assertEqual(self.lines(product).mapped("state"), ["approved"])

    def test_day_by_capacity_on_the_documents(self):
        """Plan line and production order tell when there is room for them."""
        product = self.made("日子", 1, (self.lathe, 60))
        self.sell(product, 40, 3)
        line = self.lines(product)
        self.assertEqual(self.offset(line.capacity_date), 4)
        self.assertEqual(line.capacity_delay_days, 1)
        self.release(product)
        self.refresh()
        production = self.env["mrp.production"].search([("product_id", "=", product.id)])
        self.assertEqual(self.offset(production.capacity_date), 4)
        self.assertEqual(production.capacity_delay_days, 1)

    def test_what_is_deleted_takes_its_jobs_along(self):
        product = self.made("删除", 2, (self.lathe, 60))
        production = self.production(product, 1, 5)
        self.refresh()
        self.assertTrue(self.jobs(product))
        production.action_cancel()
        production.unlink()
        self.env.flush_all()
        self.assertFalse(self.env["supply.job"].search([("production_id", "=", production.id)]))
