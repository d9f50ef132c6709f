from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from .common import CreditCase
from .test_prepaid import OnlineCase

PLAN = (
    ("Down payment", "before_supply", 30, 0),
    ("Before shipping", "before_shipment", 60, 0),
    ("Rest", "days_after_delivery", 10, 30),
)


class MilestoneCase(CreditCase):
    @classmethod
    def _plan(cls, plan=PLAN):
        return [
            Command.create({"name": name, "trigger": trigger, "percent": percent, "days": days})
            for name, trigger, percent, days in plan
        ]

    def _order_with_plan(self, price=10000, partner=None, plan=PLAN, **values):
        partner = partner or self._customer(100000)
        return self._order(partner, price, payment_milestone_ids=self._plan(plan), **values)

    def _pay(self, order, amount, **values):
        payment = self.env["account.payment"].create(
            {
                "partner_id": order.partner_invoice_id.commercial_partner_id.id,
                "partner_type": "customer",
                "payment_type": "inbound",
                "amount": amount,
                "date": self.today,
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_method_line_id": self.inbound_payment_method_line.id,
                "memo": order.name,
                **values,
            }
        )
        payment.action_post()
        return payment


@tagged("post_install", "-at_install")
class TestMilestones(MilestoneCase, OnlineCase):
    """Payments that an order waits for before supply and before shipment (C11)."""

    # ------------------------------------------------------------------ amounts

    def test_amounts_take_the_rest(self):
        """Each is its percent of the total, tax included; the last takes what rounding leaves."""
        tax = self.env["account.tax"].create({"name": "13", "amount": 13.0})
        thirds = (("a", "confirm", 33.3333, 0), ("b", "delivery", 33.3333, 0))
        thirds = (*thirds, ("c", "days_after_delivery", 33.3334, 10))
        order = self._order_with_plan(88.5, plan=thirds, tax=tax)
        self.assertEqual(order.amount_total, 100.01)
        self.assertEqual(order.payment_milestone_ids.mapped("amount"), [33.34, 33.34, 33.33])
        order.order_line.price_unit = 177
        self.assertEqual(sum(order.payment_milestone_ids.mapped("amount")), 200.01)
        part = self._order_with_plan(100.01, plan=PLAN[:2])
        self.assertEqual(part.payment_milestone_ids.mapped("amount"), [30, 60.01])

    def test_sum_of_percent(self):
        """At most 100 %: whoever asks for more is told, lines changed together count together."""
        order = self._order_with_plan()
        first, second, __ = order.payment_milestone_ids
        with self.assertRaisesRegex(ValidationError, "101"):
            first.percent = 31
        order.write(
            {
                "payment_milestone_ids": [
                    Command.update(first.id, {"percent": 50}),
                    Command.update(second.id, {"percent": 40}),
                ]
            }
        )
        self.assertEqual(order.payment_milestone_ids.mapped("amount"), [5000, 4000, 1000])
        with self.assertRaisesRegex(ValidationError, "110"):
            order.write({"payment_milestone_ids": [Command.update(second.id, {"percent": 50})]})
        with self.assertRaisesRegex(ValidationError, "120"):
            self._order_with_plan(plan=(("a", "confirm", 60, 0), ("b", "delivery", 60, 0)))

    def test_paid_in_the_order_of_events(self):
        """Money covers the milestones as their events follow each other; states tell it."""
        order = self._order_with_plan()
        milestones = order.payment_milestone_ids
        self.assertEqual(milestones.mapped("state"), ["waiting"] * 3)
        self._pay(order, 4000)
        milestones.invalidate_recordset()
        self.assertEqual(milestones.mapped("paid_amount"), [3000, 1000, 0])
        self.assertEqual(milestones.mapped("open_amount"), [0, 5000, 1000])
        self.assertEqual(milestones.mapped("state"), ["paid", "partly", "waiting"])
        found = self.env["sale.payment.milestone"].search(
            [("state", "=", "partly"), ("order_id", "=", order.id)]
        )
        self.assertEqual(found, milestones[1])
        found = self.env["sale.payment.milestone"].search(
            [("state", "!=", "paid"), ("order_id", "=", order.id)]
        )
        self.assertEqual(found, milestones[1:])

    def test_foreign_currency(self):
        """Milestones are in the order's currency, what is missing in the company's."""
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        prices = self.env["product.pricelist"].create({"name": "€", "currency_id": euro.id})
        order = self._order_with_plan(1000, pricelist_id=prices.id)
        self.assertEqual(order.payment_milestone_ids.mapped("amount"), [300, 600, 100])
        self.assertEqual(order._credit_open_milestone("before_supply"), 600)
        self._pay(order, 300, currency_id=euro.id)
        self.assertEqual(order._credit_open_milestone("before_supply"), 0)
        self.assertEqual(order._credit_open_milestone("before_shipment"), 1200)

    def test_due_dates(self):
        """Due on confirmation, with the planned delivery, and days after the last delivery."""
        plan = (("a", "confirm", 10, 5), ("b", "before_shipment", 20, 0), ("c", "delivery", 30, 0))
        order = self._order_with_plan(
            100, plan=(*plan, ("d", "days_after_delivery", 40, 30)), quantity=2
        )
        milestones = order.payment_milestone_ids
        self.assertEqual(milestones.mapped("due_date"), [False] * 4)
        order.write({"payment_milestone_ids": [Command.delete(milestones[1].id)]})
        order.action_confirm()
        milestones = order.payment_milestone_ids
        self.assertEqual(
            milestones.mapped("due_date"), [self.today + timedelta(days=5), False, False]
        )
        self._ship(order, 1)
        self.assertEqual(milestones.mapped("due_date")[1:], [False, False])
        self._ship(order)
        self.assertEqual(
            milestones.mapped("due_date")[1:], [self.today, self.today + timedelta(days=30)]
        )
        self.assertEqual(milestones.mapped("state"), ["due"] * 3)
        for picking in order.picking_ids:
            picking.date_done -= timedelta(days=40)
        self.assertEqual(milestones.mapped("state"), ["due", "overdue", "overdue"])

    # ------------------------------------------------------------------ where they come from

    def _term(self, **values):
        return self.env["account.payment.term"].create(
            {"name": "30/60/10", "milestone_ids": self._plan(), **values}
        )

    def test_template_of_the_terms(self):
        """A quotation takes the milestones of its terms, or of the customer's; by hand stays."""
        term = self._term()
        order = self._order(self._customer(100), 1000, payment_term_id=term.id)
        self.assertEqual(order.payment_milestone_ids.mapped("amount"), [300, 600, 100])
        order.payment_term_id = False
        self.assertFalse(order.payment_milestone_ids)
        order.payment_milestone_ids = self._plan(PLAN[:1])
        order.payment_term_id = self.env.ref("account.account_payment_term_30days")
        self.assertEqual(order.payment_milestone_ids.mapped("amount"), [300])
        partner = self._customer(100)
        partner.property_payment_term_id = term
        self.assertEqual(len(self._order(partner, 1000).payment_milestone_ids), 3)
        own = self._order(partner, 1000, payment_milestone_ids=self._plan(PLAN[:1]))
        self.assertEqual(own.payment_milestone_ids.mapped("name"), ["Down payment"])
        self.assertEqual(own.copy().payment_milestone_ids.mapped("amount"), [300])

    def test_template_on_the_screen(self):
        """The salesperson sees the milestones of the terms when choosing them."""
        partner = self._customer(100, user_id=self.salesman.id)
        form = Form(self.env["sale.order"].with_user(self.salesman))
        form.partner_id = partner
        form.payment_term_id = self._term()
        order = form.save()
        self.assertEqual(order.payment_milestone_ids.mapped("percent"), [30, 60, 10])

    def test_template_sum(self):
        """A template asks for at most 100 % as well."""
        with self.assertRaisesRegex(ValidationError, "110"):
            self._term().milestone_ids[0].percent = 40

    # ------------------------------------------------------------------ gates

    def test_missing_before_supply_and_shipment(self):
        """C11: a gate asks for all that is due up to it; without a gate nothing is missing."""
        order = self._order_with_plan()
        self.assertEqual(order._credit_open_milestone("before_supply"), 3000)
        self.assertEqual(order._credit_open_milestone("before_shipment"), 9000)
        self._pay(order, 8999.99)
        self.assertEqual(order._credit_open_milestone("before_supply"), 0)
        self.assertEqual(order._credit_open_milestone("before_shipment"), 0.01)
        self._pay(order, 0.01)
        self.assertEqual(order._credit_open_milestone("before_shipment"), 0)
        later = self._order_with_plan(plan=(("a", "confirm", 50, 0), ("b", "delivery", 50, 0)))
        self.assertEqual(later._credit_open_milestone("before_shipment"), 0)

    def test_order_waits_for_its_milestones(self):
        """C11: held until 3,000 are paid, then confirmed by itself; shipping free at 9,000."""
        order = self._order_with_plan()
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertEqual(order.credit_hold_ids.reason_codes, "MILESTONE")
        self.assertFalse(order.picking_ids)
        self._pay(order, 2999.99)
        self.assertEqual(order.credit_state, "hold")
        self._pay(order, 0.01)
        self.assertEqual(order.state, "sale")
        picking = order.picking_ids
        self.assertTrue(picking.shipment_locked)
        payment = self._pay(order, 5999.99)
        self.assertTrue(picking.shipment_locked)
        last = self._pay(order, 0.01)
        self.assertFalse(picking.shipment_locked)
        last.action_draft()
        self.assertTrue(picking.shipment_locked)
        last.action_post()
        self.assertFalse(picking.shipment_locked)
        payment.prepaid_order_id = False
        self.assertTrue(picking.shipment_locked)
        payment.prepaid_order_id = order
        self._ship(order)
        self.assertEqual(picking.state, "done")

    def test_unmatching_locks_again(self):
        """C11: undoing the match of a down payment locks what isn't shipped."""
        order = self._order_with_plan()
        order.action_confirm()
        action = order.with_user(self.salesman).action_credit_down_payment()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(invoice.amount_total, 3000)
        invoice.with_user(self.accountant).action_post()
        self._register_payment(invoice, payment_date=self.today)
        self.assertEqual(order.state, "sale")
        action = order.with_user(self.salesman).action_credit_down_payment()
        invoice = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(invoice.amount_total, 6000)
        invoice.with_user(self.accountant).action_post()
        self._register_payment(invoice, payment_date=self.today)
        self.assertFalse(order.picking_ids.shipment_locked)
        invoice.line_ids.remove_move_reconcile()
        self.assertTrue(order.picking_ids.shipment_locked)

    def test_online_payment_confirms(self):
        """C11: an online payment confirms the order when it is processed; a void locks again."""
        order = self._order_with_plan()
        order.action_confirm()
        tx = self._transaction(order, 3000, "authorized")
        self.assertEqual(order.credit_state, "hold")
        tx._post_process()
        self.assertEqual(order.state, "sale")
        rest = self._transaction(order, 6000, "authorized")
        rest._post_process()
        self.assertFalse(order.picking_ids.shipment_locked)
        rest._write({"state": "cancel"})
        rest.invalidate_recordset()
        rest._post_process()
        self.assertTrue(order.picking_ids.shipment_locked)

    def test_gates_of_many_orders(self):
        """What many orders wait for is read with the same number of queries as for two."""
        partner = self._customer(1000000)
        orders = self.env["sale.order"]
        for __ in range(6):
            orders |= self._order_with_plan(100, partner=partner)
            self._pay(orders[-1:], 30)
        counts = []
        for some in (orders[:2], orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some = self.env["sale.order"].browse(some.ids)
            missing = [order._credit_open_milestone("before_shipment") for order in some]
            self.assertEqual(missing, [60] * len(some))
            self.assertFalse(any(order._credit_is_prepaid() for order in some))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    # ------------------------------------------------------------------ rights

    def test_protected_after_the_order(self):
        """A salesperson changes quotations alone; held and confirmed ones are finance's."""
        order = self._order_with_plan()
        milestone = order.payment_milestone_ids[0]
        as_salesman = milestone.with_user(self.salesman)
        as_salesman.percent = 20
        as_salesman.write({"paid_amount": 5, "amount": 5, "due_date": self.today})
        self.assertEqual((milestone.amount, milestone.due_date), (2000, False))
        milestone.invalidate_recordset()
        self.assertEqual(milestone.paid_amount, 0)
        order.action_confirm()
        self.assertEqual(order.credit_state, "hold")
        for attack in (
            lambda: as_salesman.write({"percent": 1}),
            as_salesman.unlink,
            lambda: order.with_user(self.salesman).write(
                {"payment_milestone_ids": [Command.clear()]}
            ),
            lambda: as_salesman.copy({"percent": 1}),
        ):
            with self.assertRaises(AccessError):
                attack()
        milestone.with_user(self.accountant).percent = 10
        milestone.with_user(self.sales_boss).percent = 30
        order.with_user(self.salesman).payment_term_id = self._term()
        self.assertEqual(order.payment_milestone_ids[0], milestone)

    def test_lowered_milestone_frees(self):
        """Finance asks for less: the order that waited is confirmed."""
        order = self._order_with_plan()
        order.action_confirm()
        self._pay(order, 1000)
        self.assertEqual(order.credit_state, "hold")
        order.payment_milestone_ids[0].with_user(self.accountant).percent = 10
        self.assertEqual(order.state, "sale")
        self.assertTrue(
            any(
                "Down payment 30 % (Before Supply), Before shipping" in body
                and "→ Down payment 10 %" in body
                for body in order.message_ids.mapped(lambda rec: rec.body.striptags())
            )
        )

    def test_milestone_stays_with_its_order(self):
        """It can't be moved to another order."""
        order, other = self._order_with_plan(), self._order_with_plan(plan=())
        with self.assertRaises(ValidationError):
            order.payment_milestone_ids[0].order_id = other

    def test_storekeeper_and_strangers(self):
        """Others neither read nor write milestones; salespeople see those of their orders."""
        order = self._order_with_plan()
        with self.assertRaises(AccessError):
            order.payment_milestone_ids[0].with_user(self.storekeeper).read(["amount"])
        order.user_id = self.sales_boss
        with self.assertRaises(AccessError):
            order.payment_milestone_ids[0].with_user(self.salesman).read(["amount"])
        order.payment_milestone_ids.with_user(self.accountant).read(["amount", "state"])


@tagged("post_install", "-at_install")
class TestMilestonePortal(MilestoneCase, HttpCase):
    def test_customer_sees_what_is_due(self):
        """The order's page tells the customer which payment is due before what."""
        order = self._order_with_plan()
        order.state = "sent"
        page = self.url_open(order.get_portal_url()).text
        self.assertIn("payment_milestones", page)
        self.assertIn("Before Supply", page)
        self.assertIn("3,000.00", page)
        self.assertIn("days after delivery", page)
