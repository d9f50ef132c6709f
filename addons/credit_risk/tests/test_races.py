import os
from functools import partial

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .race_common import RaceCase

# How often each race is run; the stress run asks for more.
REPETITIONS = int(os.environ.get("TRADEWORKS_RACE_RUNS", "20")) // 5


@tagged("post_install", "-at_install", "credit_race")
class TestRaces(RaceCase):
    """What happens at the same time as a confirmation: releases, limits, shared limits, goods."""

    customers = 2

    def _account(self, env, partner_id=None):
        partner = env["res.partner"].browse(partner_id or self.partner_id)
        return env["credit.account"]._for(partner, env.ref("base.main_company"))

    def test_release_against_confirm(self):
        """What one order frees goes either to the one that waits or to a new one, never to both."""
        for run in range(REPETITIONS):
            with self.subTest(run=run):
                orders = self._orders([90, 60, 60])
                first, waiting, new = orders
                with self._transaction() as env:
                    self._confirm(env, first)
                    self._confirm(env, waiting)
                acts = [
                    lambda env, first=first: env["sale.order"].browse(first)._action_cancel(),
                    partial(self._confirm, order_id=new),
                ]
                self.assertEqual(self._together(acts, staggered=run % 2 == 0), [])
                self.assertEqual(self._result(orders), {"confirmed": 1, "held": 1, "exposure": 60})

    def test_limit_lowered_while_confirming(self):
        """Whoever comes second sees what the first one did; nobody fails."""
        for run in range(REPETITIONS):
            with self.subTest(run=run):
                with self._transaction() as env:
                    self._account(env).write({"limit_amount": 100})
                (order_id,) = self._orders([60])
                acts = [
                    partial(self._confirm, order_id=order_id),
                    lambda env: self._account(env).write({"limit_amount": 50}),
                ]
                self.assertEqual(self._together(acts, staggered=run % 2 == 0), [])
                with self._transaction() as env:
                    order = env["sale.order"].browse(order_id)
                    account = self._account(env)
                    self.assertEqual(account.effective_limit, 50)
                    checked = self._last_decision(env, order)
                    lowered = self._last_decision(env, account)
                    passed = order.state == "sale"
                    self.assertEqual(passed, checked.id < lowered.id)
                self._result([order_id])

    def _last_decision(self, env, record):
        ours = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return env["suite.decision"].search(ours, order="id desc", limit=1)

    def _shared(self, orders):
        """Confirm two customers' orders at once; only one may pass."""
        for staggered in (False, True):
            self._race(orders, staggered)
            with self._transaction() as env:
                states = env["sale.order"].browse(orders).mapped("state")
                self.assertEqual(sorted(states), ["draft", "sale"])
                env["sale.order"].browse(orders)._action_cancel()
                env["sale.order"].browse(orders).action_draft()

    def test_group_limit(self):
        """B5 raced: two customers of a group with 100 confirm 60 each: exactly one passes."""
        with self._transaction() as env:
            group = env["credit.group"].create({"name": "Race", "limit_amount": 100})
            group.limit_kind = "limited"
            accounts = self._account(env) | self._account(env, self.partner_ids[1])
            accounts.group_id = group
            group_id = group.id
        orders = self._orders([60]) + self._orders([60], self.partner_ids[1])
        self._shared(orders)
        with self._transaction() as env:
            (self._account(env) | self._account(env, self.partner_ids[1])).group_id = False
            env["credit.group"].browse(group_id).unlink()

    def test_parent_limit(self):
        """A parent with 100 and its subsidiary confirm 60 each: exactly one passes."""
        with self._transaction() as env:
            self._account(env, self.partner_ids[1]).parent_id = self._account(env)
        orders = self._orders([60]) + self._orders([60], self.partner_ids[1])
        self._shared(orders)

    def test_two_deliveries_without_order(self):
        """A21 raced: two deliveries of 60 without an order against 100: one leaves, one is told."""
        for staggered in (False, True):
            pickings = self._loose_pickings()
            acts = [
                lambda env, key=key: env["stock.picking"].browse(key).button_validate()
                for key in pickings
            ]
            errors = self._together(acts, staggered)
            with self._transaction() as env:
                done = (
                    env["stock.picking"].browse(pickings).filtered(lambda rec: rec.state == "done")
                )
                exposure = self._account(env).exposure
                self._forget_pickings(env, pickings)
            self.assertEqual([type(error) for error in errors], [UserError], errors)
            self.assertEqual((len(done), exposure), (1, 60))

    def _loose_pickings(self):
        with self._transaction() as env:
            company = env.ref("base.main_company")
            warehouse = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
            places = {
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": env.ref("stock.stock_location_customers").id,
            }
            goods = env["product.product"].create(
                {"name": "Race goods", "type": "consu", "list_price": 60, "taxes_id": False}
            )
            pickings = env["stock.picking"].create(
                [
                    {
                        "partner_id": self.partner_id,
                        "picking_type_id": warehouse.out_type_id.id,
                        "company_id": company.id,
                        **places,
                        "move_ids": [
                            Command.create(
                                {"product_id": goods.id, "product_uom_qty": 1.0, **places}
                            )
                        ],
                    }
                    for __ in range(2)
                ]
            )
            pickings.action_confirm()
            for move in pickings.move_ids:
                move.quantity = 1.0
                move.picked = True
            return pickings.ids

    def _forget_pickings(self, env, ids):
        """Done moves can't be deleted by Odoo's own methods."""
        products = env["stock.picking"].browse(ids).move_ids.product_id.ids
        env.flush_all()
        for statement in (
            SQL("DELETE FROM credit_hold WHERE picking_id = ANY(%s)", ids),
            SQL(
                "DELETE FROM suite_decision WHERE res_model = 'stock.picking' AND res_id = ANY(%s)",
                ids,
            ),
            SQL("DELETE FROM stock_move_line WHERE picking_id = ANY(%s)", ids),
            SQL("DELETE FROM stock_move WHERE picking_id = ANY(%s)", ids),
            SQL("DELETE FROM stock_picking WHERE id = ANY(%s)", ids),
        ):
            env.cr.execute(statement)
        env.invalidate_all(flush=False)
        env["product.product"].browse(products).unlink()
