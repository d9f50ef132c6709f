import threading
from functools import partial
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name
from odoo.tools import SQL


class RaceCase(BaseCase):
    """Real transactions side by side, served as Odoo serves a request: with its retries.

    Data are committed and taken away again.
    """

    customers = 1

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
            partners = env["res.partner"].create(
                [{"name": f"并发 {number}", "is_company": True} for number in range(self.customers)]
            )
            self.partner_ids = partners.ids
            self.partner_id = partners.ids[0]
            self.product_id = (
                env["product.product"]
                .create({"name": "Race", "type": "service", "taxes_id": [Command.clear()]})
                .id
            )
            for partner in partners:
                env["credit.account"]._for(partner, company).write(
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
            ours = [("partner_id", "in", self.partner_ids)]
            orders = env["sale.order"].search(ours)
            orders._action_cancel()
            accounts = env["credit.account"].search(ours)
            documents = {
                "sale.order": orders.ids,
                "credit.hold": (orders.credit_hold_ids | accounts.hold_ids).ids,
                "credit.account": accounts.ids,
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
            accounts.unlink()
            env["res.partner"].browse(self.partner_ids).unlink()
            env["product.product"].browse(self.product_id).unlink()

    def _orders(self, amounts, partner_id=None):
        with self._transaction() as env:
            orders = env["sale.order"].create(
                [
                    {
                        "partner_id": partner_id or self.partner_id,
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
        """Confirm each order in a transaction of its own, all at the same time."""
        acts = [partial(self._confirm, order_id=order_id) for order_id in order_ids]
        self.assertEqual(self._together(acts, staggered), [])

    def _together(self, acts, staggered=False):
        """Call each ``act(env)`` in a transaction of its own at the same moment.

        Staggered: every transaction has taken its snapshot before the first one commits.

        :return: what the users would see as errors
        """
        barrier = threading.Barrier(len(acts), timeout=60)
        errors = []

        def serve(env, act):
            try:
                if staggered:
                    env["credit.account"].search_count([])
                barrier.wait()
                retrying(partial(act, env), env)
            except Exception as error:  # noqa: BLE001 - whatever it is, the user would see it
                errors.append(error)

        cursors = [db_connect(get_db_name()).cursor() for __ in acts]
        threads = [
            threading.Thread(
                target=serve,
                args=(api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True}), act),
            )
            for cr, act in zip(cursors, acts, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        stuck = [thread for thread in threads if thread.is_alive()]
        for cr in cursors:
            cr.close()
        self.assertFalse(stuck)
        return errors

    def _confirm(self, env, order_id):
        env["sale.order"].browse(order_id).action_confirm()

    def _result(self, order_ids):
        with self._transaction() as env:
            orders = env["sale.order"].browse(order_ids)
            company = env.ref("base.main_company")
            accounts = [
                env["credit.account"]._for(partner, company) for partner in orders.partner_id
            ]
            result = {
                "confirmed": len(orders.filtered(lambda order: order.state == "sale")),
                "held": len(orders.filtered(lambda order: order.credit_state == "hold")),
                "exposure": sum(account.exposure for account in accounts),
            }
            orders._action_cancel()
            orders.unlink()
            return result
