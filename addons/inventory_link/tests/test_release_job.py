from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import SupplyCase

PLAN_LINE = "odoo.addons.inventory_link.models.supply_plan_line_release.SupplyPlanLine"


@tagged("post_install", "-at_install")
class TestReleaseJob(SupplyCase):
    """Releasing many lines: chunks, what can't be released, who may drive it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.supply_window_days = 1
        cls.product = cls.make_product("Job", lead=3)

    def many(self, count, approve=True):
        """``count`` approved lines of one product on different days: a request each."""
        for number in range(count):
            self.quote(self.product, 1 + number, 10 + 2 * number).action_confirm()
        lines = self.lines(self.product)
        self.assertEqual(len(lines), count)
        if approve:
            lines.action_approve()
        return lines

    def user(self, login="supply_job", group="inventory_link.group_supply_planner"):
        return self.make_user(login, group)

    def start(self, lines, user):
        action = lines.with_user(user).action_start_release()
        self.assertEqual(action["tag"], "supply_release_progress")
        return self.env["supply.release"].with_user(user).browse(action["params"]["release_id"])

    def test_few_lines_at_once(self):
        """Up to 20 lines are released in the click itself: no job."""
        before = self.env["supply.release"].search_count([])
        lines = self.many(20)
        self.assertIs(lines.with_user(self.user()).action_start_release(), True)
        self.assertEqual(set(lines.mapped("state")), {"released"})
        self.assertEqual(self.env["supply.release"].search_count([]), before)

    def test_chunks(self):
        """60 lines: 25, 25, 10; each once; the last call says done."""
        user = self.user()
        lines = self.many(60)
        release = self.start(lines, user)
        self.assertEqual((release.total, release.done, release.state), (60, 0, "running"))
        answers = [release.action_next() for _call in range(3)]
        self.assertEqual(
            [(a["done"], a["total"], a["state"], a["busy"]) for a in answers],
            [
                (25, 60, "running", False),
                (50, 60, "running", False),
                (60, 60, "done", False),
            ],
        )
        self.assertEqual(release.action_next()["done"], 60)
        self.assertEqual((release.progress, release.failed), (100.0, 0))
        self.assertTrue(release.finished_on)
        bought = lines.purchase_line_id
        self.assertEqual((len(bought), bought.plan_line_id), (60, lines))
        self.assertEqual(bought.order_id.user_id, user)
        # most urgent first
        first = release.line_ids.filtered(lambda row: not row.batch).plan_line_id
        self.assertEqual(sorted(first.mapped("quantity")), [float(n) for n in range(1, 26)])
        self.assertUnchanged()

    def test_requests_stay_whole(self):
        """30 lines of one request aren't cut at 25: one batch, one request."""
        self.company.supply_window_days = 0
        lines = self.many(30)
        release = self.start(lines, self.user())
        self.assertEqual(release.action_next()["state"], "done")
        self.assertEqual(len(lines.purchase_line_id.order_id), 1)

    def tentative_line(self):
        """An approved line for an order that is held back."""
        held = self.quote(self.product, 3, 90)
        self.patch(type(self.env["suite.outlook"]), "_held_orders", lambda *_args: held.ids)
        self.company.supply_plan_holds = True
        self.planner.run(self.warehouse.ids)
        line = self.lines(self.product).filtered("tentative")
        line.action_approve()
        return line

    def test_what_cannot_be_released_does_not_stop_the_rest(self):
        """No vendor, not approved, gone, released by another: told by line; the rest is made."""
        lines = self.many(25)
        lines = lines[0] | self.tentative_line() | lines[2:]
        lines[0].vendor_id = False
        lines[3].state = "proposed"
        release = self.start(lines, self.user())
        lines[2].action_release()
        self.env.cr.execute("DELETE FROM supply_plan_line WHERE id = %s", (lines[4].id,))
        self.env.invalidate_all()
        answer = release.action_next()
        self.assertEqual((answer["state"], answer["done"], answer["failed"]), ("done", 21, 4))
        errors = sorted(filter(None, release.line_ids.mapped("error")))
        self.assertEqual(len(errors), 4)
        for error, text in zip(
            errors, ("Approve", "credit hold", "No valid vendor", "doesn't want"), strict=True
        ):
            self.assertIn(text, error)
        made = self.env["purchase.order.line"].search([("product_id", "=", self.product.id)])
        self.assertEqual(len(made), 21)
        self.assertEqual(lines[0].state, "approved")

    @mute_logger("odoo.addons.inventory_link.models.supply_release_line")
    def test_one_bad_line_in_a_chunk(self):
        """A line whose document can't be made rolls back alone; the others are made once."""
        lines = self.many(25)
        bad = lines[7]
        original = type(lines)._prepare_purchase_line

        def fail(line, *args):
            if line.id == bad.id:
                raise ValidationError(line.vendor_id.name)
            return original(line, *args)

        release = self.start(lines, self.user())
        with patch.object(type(lines), "_prepare_purchase_line", fail):
            answer = release.action_next()
        self.assertEqual((answer["state"], answer["done"], answer["failed"]), ("done", 24, 1))
        row = release.line_ids.filtered(lambda row: row.state == "failed")
        self.assertEqual((row.plan_line_id, row.error), (bad, "供应商一"))
        self.assertEqual(bad.state, "approved")
        self.assertEqual(len((lines - bad).purchase_line_id), 24)

    def test_nothing_released_is_failed(self):
        """Nobody approved anything: the job ends as failed and says why for each line."""
        release = self.start(self.many(21, approve=False), self.user())
        answer = release.action_next()
        self.assertEqual((answer["state"], answer["failed"]), ("failed", 21))

    def test_the_server_goes_on(self):
        """The browser is closed after 25 of 60: the scheduled job makes the other 35."""
        lines = self.many(60)
        release = self.start(lines, self.user())
        cron = self.env.ref("inventory_link.supply_release_cron").sudo()
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]))
        release.action_next()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((release.state, release.done), ("done", 60))
        self.assertEqual(len(lines.purchase_line_id), 60)

    def test_rights(self):
        """Buyers start releases of what is bought; warehouse, salespeople and strangers don't."""
        lines = self.many(21)
        for login, group in (
            ("supply_job_stock", "stock.group_stock_user"),
            ("supply_job_sale", "sales_team.group_sale_salesman"),
        ):
            with self.assertRaises(AccessError):
                lines.with_user(self.user(login, group)).action_start_release()
        buyer = self.user("supply_job_buy", "purchase.group_purchase_user")
        release = self.start(lines, buyer)
        with self.assertRaises(AccessError):
            release.with_user(self.user("supply_job_2")).action_next()
        with self.assertRaises(AccessError):
            release.with_user(self.user("supply_job_3", "stock.group_stock_user")).action_next()
        self.assertEqual(release.action_next()["state"], "done")
        with self.assertRaises(AccessError):
            release.write({"state": "running"})
        with self.assertRaises(AccessError):
            release.line_ids.write({"state": "todo"})
        with self.assertRaises(AccessError):
            release.create({"name": "x", "user_id": buyer.id, "company_id": self.company.id})

    def test_rights_lost_on_the_way(self):
        """Who may no longer order releases nothing more."""
        buyer = self.user("supply_job_lost", "purchase.group_purchase_user")
        lines = self.many(30)
        release = self.start(lines, buyer)
        release.action_next()
        buyer.group_ids -= self.env.ref("purchase.group_purchase_user")
        release.sudo().action_next()
        self.assertEqual((release.sudo().done, release.sudo().failed), (25, 5))

    def test_other_company(self):
        """Lines of another company aren't released from outside, nor seen in a job."""
        lines = self.many(21)
        release = self.start(lines, self.user())
        company = self.env["res.company"].create({"name": "外人", "supply_planning": True})
        stranger = self.user("supply_job_other")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        context = {"allowed_company_ids": company.ids}
        for act in (
            lambda: lines.with_user(stranger).with_context(**context).action_start_release(),
            lambda: release.with_user(stranger).with_context(**context).action_next(),
            lambda: release.with_user(stranger).with_context(**context).read(["name"]),
        ):
            with self.assertRaises(AccessError):
                act()

    def test_views_open_for_planner_and_buyer(self):
        """List and form of a release as the web client reads them."""
        release = self.start(self.many(21), self.user())
        buyer = self.user("supply_job_read", "purchase.group_purchase_user")
        for view in ("list", "form"):
            self.env["supply.release"].with_user(buyer).get_view(view_type=view)
        found = release.with_user(buyer).web_read(
            {"progress": {}, "line_ids": {"fields": {"product_id": {}, "error": {}, "state": {}}}}
        )
        self.assertEqual(len(found[0]["line_ids"]), 21)
        self.assertEqual(len(release.action_view_lines()["domain"][0][2]), 21)
