from datetime import timedelta

from odoo import api, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestQuotingReservation(SupplyCase):
    """What a quotation reserves, for how long, and what ends it."""

    def setUp(self):
        super().setUp()
        self.company.supply_reservation_days = 5
        self.product = self.make_product("轴", stock=6, lead=10)
        self.seller = self.make_user("reserve_seller", "sales_team.group_sale_salesman")
        self.order = self.quote(self.product, 4, user_id=self.seller.id, validity_date=False)
        self.line = self.order.order_line
        crons = type(self.env["ir.cron"])
        self.patch(crons, "_commit_progress", api.model(lambda *args, **kwargs: 1.0))

    def _reserve(self):
        self.order.with_user(self.seller).action_reserve_promises()

    def _date_of(self, quantity):
        return self.quote(self.product, quantity).get_promises()[0]["date"]

    def _outcomes(self):
        decisions = self.env["suite.decision"].search(
            [
                ("kind", "=", "supply.reservation"),
                ("res_model", "=", "sale.order"),
                ("res_id", "=", self.order.id),
            ],
            order="id",
        )
        return decisions.mapped("outcome")

    def test_kept_from_others(self):
        """4 of 6 are reserved: another gets 2 today, 3 only in 10 days; ended, all 6 again."""
        self._reserve()
        self.assertEqual(self.line.reserved_quantity, 4)
        self.assertEqual(self.line.promise_told_date, self.today)
        left = self.line.reserved_until - fields.Datetime.now()
        self.assertTrue(timedelta(days=4, hours=23) < left <= timedelta(days=5))
        self.assertEqual(self.order.reserved_until, self.line.reserved_until)
        self.assertEqual(self._date_of(2), self.today)
        self.assertEqual(self._date_of(3), self.day(10))
        self.assertEqual(self.order.get_promises()[0]["date"], self.today)
        self.order.with_user(self.seller).action_end_reservation()
        self.assertEqual((self.line.reserved_quantity, self.order.reserved_until), (0, False))
        self.assertEqual(self._date_of(6), self.today)
        self.assertEqual(self._outcomes(), ["reserved", "ended"])

    def test_found_by_the_filter(self):
        """Reserved quotations are found, others aren't."""
        other = self.quote(self.product, 1)
        self._reserve()
        found = self.env["sale.order"].search([("reserved_until", "!=", False)])
        self.assertIn(self.order, found)
        self.assertNotIn(other, found)
        both = self.order | other
        until = self.order.reserved_until
        for operator, value, expected in (
            ("=", False, other),
            ("!=", False, self.order),
            ("in", [until, False], both),
            ("not in", [until], other),
            ("=", until, self.order),
            ("!=", until, other),
            (">", fields.Datetime.now(), self.order),
        ):
            found = both.search([("id", "in", both.ids), ("reserved_until", operator, value)])
            self.assertEqual(found, expected, (operator, value))

    def test_planned_goods_only(self):
        """What isn't planned isn't reserved: the plan keeps nothing of it."""
        other = self.make_product("不计划", stock=5)
        other.supply_mode = "rules"
        self.order.order_line = [Command.create({"product_id": other.id, "product_uom_qty": 2})]
        self._reserve()
        self.assertEqual(self.order.order_line.mapped("reserved_quantity"), [4, 0])
        self.line.unlink()
        with self.assertRaises(UserError):
            self._reserve()

    def test_planned_in_the_same_act(self):
        """Reserving takes the warehouse's plan and plans at once: nothing is left to the queue."""
        self.line.product_uom_qty = 8
        self.planner._plan_changes()
        row = self.planner.search([("warehouse_id", "=", self.warehouse.id)])
        before = row.version
        self._reserve()
        row.invalidate_recordset()
        self.assertGreater(row.version, before)
        self.assertEqual([line[1] for line in self.plan(self.product)], [2])
        self.assertUnchanged()

    def test_never_beyond_the_quotation(self):
        """The expiration ends it earlier; an expired quotation reserves nothing."""
        self.order.validity_date = self.day(2)
        self._reserve()
        self.assertEqual(
            fields.Datetime.context_timestamp(
                self.order.with_context(tz="Asia/Shanghai"), self.line.reserved_until
            ).date(),
            self.day(3),
        )
        self.order.validity_date = self.day(-1)
        with self.assertRaises(UserError):
            self._reserve()

    def test_rights(self):
        """The order's salesperson and sales managers; no colleague, even who may write."""
        colleague = self.make_user("reserve_other", "sales_team.group_sale_salesman_all_leads")
        stranger = self.make_user("reserve_own_only", "sales_team.group_sale_salesman")
        boss = self.make_user("reserve_boss", "sales_team.group_sale_manager")
        for user in (colleague, stranger):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_reserve_promises()
        self.assertTrue(self.order.with_user(self.seller).reservation_allowed)
        self.assertFalse(self.order.with_user(colleague).reservation_allowed)
        self.order.with_user(boss).action_reserve_promises()
        with self.assertRaises(AccessError):
            self.order.with_user(colleague).action_end_reservation()
        self.assertEqual(self.line.reserved_quantity, 4)

    def test_not_allowed_by_the_company(self):
        """0 days: no reservations, no button, not by sending either."""
        self.company.write({"supply_reservation_days": 0, "supply_reservation_on_sent": True})
        with self.assertRaises(UserError):
            self._reserve()
        self.assertFalse(self.order.with_user(self.seller).reservation_allowed)
        self.order.action_quotation_sent()
        self.assertFalse(self.line.reserved_quantity)

    def test_reserved_when_sent(self):
        """Where the company says so, sending reserves."""
        self.company.supply_reservation_on_sent = True
        self.order.with_user(self.seller).action_quotation_sent()
        self.assertEqual(self.line.reserved_quantity, 4)
        self.assertEqual(self._outcomes(), ["reserved"])

    def test_changes_of_the_line(self):
        """Raised: as before. Lowered: less. Another unit: the same goods. Other product: none."""
        self._reserve()
        line = self.line.with_user(self.seller)
        line.product_uom_qty = 6
        self.assertEqual(self.line.reserved_quantity, 4)
        line.product_uom_qty = 3
        self.assertEqual(self.line.reserved_quantity, 3)
        line.product_id = self.make_product("另", stock=9)
        self.assertEqual((self.line.reserved_quantity, self.line.reserved_until), (0, False))

    def test_other_unit(self):
        """24 pieces reserved are 2 dozen."""
        self.put_in_stock(self.product, 30)
        self.line.product_uom_qty = 24
        self._reserve()
        self.line.with_user(self.seller).write(
            {"product_uom_id": self.env.ref("uom.product_uom_dozen").id, "product_uom_qty": 2}
        )
        self.assertEqual(self.line.reserved_quantity, 2)

    def test_confirm_cancel_and_delete_end_it(self):
        """Each of them gives back what was reserved; the plan is told."""
        self._reserve()
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual((self.order.state, self.line.reserved_quantity), ("sale", 0))
        self.assertEqual(self.line.promised_date, self.today)
        for end in ("_action_cancel", "unlink"):
            order = self.quote(self.product, 2, user_id=self.seller.id, validity_date=False)
            order.action_reserve_promises()
            self.assertEqual(self._date_of(2), self.day(10))
            getattr(order, end)()
            self.assertEqual(self._date_of(2), self.today)

    def test_its_own_goods_at_confirmation(self):
        """All is reserved and nothing free is left: the order still confirms with its day."""
        self.line.product_uom_qty = 6
        self._reserve()
        self.order.with_user(self.seller).action_confirm()
        self.assertEqual(self.line.promised_date, self.today)

    def test_expires(self):
        """The hourly job ends what is over, with a note, and nothing else."""
        self._reserve()
        later = self.quote(self.product, 1, user_id=self.seller.id, validity_date=False)
        later.action_reserve_promises()
        self.line.reserved_until = fields.Datetime.now() - timedelta(minutes=1)
        self.env["sale.order"]._cron_reservations()
        self.assertFalse(self.line.reserved_quantity)
        self.assertEqual(later.order_line.reserved_quantity, 1)
        self.assertEqual(self._outcomes(), ["reserved", "expired"])
        self.assertTrue(self.order.message_ids.filtered(lambda msg: "expired" in (msg.body or "")))

    def test_reminds_once(self):
        """A day before the end its salesperson gets one activity; it goes with the reservation."""
        self._reserve()
        cron = self.env["sale.order"]._cron_reservations
        cron()
        self.assertFalse(self.order.activity_ids)
        self.line.reserved_on = fields.Datetime.now() - timedelta(days=4)
        self.line.reserved_until = fields.Datetime.now() + timedelta(hours=20)
        cron()
        cron()
        self.assertEqual(self.order.activity_ids.user_id, self.seller)
        self.assertEqual(len(self.order.activity_ids), 1)
        self.order.with_user(self.seller).action_reserve_promises()
        self.assertFalse(self.order.activity_ids)
