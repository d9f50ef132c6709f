from ast import literal_eval
from datetime import date, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .attack_case import AttackCase


@tagged("post_install", "-at_install")
class TestReservation(AttackCase):
    """The clock on stock that is reserved for deliveries that are locked for credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_reservation_days = 3
        cls.scarce = cls._scarce("Scarce gear 紧缺齿轮", 12)
        cls.account.limit_amount = 1e6
        cls.mine = cls._sold(cls.poor, cls.scarce, 10)
        cls.theirs = cls._sold(cls.rich, cls.scarce, 5)
        cls.theirs.action_assign()
        cls.account.limit_amount = 1
        cls.own = cls.mine.credit_hold_ids

    @classmethod
    def _scarce(cls, name, quantity):
        product = cls._product(name, "delivery", is_storable=True, list_price=10.0)
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock, quantity)
        return product

    def _run(self):
        """The hourly job; its commits stay inside the test."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress"):
            self.env["credit.hold"].sudo()._cron_reservations()
        self.env.invalidate_all()

    def _pass_days(self, days):
        """As if the hold was that many days old."""
        self.own.sudo().reserved_from = self.today - timedelta(days=days)
        self._run()

    def _reserved(self, picking):
        return picking.move_ids.quantity

    def _decisions(self, outcome):
        return self.env["suite.decision"].search(
            [("kind", "=", "credit.reservation"), ("outcome", "=", outcome)]
        )

    # ------------------------------------------------------------------ the clock

    def test_e9_clock(self):
        """E9: 10 reserved on D, 3 days: kept to D+3 included, then free, 5 of them taken."""
        self.assertEqual((self._reserved(self.mine), self._reserved(self.theirs)), (10, 2))
        self.assertEqual(self.own.reserved_until, self.today + timedelta(days=3))
        self._pass_days(3)
        self.assertEqual((self._reserved(self.mine), self._reserved(self.theirs)), (10, 2))
        self.assertFalse(self.mine.credit_freed_date)
        self._pass_days(4)
        self.assertEqual((self._reserved(self.mine), self._reserved(self.theirs)), (0, 5))
        self.assertEqual(self.theirs.state, "assigned")
        self.assertEqual((self.mine.credit_freed_date, self.own.freed_date), (self.today,) * 2)
        decision = self._decisions("freed")
        self.assertEqual((decision.res_id, len(decision)), (self.mine.id, 1))
        self.assertIn("10 Units Scarce gear", decision.explanation)
        self.assertEqual(decision.inputs[0]["value"], 10)
        notes = self.mine.activity_ids.filtered(lambda rec: "Stock freed" in (rec.note or ""))
        self.assertEqual(notes.user_id, self.salesman)
        self._run()
        self.assertEqual(len(self._decisions("freed")), 1)

    def test_not_reserved_again_while_locked(self):
        """Neither Check Availability nor the scheduler gives it back; the others keep theirs."""
        self._pass_days(4)
        self.mine.with_user(self.storekeeper).action_assign()
        self.mine.move_ids._action_assign()
        self.env["stock.rule"].run_scheduler(company_id=self.company.id)
        self.env["stock.quant"]._update_available_quantity(self.scarce, self.stock, 20)
        self.mine.move_ids._trigger_assign()
        self.mine.action_assign()
        self.assertEqual((self._reserved(self.mine), self._reserved(self.theirs)), (0, 5))
        self.mine.with_user(self.storekeeper).write({"credit_freed_date": False})
        self.assertEqual(self.mine.credit_freed_date, self.today)

    def test_release_reserves_again(self):
        """Released with 7 left of 10: seven reserved, "short by 3" on hold, delivery, activity."""
        self._pass_days(4)
        self.own.with_user(self.controller).action_release("老板同意")
        self.assertEqual((self.own.state, self._reserved(self.mine)), ("released", 7))
        self.assertFalse(self.mine.credit_freed_date)
        self.assertIn("short by 3 Units", self._decisions("short").explanation)
        for record in (self.own, self.mine):
            self.assertIn("short by 3 Units", str(record.message_ids.mapped("body")))
        notes = self.mine.activity_ids.filtered(lambda rec: "short by 3" in (rec.note or ""))
        self.assertEqual(notes.user_id, self.salesman)

    def test_payment_reserves_again(self):
        """Free by a raised limit: reserved again in the same transaction, nothing short."""
        self._pass_days(4)
        self.env["stock.quant"]._update_available_quantity(self.scarce, self.stock, 3)
        self.account.limit_amount = 1e6
        self.assertEqual((self.own.state, self._reserved(self.mine)), ("closed", 10))
        self.assertEqual((len(self._decisions("reserved")), len(self._decisions("short"))), (1, 0))
        self.mine.move_ids.picked = True
        self.mine.with_user(self.storekeeper).button_validate()
        self.assertEqual(self.mine.state, "done")

    def test_locked_again_starts_again(self):
        """A delivery that got free and is locked anew has the full days again."""
        self._pass_days(4)
        self.account.limit_amount = 1e6
        self.account.limit_amount = 1
        new = self.mine.credit_hold_ids.filtered(lambda hold: hold.state == "open")
        self.assertEqual(new.reserved_until, self.today + timedelta(days=3))
        self.assertEqual(self._reserved(self.mine), 7)
        self._run()
        self.assertEqual(self._reserved(self.mine), 7)

    def test_rejected(self):
        """E8: a rejected delivery's stock is free for others at once and isn't taken again."""
        self.own.with_user(self.controller).action_reject("不再供货")
        self.assertEqual((self._reserved(self.mine), self._reserved(self.theirs)), (0, 5))
        self.mine.action_assign()
        self.assertEqual(self._reserved(self.mine), 0)

    def test_warning(self):
        """The day before the last the salesperson is told, once."""
        self._pass_days(1)
        self.assertFalse(self.own.reservation_warned)
        self._pass_days(2)
        self._run()
        notes = self.mine.activity_ids.filtered(lambda rec: "About to lose" in (rec.note or ""))
        self.assertEqual((notes.user_id, len(notes)), (self.salesman, 1))
        self.assertIn("10 Units Scarce gear", notes.note)

    def test_for_ever(self):
        """0 days: kept as long as the delivery waits; a changed setting counts at once."""
        self.company.credit_reservation_days = 0
        self.assertFalse(self.own.reserved_until)
        self._pass_days(400)
        self.assertEqual(self._reserved(self.mine), 10)
        self.company.credit_reservation_days = 5
        self.assertEqual(self.own.reserved_until, self.today - timedelta(days=395))
        self._run()
        self.assertEqual(self._reserved(self.mine), 0)
        with self.assertRaises(ValidationError):
            self.company.credit_reservation_days = -1

    def test_days_of_the_company(self):
        """In Shanghai it is the 25th when the server's clock still shows the 24th."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.own.sudo().reserved_from = date(2026, 11, 21)
        with freeze_time("2026-11-24 15:59:00"):
            self._run()
            self.assertEqual(self._reserved(self.mine), 10)
        with freeze_time("2026-11-24 16:01:00"):
            self._run()
            self.assertEqual(self._reserved(self.mine), 0)
        self.assertEqual(self.mine.credit_freed_date, date(2026, 11, 25))

    def test_order_of_those_who_wait(self):
        """Freed stock goes to the urgent delivery first, then by date."""
        late = self._sold(self.rich, self.scarce, 6)
        urgent = self._sold(self.rich, self.scarce, 6)
        urgent.priority = "1"
        self.assertEqual([self._reserved(rec) for rec in (self.theirs, late, urgent)], [2, 0, 0])
        self._pass_days(4)
        self.assertEqual([self._reserved(rec) for rec in (urgent, self.theirs, late)], [6, 5, 1])

    def test_picked_stays(self):
        """What a person has picked already isn't taken out of his hands."""
        self.mine.move_ids.picked = True
        self._pass_days(4)
        self.assertEqual(self._reserved(self.mine), 10)

    def test_supply_of_the_delivery(self):
        """Stock that is reserved elsewhere, to be brought for the locked delivery, is freed too."""
        reserve = self.env["stock.location"].create(
            {"name": "Reserve 备库", "location_id": self.warehouse.view_location_id.id}
        )
        self.env["stock.quant"]._update_available_quantity(self.scarce, reserve, 4)
        supply = self.env["stock.move"].create(
            {
                "product_id": self.scarce.id,
                "product_uom_qty": 4,
                "location_id": reserve.id,
                "location_dest_id": self.stock.id,
                "picking_type_id": self.warehouse.int_type_id.id,
                "move_dest_ids": [Command.set(self.mine.move_ids.ids)],
            }
        )
        supply._action_confirm()
        supply._action_assign()
        self.assertEqual((supply.quantity, supply.state), (4, "assigned"))
        self._pass_days(4)
        self.assertEqual((supply.quantity, self._reserved(self.mine)), (0, 0))
        supply._action_assign()
        self.assertEqual(supply.quantity, 0)
        self.account.limit_amount = 1e6
        self.assertEqual(supply.quantity, 4)

    # ------------------------------------------------------------------ who sees it

    def _listed(self, user):
        action = self.env.ref("credit_risk.credit_hold_action_reservation")
        domain = self.env["ir.actions.act_window"].sudo().browse(action.id).domain
        holds = self.env["credit.hold"].with_user(user)
        return holds.search(literal_eval(domain), order="reserved_until, id")

    def test_list(self):
        """About to lose stock, by date: each salesperson his own, finance and the boss all."""
        second = self._sold(self.rich, self._scarce("Other 其他", 3), 3)
        self.env["credit.account"]._for(self.rich, self.company).write(
            {"limit_kind": "limited", "limit_amount": 1}
        )
        other = second.credit_hold_ids
        other.sudo().user_id = self.sales_boss
        other.sudo().reserved_from = self.today - timedelta(days=1)
        everything = self._listed(self.manager)
        self.assertEqual(everything[:1], other)
        self.assertLessEqual(self.own, everything)
        self.assertIn(self.own, self._listed(self.salesman))
        self.assertNotIn(other, self._listed(self.salesman))
        self.assertIn(other, self._listed(self.sales_boss))
        self.assertEqual((self.own.days_left, other.days_left), (3, 2))
        self.assertEqual(other.reserved_goods, "3 Units Other 其他")
        self._pass_days(4)
        self.assertNotIn(self.own, self._listed(self.manager))
