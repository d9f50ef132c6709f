from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.inventory_link.tools import at_noon

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestRuns(SupplyCase):
    """The log of runs, digests, the nightly check."""

    def setUp(self):
        super().setUp()
        self.reader = self.make_user("digest_reader", "inventory_link.group_supply_planner")
        self.reader.notification_type = "inbox"
        self.warehouse.supply_digest_user_ids = self.reader
        self.product = self.make_product("Digest", lead=5)
        self.planner._plan_changes()
        self.planner._plan_whole(self.warehouse.ids)
        self.tell_all()
        self.seen = self.notes()

    def tell_all(self):
        """Whatever the fixtures piled up has been told."""
        self.company.supply_digest_hours = 0
        self.env["supply.run"]._tell_due()
        self.company.supply_digest_hours = 4

    def notes(self):
        return self.env["mail.message"].search([("model", "=", "supply.run")])

    def digests(self):
        """Digests since the last look, as text."""
        new = self.notes() - self.seen
        self.seen |= new
        return new.sorted("id")

    # -- digests --------------------------------------------------------------------------------

    def test_n01_one_digest_a_warehouse_with_counts(self):
        """N01: a run changes 12 lines in two warehouses: two digests with counts."""
        other = self.env["stock.warehouse"].create(
            {"name": "二号库", "code": "W2", "company_id": self.company.id}
        )
        other.supply_digest_user_ids = self.reader
        products = [self.make_product(f"N01 {n}", lead=5) for n in range(12)]
        self.planner._plan_changes()
        self.tell_all()
        self.digests()
        for number, product in enumerate(products):
            self.env["supply.plan.line"].flush_model()
            place = self.warehouse if number < 7 else other
            self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 5,
                    "location_id": place.lot_stock_id.id,
                    "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                    "company_id": self.company.id,
                    "date": self.noon(2 if number == 0 else 20),
                }
            )._action_confirm()
        self.planner.run((self.warehouse | other).ids)
        digests = self.digests()
        self.assertEqual(len(digests), 2)
        texts = {
            self.env["supply.run"].browse(note.res_id).warehouse_id: note.body for note in digests
        }
        self.assertIn(
            "7 plan lines: 7 new, 0 changed, 0 removed; 1 late; 0 messages.",
            texts[self.warehouse],
        )
        self.assertIn(
            "5 plan lines: 5 new, 0 changed, 0 removed; 0 late; 0 messages.", texts[other]
        )
        self.assertEqual(digests.notified_partner_ids, self.reader.partner_id)
        self.planner.run((self.warehouse | other).ids)
        self.assertFalse(self.digests(), "N02: nothing changed, nobody is told")

    def test_events_are_told_together(self):
        """The first change is told; the next ones wait four hours, and are one digest then."""
        now = fields.Datetime.now() + timedelta(hours=5)
        with freeze_time(now):
            self.sell(self.product, 5, 20)
            self.env["supply.run"]._tell_due()
            self.assertEqual(len(self.digests()), 1)
            self.sell(self.product, 6, 25)
            order = self.sell(self.product, 7, 30)
            self.put_in_stock(self.product, 1)
            self.planner._plan_changes()
            self.env["supply.run"]._tell_due()
            self.assertFalse(self.digests())
        with freeze_time(now + timedelta(hours=4, minutes=1)):
            self.env["supply.run"]._tell_due()
            text = self.digests().body
            self.assertIn("3 plan lines: 2 new, 1 changed, 0 removed", text)
            order._action_cancel()
            self.planner.run(self.warehouse.ids)
            self.assertIn("0 new, 0 changed, 1 removed", self.digests().body)

    def test_each_reader_in_his_language(self):
        """A Chinese and an English planner: one message each, in their words."""
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = self.make_user("digest_cn", "inventory_link.group_supply_planner")
        chinese.write({"lang": "zh_CN", "notification_type": "inbox"})
        self.reader.lang = "en_US"
        self.warehouse.supply_digest_user_ids |= chinese
        self.sell(self.product, 5, 20)
        self.planner.run(self.warehouse.ids)
        digests = self.digests()
        self.assertEqual(len(digests), 2)
        self.assertEqual(digests.notified_partner_ids, (self.reader | chinese).partner_id, digests)

    def test_planners_are_told_when_nobody_is_chosen(self):
        """No reader on the warehouse: all planners of the company, nobody else's."""
        self.warehouse.supply_digest_user_ids = False
        stranger = self.make_user("digest_other", "inventory_link.group_supply_planner")
        other = self.env["res.company"].create({"name": "别的公司"})
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.sell(self.product, 5, 20)
        self.planner.run(self.warehouse.ids)
        told = self.digests().notified_partner_ids
        self.assertIn(self.reader.partner_id, told)
        self.assertNotIn(stranger.partner_id, told)

    def test_draft_that_follows_says_so(self):
        """A request that the plan changes has one note; an untouched one has none."""
        order = self.sell(self.product, 10, 20)
        other = self.make_product("Other", lead=5)
        self.sell(other, 3, 20)
        for product in (self.product, other):
            self.lines(product).action_approve()
            self.lines(product).action_release()
        request, untouched = (
            self.env["purchase.order.line"].search([("product_id", "=", product.id)]).order_id
            for product in (self.product, other)
        )
        before = len(request.message_ids), len(untouched.message_ids)
        order.order_line.product_uom_qty = 6
        self.assertEqual(request.order_line.product_qty, 6)
        self.assertEqual(
            (len(request.message_ids), len(untouched.message_ids)), (before[0] + 1, before[1])
        )
        self.assertIn("quantity 10 → 6", request.message_ids[0].body)

    # -- log ------------------------------------------------------------------------------------

    def test_log_of_runs(self):
        """A run that changed something is a row with counts and cost; one that didn't, is none."""
        self.sell(self.product, 5, 20)
        self.env.cr.execute("DELETE FROM supply_peg WHERE product_id = %s", [self.product.id])
        self.env.cr.execute("DELETE FROM supply_plan_line WHERE product_id = %s", [self.product.id])
        self.env.invalidate_all()
        self.planner.run(self.warehouse.ids)
        run = self.env["supply.run"].search([("kind", "=", "user")], limit=1)
        self.assertEqual((run.warehouse_id, run.inserted, run.updated), (self.warehouse, 1, 0))
        self.assertTrue(run.statements and run.told_on)
        self.assertEqual(run.line_numbers, self.lines(self.product).ids)
        self.assertEqual(run.action_view_lines()["domain"], [("id", "in", run.line_numbers)])
        count = self.env["supply.run"].search_count([])
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.env["supply.run"].search_count([]), count)

    # -- nightly --------------------------------------------------------------------------------

    def night(self, days=1):
        """The hourly action, ``days`` after today, without its commits; the run it leaves."""
        moment = at_noon(self.day(days), "Asia/Shanghai")
        with freeze_time(moment):
            for warehouse in self.planner._nightly_warehouses() & self.warehouse:
                self.planner._plan_night(warehouse)
        return self.env["supply.run"].search(
            [("kind", "=", "night"), ("warehouse_id", "=", self.warehouse.id)], limit=1
        )

    def test_no_drift_over_a_change_of_date(self):
        """A new day changes late lines; that isn't drift."""
        self.sell(self.product, 10, 3)
        self.assertEqual(self.lines(self.product).late_days, 2)
        run = self.night()
        self.assertEqual((run.check_result, run.drift), ("equal", 0))
        self.assertEqual(self.lines(self.product).late_days, 3)
        self.assertEqual(
            self.planner.search([])
            .filtered(lambda row: row.warehouse_id == self.warehouse)
            .plan_day,
            self.day(1),
        )
        with freeze_time(at_noon(self.day(1), "Asia/Shanghai")):
            self.assertNotIn(self.warehouse, self.planner._nightly_warehouses())
        again = self.night(2)
        self.assertNotEqual(again, run)
        self.assertEqual(again.check_result, "equal")

    def test_waiting_rows_are_no_drift(self):
        """What waits in the queue is planned before the comparison."""
        self.sell(self.product, 10, 20)
        self.put_in_stock(self.product, 4)
        self.env.cr.flush()
        run = self.night()
        self.assertEqual(run.check_result, "equal")
        self.assertEqual([line.quantity for line in self.lines(self.product)], [6.0])

    def test_drift_is_found_told_and_repaired(self):
        """A peg deleted and a quantity changed behind everybody's back: exactly these products."""
        healthy, pegless = self.make_product("Healthy", lead=5), self.make_product("Peg", lead=5)
        for product in (self.product, healthy, pegless):
            self.sell(product, 10, 20)
        self.planner._plan_changes()
        self.tell_all()
        self.digests()
        self.env.cr.execute("DELETE FROM supply_peg WHERE product_id = %s", [pegless.id])
        self.env.cr.execute(
            "UPDATE supply_plan_line SET quantity = 99 WHERE product_id = %s", [self.product.id]
        )
        self.env.invalidate_all()
        run = self.night()
        self.assertEqual((run.check_result, run.drift), ("drift", 2))
        self.assertEqual(run.drift_product_ids, self.product | pegless)
        self.assertEqual(self.plan(self.product), [("buy", 10.0, 15, 20)])
        self.assertEqual(self.pegs(pegless), [("plan", 10.0)])
        decision = self.env["suite.decision"].search([("kind", "=", "supply.drift")], limit=1)
        self.assertEqual((decision.res_id, decision.outcome), (run.id, "repaired"))
        self.assertIn("Digest", decision.explanation)
        digest = self.digests()
        self.assertIn("2 products whose stored plan was wrong", digest.body)
        self.assertEqual(digest.notified_partner_ids, self.reader.partner_id)

    def test_parts_of_two_days_are_not_compared(self):
        """A net change after midnight mixes two days: said, not called drift."""
        self.sell(self.product, 10, 3)
        with freeze_time(at_noon(self.day(1), "Asia/Shanghai")):
            self.sell(self.make_product("Late", lead=5), 10, 2)
        run = self.night()
        self.assertEqual((run.check_result, run.drift), ("skipped", 0))
        self.assertEqual(self.night(2).check_result, "equal")
