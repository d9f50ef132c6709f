import os
import threading
from functools import partial
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL

from odoo.addons.credit_risk.tools import accounts_sql

# How often each race is run; the release check sets it to 20.
REPETITIONS = int(os.environ.get("TRADEWORKS_RACE_RUNS", "3"))


@tagged("post_install", "-at_install", "credit_race")
class TestConcurrency(BaseCase):
    """Real transactions side by side: whatever the timing, the limit holds and nobody fails.

    Data are committed and taken away again. The losing side is what Odoo makes of it: its own
    retry of serialization failures (``odoo.service.model.retrying``).
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # No waiting between tries: the tries are what is tested, not the clock.
        # The runner holds the lock that guards registries, which a retry takes for a moment.
        for patcher in (
            patch("odoo.service.model.random.uniform", return_value=0.01),
            patch.object(Registry, "_lock", DummyRLock()),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)
        with self._transaction() as env:
            company = env.ref("base.main_company")
            self.mode = company.credit_control
            company.credit_control = "block"
            self.partner_id = env["res.partner"].create({"name": "并发", "is_company": True}).id
            self.product_id = (
                env["product.product"]
                .create({"name": "Race", "type": "service", "taxes_id": [Command.clear()]})
                .id
            )
            env["credit.account"]._for(env["res.partner"].browse(self.partner_id), company).write(
                {"limit_kind": "limited", "limit_amount": 100}
            )
        self.addCleanup(self._clean_up)

    def _transaction(self):
        class Block:
            def __enter__(block):
                block.cr = db_connect(get_db_name()).cursor()
                block.env = api.Environment(block.cr, SUPERUSER_ID, {"tracking_disable": True})
                return block.env

            def __exit__(block, kind, *rest):
                if kind is None:
                    block.env.flush_all()
                    block.cr.commit()
                block.cr.close()

        return Block()

    def _clean_up(self):
        with self._transaction() as env:
            env.ref("base.main_company").credit_control = self.mode
            orders = env["sale.order"].search([("partner_id", "=", self.partner_id)])
            orders._action_cancel()
            documents = {
                "sale.order": orders.ids,
                "credit.hold": orders.credit_hold_ids.ids,
                "credit.account": env["credit.account"]
                .search([("partner_id", "=", self.partner_id)])
                .ids,
            }
            env.flush_all()
            for model, ids in documents.items():
                env.cr.execute(
                    SQL(
                        "DELETE FROM suite_decision WHERE res_model = %s AND res_id = ANY(%s)",
                        model,
                        ids,
                    )
                )
            env.invalidate_all()
            orders.unlink()
            env["credit.account"].search([("partner_id", "=", self.partner_id)]).unlink()
            env["res.partner"].browse(self.partner_id).unlink()
            env["product.product"].browse(self.product_id).unlink()

    def _orders(self, amounts):
        with self._transaction() as env:
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": self.partner_id,
                        "company_id": env.ref("base.main_company").id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": self.product_id,
                                    "price_unit": amount,
                                    "technical_price_unit": 0.0,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                    for amount in amounts
                ]
            )
            return orders.ids

    def _race(self, order_ids, staggered=False):
        """Confirm each order in a transaction of its own, all at the same time.

        Staggered: every transaction has taken its snapshot before the first one commits.
        """
        barrier = threading.Barrier(len(order_ids), timeout=60)
        errors = []

        def confirm(env, order_id):
            try:
                if staggered:
                    env["sale.order"].browse(order_id).mapped("amount_total")
                barrier.wait()
                retrying(partial(self._confirm, env, order_id), env)
            except Exception as error:  # noqa: BLE001 - whatever it is, the user would see it
                errors.append(error)

        cursors = [db_connect(get_db_name()).cursor() for __ in order_ids]
        threads = [
            threading.Thread(
                target=confirm,
                args=(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}), order_id),
            )
            for cr, order_id in zip(cursors, order_ids, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        stuck = [thread for thread in threads if thread.is_alive()]
        for cr in cursors:
            cr.close()
        self.assertFalse(stuck)
        self.assertEqual(errors, [])

    def _confirm(self, env, order_id):
        env["sale.order"].browse(order_id).action_confirm()

    def _result(self, order_ids):
        with self._transaction() as env:
            orders = env["sale.order"].browse(order_ids)
            account = env["credit.account"]._for(orders.partner_id, orders.company_id)
            result = {
                "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
                "held": len(orders.filtered(lambda order: order.credit_state == "hold")),
                "exposure": account.exposure,
            }
            orders._action_cancel()
            orders.unlink()
            return result

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
        """D3: ten orders of 30 against 100: exactly three pass, seven are held."""
        orders = self._orders([30] * 10)
        with patch("odoo.service.model.MAX_TRIES_ON_CONCURRENCY_FAILURE", 30):
            self._race(orders, staggered=True)
        self.assertEqual(self._result(orders), {"confirmed": 3, "held": 7, "exposure": 90})

    def test_last_try_says_so(self):
        """When Odoo gives up after its five tries the user reads a sentence, no traceback."""
        (order_id,) = self._orders([30])

        class Refused(SerializationFailure):
            pgcode = "40001"

        with (
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
            lambda env, __: env["credit.account"].browse(account_id)._sync_shipment_holds(),
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
