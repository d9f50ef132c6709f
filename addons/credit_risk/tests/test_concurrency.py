import os
from functools import partial
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.credit_risk.tools import accounts_sql

from .race_common import RaceCase

# How often the race of two is run; the stress run sets it to 100.
REPETITIONS = int(os.environ.get("TRADEWORKS_RACE_RUNS", "20"))


@tagged("post_install", "-at_install", "credit_race")
class TestConcurrency(RaceCase):
    """Real transactions side by side: whatever the timing, the limit holds and nobody fails."""

    def test_two_against_one_limit(self):
        """D2: 60 and 60 against 100, simultaneous and staggered: always exactly one passes."""
        for run in range(REPETITIONS):
            for staggered in (False, True):
                with self.subTest(run=run, staggered=staggered):
                    orders = self._orders([60, 60])
                    self._race(orders, staggered)
                    self.assertEqual(
                        self._result(orders), {"confirmed": 1, "held": 1, "exposure": 60}
                    )

    def test_ten_against_one_limit(self):
        """D3: ten orders of 30 against 100: exactly three pass, seven are held, nobody fails."""
        for run in range(max(2, REPETITIONS // 10)):
            staggered = run % 2 == 1
            orders = self._orders([30] * 10)
            self._race(orders, staggered)
            self.assertEqual(self._result(orders), {"confirmed": 3, "held": 7, "exposure": 90})

    def test_two_in_one_call(self):
        """D1: one call that confirms 60 and 60 against 100: exactly one passes."""
        orders = self._orders([60, 60])
        self.assertEqual(
            self._together([lambda env: env["sale.order"].browse(orders).action_confirm()]), []
        )
        self.assertEqual(self._result(orders), {"confirmed": 1, "held": 1, "exposure": 60})

    def test_waits_only_before_anything_is_written(self):
        """Who has written already, or is in a savepoint, is run again by Odoo as a whole."""
        for written in (False, True):
            orders = self._orders([60, 60])
            calls = []

            def act(env, order_id, written=written, calls=calls):
                calls.append(order_id)
                if written:
                    env["sale.order"].browse(order_id).client_order_ref = f"{order_id}"
                    env.flush_all()
                    self._confirm(env, order_id)
                else:
                    with env.cr.savepoint():
                        self._confirm(env, order_id)

            self.assertEqual(self._together([partial(act, order_id=i) for i in orders], True), [])
            self.assertGreaterEqual(len(calls), 3)
            self.assertEqual(self._result(orders), {"confirmed": 1, "held": 1, "exposure": 60})

    def test_late_in_a_savepoint(self):
        """Who comes after another has committed, and is in a savepoint, keeps that savepoint."""
        first, second = self._orders([60, 60])
        calls = []

        def act(env):
            calls.append(env)
            with env.cr.savepoint():
                self._confirm(env, second)

        with self._transaction() as late:
            late["credit.account"].search_count([])
            with self._transaction() as env:
                self._confirm(env, first)
            retrying(partial(act, late), late)
        self.assertEqual(len(calls), 2)
        self.assertEqual(self._result([first, second]), {"confirmed": 1, "held": 1, "exposure": 60})

    def test_same_order_twice(self):
        """Two clicks on one order: it is confirmed once, without a hold; the other is told."""
        for staggered in (False, True):
            (order_id,) = self._orders([60])
            act = partial(self._confirm, order_id=order_id)
            errors = self._together([act, act], staggered)
            self.assertEqual([type(error) for error in errors], [UserError])
            self.assertEqual(self._result([order_id]), {"confirmed": 1, "held": 0, "exposure": 60})

    def test_last_try_says_so(self):
        """When Odoo gives up after its five tries the user reads a sentence, no traceback."""
        (order_id,) = self._orders([30])

        class Refused(SerializationFailure):
            pgcode = "40001"

        with (
            patch.object(accounts_sql, "TURNS", 0),
            patch.object(accounts_sql, "bump", side_effect=Refused) as bump,
            self.assertRaises(UserError) as caught,
            self._transaction() as env,
        ):
            retrying(partial(self._confirm, env, order_id), env)
        self.assertEqual(bump.call_count, 5)
        self.assertIn("Try again in a moment", str(caught.exception))
        self.assertEqual(self._result([order_id])["confirmed"], 0)

    def test_two_holds_of_one_delivery(self):
        """Two clerks whose acts lock the same delivery: one hold, and nobody fails."""
        (order_id,) = self._orders([60])
        with self._transaction() as env:
            warehouse = env["stock.warehouse"].search(
                [("company_id", "=", env.ref("base.main_company").id)], limit=1
            )
            goods = env["product.product"].create({"name": "Race goods", "type": "consu"})
            picking = env["stock.picking"].create(
                {
                    "partner_id": self.partner_id,
                    "picking_type_id": warehouse.out_type_id.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "location_dest_id": env.ref("stock.stock_location_customers").id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": goods.id,
                                "product_uom_qty": 1.0,
                                "location_id": warehouse.lot_stock_id.id,
                                "location_dest_id": env.ref("stock.stock_location_customers").id,
                            }
                        )
                    ],
                }
            )
            picking.action_confirm()
            env["sale.order"].browse(order_id).action_confirm()
            partner = env["res.partner"].browse(self.partner_id)
            account = env["credit.account"]._for(partner, env.ref("base.main_company"))
            env.flush_all()
            env.cr.execute("UPDATE credit_account SET limit_amount = 1 WHERE id = %s", account.ids)
            ids = (account.id, picking.id, goods.id)
        account_id, picking_id, goods_id = ids
        self.patch(
            self,
            "_confirm",
            lambda env, order_id: env["credit.account"].browse(account_id)._sync_shipment_holds(),
        )
        self._race([order_id, order_id], staggered=True)
        with self._transaction() as env:
            picking = env["stock.picking"].browse(picking_id)
            self.assertEqual(picking.credit_hold_ids.mapped("state"), ["open"])
            env.cr.execute(
                SQL(
                    "DELETE FROM suite_decision WHERE res_model = 'stock.picking' AND res_id = %s",
                    picking_id,
                )
            )
            env.invalidate_all()
            picking.action_cancel()
            picking.move_ids.unlink()
            picking.unlink()
            env["product.product"].browse(goods_id).unlink()

    def test_first_account_of_a_customer(self):
        """Two transactions that make the same customer's account at once end with one row."""
        with self._transaction() as env:
            env["credit.account"].search([("partner_id", "=", self.partner_id)]).unlink()
        orders = self._orders([60, 60])
        with self._transaction() as env:
            env["credit.account"].search([("partner_id", "=", self.partner_id)]).unlink()
        self._race(orders, staggered=True)
        with self._transaction() as env:
            accounts = env["credit.account"].search([("partner_id", "=", self.partner_id)])
            self.assertEqual(len(accounts), 1)
        self.assertEqual(self._result(orders)["confirmed"], 2)
