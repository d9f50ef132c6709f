from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.inventory_link.models.runs import supply_planner as runs

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestQueue(SupplyCase):
    """Events reach the plan by the queue; tests process it as the worker does, without commit."""

    def setUp(self):
        super().setUp()
        self.product = self.make_product("Queue", stock=4, lead=5)
        self.planner._plan_changes()

    def queued(self):
        """Products that wait, this transaction's included."""
        products, _places, companies = self.env["supply.change"]._read()
        self.assertFalse(companies)
        self.env.cr.execute("DELETE FROM supply_change")
        return self.env["product.product"].browse(products)

    def assertQueued(self, act):
        self.env.cr.execute("DELETE FROM supply_change")
        act()
        self.env.flush_all()
        self.assertIn(self.product, self.queued(), act)

    def receive(self, order, quantity):
        move = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel")).move_ids
        move.quantity = quantity
        move.picked = True
        move.picking_id._action_done()

    # -- events ---------------------------------------------------------------------------------

    def test_each_event_is_queued(self):
        """Receipt, part of it, line edits, prices, vendor, settings, stock, scrap, dates: all."""
        order = self.purchase(self.product, 10, 9)
        line, price = order.order_line, self.product.seller_ids
        self.assertQueued(lambda: self.receive(order, 4))
        self.assertQueued(lambda: self.receive(order, 6))
        draft = self.purchase(self.product, 5, 9, confirm=False)
        for act in (
            lambda: draft.order_line.write({"product_qty": 6}),
            lambda: draft.order_line.write({"date_planned": self.noon(3)}),
            lambda: draft.order_line.write({"supply_locked": True}),
            lambda: draft.write({"picking_type_id": self.warehouse.in_type_id.id}),
            draft.order_line.unlink,
            lambda: line.write({"supply_locked": True}),
            lambda: price.write({"delay": 9}),
            lambda: self.add_vendor(self.product, self.vendor_2, 2.0, 3),
            lambda: self.vendor_2.write({"active": False}),
            price.unlink,
            lambda: self.product.write({"supply_safety_stock": 2}),
            lambda: self.product.product_tmpl_id.write({"supply_multiple": 5}),
            lambda: self.product.write({"active": False}),
            lambda: self.product.write({"active": True}),
            lambda: self.put_in_stock(self.product, 1),
            self.scrap_one,
        ):
            self.assertQueued(act)

    def scrap_one(self):
        self.env["stock.scrap"].create(
            {
                "product_id": self.product.id,
                "scrap_qty": 1,
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        ).do_scrap()

    def test_moves_are_queued(self):
        """New transfer, its date, its quantity, delivered, cancelled; its reservation isn't."""
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 2,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "company_id": self.company.id,
            }
        )
        self.assertQueued(move._action_confirm)
        self.assertQueued(lambda: move.write({"date": self.noon(4)}))
        self.assertQueued(lambda: move.write({"product_uom_qty": 3}))
        self.queued()
        move._action_assign()
        self.env.flush_all()
        self.assertEqual(move.state, "assigned")
        self.assertNotIn(self.product, self.queued())
        move.picked = True
        self.assertQueued(move._action_done)

    def test_a_plan_in_the_action_needs_no_row(self):
        """Confirming plans at once: what that transaction told needs no second plan."""
        order = self.quote(self.product, 10, 20)
        order.action_confirm()
        self.assertNotIn(self.product, self.queued())
        self.assertEqual(self.plan(self.product), [("buy", 6.0, 15, 20)])
        order.order_line.product_uom_qty = 12
        self.assertNotIn(self.product, self.queued())

    def test_others_cost_nothing(self):
        """A product of Odoo's rules, and a company that doesn't plan, leave no row."""
        other = self.make_product("By rules", supply_mode="rules")
        self.queued()
        self.put_in_stock(other, 3)
        self.purchase(other, 3, 5)
        self.assertFalse(self.queued())
        self.company.supply_planning = False
        self.env["supply.change"]._write_pending()
        self.env.cr.execute("DELETE FROM supply_change")
        self.put_in_stock(self.product, 3)
        self.assertFalse(self.queued())

    def test_one_row_a_product_and_transaction(self):
        """Ten events of one product are one row and one wake-up of the worker."""
        cron = self.env.ref("inventory_link.supply_planner_cron_changes")
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        for _number in range(10):
            self.put_in_stock(self.product, 1)
        self.env.cr.flush()
        self.put_in_stock(self.product, 1)
        self.env.cr.flush()
        self.env.cr.execute(
            "SELECT count(*) FROM supply_change WHERE product_number = %s", [self.product.id]
        )
        self.assertEqual(self.env.cr.fetchone(), (2,))
        self.assertEqual(triggers.search_count([("cron_id", "=", cron.id)]), 1)

    # -- the worker -----------------------------------------------------------------------------

    def test_worker_plans_and_empties(self):
        """What changed is planned as by a full run; then the queue is empty."""
        self.sell(self.product, 10, 20)
        self.put_in_stock(self.product, 2)
        self.assertTrue(self.planner._plan_changes())
        self.assertEqual(self.plan(self.product), [("buy", 4.0, 15, 20)])
        self.assertFalse(self.planner._plan_changes())
        self.assertUnchanged()

    def test_large_changes_go_to_the_queue(self):
        """An order with more below it than a user should wait for is planned by the queue."""
        with patch.object(runs, "IN_ACTION_LIMIT", 0):
            self.sell(self.product, 10, 20)
        self.assertEqual(self.plan(self.product), [])
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.product), [("buy", 6.0, 15, 20)])

    def test_very_many_products_are_planned_whole(self):
        """Above the limit of a net change everything is planned instead."""
        self.sell(self.product, 10, 20)
        self.put_in_stock(self.product, 2)
        with patch.object(runs, "QUEUE_LIMIT", 0):
            self.planner._plan_changes()
        self.assertEqual(self.plan(self.product), [("buy", 4.0, 15, 20)])

    def test_serialization_failures_are_repeated(self):
        """Another one planned meanwhile: rolled back and done again, five times, then given up."""
        calls = []

        def work():
            calls.append(1)
            if len(calls) < 4:
                raise SerializationFailure()
            return "done"

        with (
            patch.object(self.env.cr, "rollback") as rollback,
            patch.object(runs.time, "sleep"),
        ):
            self.assertEqual(self.planner._repeat(work), "done")
            self.assertEqual((len(calls), rollback.call_count), (4, 3))
            with self.assertRaises(SerializationFailure):
                self.planner._repeat(self._always_busy)

    @staticmethod
    def _always_busy():
        raise SerializationFailure()

    @mute_logger("odoo.addons.inventory_link.models.runs.supply_planner")
    def test_worker_waits_without_failing(self):
        """When others plan all the time the worker leaves the rows, asks to come back, and isn't a
        failed scheduled action."""
        self.put_in_stock(self.product, 2)
        with (
            patch.object(self.env.cr, "rollback"),
            patch.object(self.env.cr, "commit"),
            patch.object(runs.time, "sleep"),
            patch.object(type(self.planner), "_plan_changes", side_effect=SerializationFailure()),
            patch.object(type(self.env["supply.change"]), "_wake") as wake,
        ):
            self.planner._cron_changes()
        self.assertTrue(wake.called)
        self.assertIn(self.product, self.queued())

    # -- company, warehouse ---------------------------------------------------------------------

    def test_switch_off_and_on(self):
        """Off: plan lines, pegs, messages and promises go at once, orders stay. On: all again."""
        order = self.sell(self.product, 10, 20)
        self.purchase(self.product, 9, 12)
        self.purchase(self.product, 5, 12)
        self.assertTrue(self.messages(self.product))
        self.company.supply_planning = False
        self.assertEqual(self.lines(self.product), self.env["supply.plan.line"])
        self.assertEqual(self.pegs(self.product), [])
        self.assertEqual(self.messages(self.product), [])
        self.assertFalse(order.order_line.promise_date)
        self.company.supply_planning = True
        self.planner._plan_changes()
        self.assertTrue(order.order_line.promise_date)
        self.assertUnchanged()

    def test_company_and_warehouse_settings_plan_all(self):
        """Tolerance, security days, a new warehouse, places of stock: everything is queued."""
        shelf = self.env["stock.location"].create(
            {
                "name": "Shelf",
                "location_id": self.warehouse.lot_stock_id.id,
                "company_id": self.company.id,
            }
        )
        for act in (
            lambda: self.company.write({"supply_dampener_days": 9}),
            lambda: self.env["stock.warehouse"].create(
                {"name": "二号库", "code": "W2", "company_id": self.company.id}
            ),
            lambda: shelf.write({"usage": "transit"}),
        ):
            self.env["supply.change"]._take()
            act()
            self.assertIn(self.company.id, self.env["supply.change"]._read()[2])

    def test_archived_warehouse_leaves_the_plan(self):
        """Its proposals go; the other warehouse's stay."""
        other = self.env["stock.warehouse"].create(
            {"name": "二号库", "code": "W2", "company_id": self.company.id}
        )
        self.sell(self.product, 10, 20)
        self.quote(self.product, 7, 20, warehouse_id=other.id).action_confirm()
        self.assertEqual(len(self.lines(self.product)), 2)
        self.env["sale.order"].search([("warehouse_id", "=", other.id)])._action_cancel()
        other.active = False
        self.planner._plan_changes()
        self.assertEqual(self.lines(self.product).warehouse_id, self.warehouse)

    def test_product_that_leaves_and_joins(self):
        """To Odoo's rules: its plan goes at once. Back: planned again by the queue."""
        self.sell(self.product, 10, 20)
        self.product.supply_mode = "rules"
        self.assertEqual((self.plan(self.product), self.pegs(self.product)), ([], []))
        self.product.supply_mode = "planned"
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.product), [("buy", 6.0, 15, 20)])
        self.assertUnchanged()

    def test_purchase_line_taken_out_brings_the_need_back(self):
        """The need that a deleted request covered is planned anew."""
        self.sell(self.product, 10, 20)
        request = self.purchase(self.product, 6, 15, confirm=False)
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.product), [])
        request.order_line.unlink()
        self.planner._plan_changes()
        self.assertEqual(self.plan(self.product), [("buy", 6.0, 15, 20)])
        self.assertUnchanged()

    # -- rights ---------------------------------------------------------------------------------

    def test_nobody_reads_the_queue(self):
        """Not even planners; runs can be read by them, not written."""
        user = self.make_user("queue_planner", "inventory_link.group_supply_planner")
        for model in ("supply.change", "supply.run.part"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])
        self.planner.run(self.warehouse.ids)
        run = self.env["supply.run"].with_user(user)
        run.search([])
        with self.assertRaises(AccessError):
            run.create({"warehouse_id": self.warehouse.id, "kind": "user"})

    def test_run_of_changes_stays_in_its_warehouses(self):
        """A planner's run of what changed plans his warehouses only and leaves the queue whole."""
        self.sell(self.product, 10, 20)
        self.put_in_stock(self.product, 2)
        other = self.env["res.company"].create({"name": "别的公司", "supply_planning": True})
        user = self.make_user("queue_other", "inventory_link.group_supply_planner")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        theirs = self.planner.with_user(user).with_context(allowed_company_ids=other.ids)
        self.assertEqual(theirs.run(full=False)["updated"], 0)
        self.assertEqual(self.plan(self.product), [("buy", 6.0, 15, 20)])
        self.assertEqual(self.planner.run(self.warehouse.ids, full=False)["updated"], 1)
        self.assertEqual(self.plan(self.product), [("buy", 4.0, 15, 20)])
        self.assertIn(self.product.id, self.env["supply.change"]._read()[0])
