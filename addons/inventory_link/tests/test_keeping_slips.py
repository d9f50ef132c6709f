"""A confirmed promise is watched: its owner is told once, and told when it holds again."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.inventory_link.models.keeping.sale_order_slips import ACTIVITY

from .scenario import ScenarioCase


class KeepingMixin:
    @classmethod
    def promise_now(cls, *orders):
        """What is possible now is what was promised at confirm."""
        for order in orders:
            for line in order.order_line:
                line.sudo().promised_date = line.promise_date

    def slips(self, *orders):
        """Open activities about slipped promises of these orders."""
        return self.env["mail.activity"].search(
            [
                ("activity_type_id", "=", self.env.ref(ACTIVITY).id),
                ("res_model", "=", "sale.order"),
                ("res_id", "in", [order.id for order in orders]),
            ]
        )

    def decisions(self, record, kind):
        return self.env["suite.decision"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id), ("kind", "=", kind)],
            order="id",
        )

    def move_purchase(self, purchase, due):
        """The vendor names another day, and the plan follows."""
        purchase.order_line.date_planned = self.noon(due)
        self.planner._plan_changes()

    def sold_on_purchase(self, due=20, comes=10):
        """10 pieces promised for ``due``, to come with a purchase that nothing can replace in
        time."""
        product = self.make_product("齿轮", lead=30)
        purchase = self.purchase(product, 10, comes)
        order = self.sell(product, 10, due)
        self.planner._plan_changes()
        self.promise_now(order)
        return product, purchase, order


@tagged("post_install", "-at_install")
class TestSlips(KeepingMixin, ScenarioCase):
    def test_slip_is_told_once_changed_in_place_and_closed(self):
        """A purchase slips beyond the promise: one activity for the salesperson, which follows
        the day, and goes when the promise holds again. Each turn has one decision."""
        seller = self.make_user("slip_seller", "sales_team.group_sale_salesman")
        _product, purchase, order = self.sold_on_purchase()
        order.user_id = seller
        self.assertEqual(self.offset(order.order_line.promised_date), 20)
        self.assertFalse(self.slips(order))

        self.move_purchase(purchase, 35)
        activity = self.slips(order)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, seller)
        self.assertEqual(activity.date_deadline, self.today)
        self.assertEqual(order.order_line.late_driver[0], "purchase")
        decisions = self.decisions(order, "promise.slip")
        self.assertEqual(decisions.mapped("outcome"), ["slipped"])
        values = {line["field"]: line["value"] for line in decisions.sudo().input_values}
        self.assertEqual(values["promised_date"], str(self.day(20)))
        self.assertEqual(values["promise_date"], str(self.day(35)))

        before = activity.note
        self.move_purchase(purchase, 36)
        self.assertEqual(self.slips(order), activity)
        self.assertNotEqual(activity.note, before)
        self.assertEqual(len(self.decisions(order, "promise.slip")), 1)

        self.move_purchase(purchase, 15)
        self.assertFalse(self.slips(order))
        self.assertFalse(order.order_line.late_driver)
        self.assertEqual(
            self.decisions(order, "promise.slip").mapped("outcome"), ["slipped", "kept"]
        )

    def test_twice_is_nothing(self):
        """The same state again, by a full run or the hourly look: no row is written."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 35)
        activity, messages = self.slips(order), len(order.message_ids)
        written = activity.write_date
        self.planner.run(self.warehouse.ids)
        self.env["sale.order"]._watch_promises(None)
        self.env["sale.order"]._watch_promises(order.order_line.ids)
        self.assertEqual(self.slips(order), activity)
        self.assertEqual(activity.write_date, written)
        self.assertEqual(len(order.message_ids), messages)
        with self.assertQueryCount(1):
            self.env["sale.order"]._watch_promises(order.order_line.ids)

    def test_no_storm(self):
        """40 orders that slip at once cost as many statements as 5, and send no mail."""
        counts, mails = [], self.env["mail.mail"].search_count([])
        for number in (5, 40):
            product = self.make_product(f"齿轮{number}", lead=30)
            purchase = self.purchase(product, number, 10)
            purchase.order_line.supply_locked = True
            orders = self.confirm_all([self.quote(product, 1, 20) for _each in range(number)])
            self.promise_now(*orders)
            lines = orders.order_line
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE sale_order_line SET promise_date = promised_date + 9,"
                " promise_data = %s WHERE id = ANY(%s)",
                (f'["purchase", {product.id}, {purchase.order_line.id}]', lines.ids),
            )
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.env["sale.order"]._watch_promises(lines.ids)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
            self.assertEqual(len(self.slips(*orders)), number)
        self.assertLess(counts[1] - counts[0], 35, counts)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_owner(self):
        """Without a salesperson the leader of the team is told, else a planner of the company."""
        leader = self.make_user("slip_leader", "sales_team.group_sale_manager")
        team = self.env["crm.team"].create(
            {"name": "队", "user_id": leader.id, "company_id": self.company.id}
        )
        _product, purchase, order = self.sold_on_purchase()
        order.write({"user_id": False, "team_id": team.id})
        self.move_purchase(purchase, 35)
        self.assertEqual(self.slips(order).user_id, leader)

        team.user_id = False
        planner = order._slip_owners()[order]
        self.assertTrue(planner.has_group("inventory_link.group_supply_planner"))
        self.assertIn(self.company, planner.company_ids)

    def test_owner_outside_the_company(self):
        """A salesperson who can't enter the order's company isn't told."""
        elsewhere = self.env["res.company"].sudo().create({"name": "别的公司"})
        stranger = self.env["res.users"].create(
            {
                "name": "外人",
                "login": "slip_stranger",
                "company_id": elsewhere.id,
                "company_ids": [Command.set(elsewhere.ids)],
            }
        )
        _product, purchase, order = self.sold_on_purchase()
        order.sudo().user_id = stranger
        self.move_purchase(purchase, 35)
        self.assertNotEqual(self.slips(order).user_id, stranger)

    def test_vanished_promise(self):
        """A part without any date is a slip: its vendor's price has gone."""
        product = self.make_product("无供应商", lead=5)
        order = self.sell(product, 3, 20)
        self.promise_now(order)
        product.seller_ids.unlink()
        self.planner._plan_changes()
        self.assertFalse(order.order_line.promise_date)
        self.assertEqual(len(self.slips(order)), 1)
        self.assertEqual(order.order_line.late_driver[0], "no_vendor")

    def test_cancelled_and_delivered_orders_are_quiet(self):
        """A cancelled order is told nothing any more, and it isn't called kept."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 35)
        self.assertEqual(len(self.slips(order)), 1)
        order._action_cancel()
        self.env["sale.order"]._watch_promises(order.order_line.ids)
        self.assertFalse(self.slips(order))
        self.assertEqual(self.decisions(order, "promise.slip").mapped("outcome"), ["slipped"])

    def test_one_activity_for_two_lines(self):
        """An order of two lines that both slip has one activity with both."""
        one, two = self.make_product("甲件", lead=30), self.make_product("乙件", lead=30)
        purchases = [self.purchase(product, 5, 10) for product in (one, two)]
        order = self.quote(
            one,
            5,
            20,
            order_line=[
                Command.create({"product_id": product.id, "product_uom_qty": 5})
                for product in (one, two)
            ],
        )
        order.action_confirm()
        self.planner._plan_changes()
        self.promise_now(order)
        for purchase in purchases:
            self.move_purchase(purchase, 33)
        activity = self.slips(order)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.note.count("<li>"), 2)

    def test_language_of_the_owner(self):
        """The note has the owner's formats of dates, whoever plans."""
        self.env["res.lang"]._activate_lang("zh_CN")
        seller = self.make_user("slip_zh", "sales_team.group_sale_salesman")
        seller.lang = "zh_CN"
        _product, purchase, order = self.sold_on_purchase()
        order.user_id = seller
        self.move_purchase(purchase, 35)
        expected = self.env["res.lang"]._lang_get("zh_CN")
        self.assertIn(self.day(35).strftime(expected.date_format), self.slips(order).note)

    def test_nobody_writes_what_was_told(self):
        """What was told and why a line is late come from the plan alone."""
        seller = self.make_user("slip_writer", "sales_team.group_sale_manager")
        _product, _purchase, order = self.sold_on_purchase()
        for name in ("slip_told", "late_driver"):
            with self.assertRaises(AccessError):
                order.order_line.with_user(seller).write({name: False})

    def test_company_without_planning(self):
        """Nothing happens where planning is off."""
        _product, _purchase, order = self.sold_on_purchase()
        self.company.supply_planning = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET promise_date = promised_date + 9 WHERE id = ANY(%s)",
            (order.order_line.ids,),
        )
        self.env["sale.order"]._watch_promises(order.order_line.ids)
        self.assertFalse(self.slips(order))

    def test_reassigned_order(self):
        """Another salesperson takes the order over: the same activity is his at once, in his
        language; one that stayed with somebody else goes to him with the next slip. No mail."""
        self.env["res.lang"]._activate_lang("zh_CN")
        old, new = (
            self.make_user(f"slip_{name}", "sales_team.group_sale_salesman")
            for name in ("old", "new")
        )
        new.lang = "zh_CN"
        _product, purchase, order = self.sold_on_purchase()
        order.user_id = old
        self.move_purchase(purchase, 35)
        activity, mails = self.slips(order), self.env["mail.mail"].search_count([])
        self.assertEqual(activity.user_id, old)
        order.user_id = new
        self.assertEqual(self.slips(order), activity)
        self.assertEqual(activity.user_id, new)
        expected = self.env["res.lang"]._lang_get("zh_CN")
        self.assertIn(self.day(35).strftime(expected.date_format), activity.note)

        activity.with_context(mail_activity_quick_update=True).user_id = old
        self.move_purchase(purchase, 36)
        self.assertEqual(self.slips(order), activity)
        self.assertEqual(activity.user_id, new)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_reassigned_quotation_and_kept_order(self):
        """Orders whose promise holds get no activity from a new salesperson."""
        seller = self.make_user("slip_quiet", "sales_team.group_sale_salesman")
        _product, _purchase, order = self.sold_on_purchase()
        order.user_id = seller
        self.assertFalse(self.slips(order))

    def test_delivered_order_has_no_activity(self):
        """All has left, late: the activity goes, the promise isn't called kept, and the reason of
        lateness stays."""
        _product, purchase, order = self.sold_on_purchase()
        self.move_purchase(purchase, 35)
        self.assertEqual(len(self.slips(order)), 1)
        for picking in (purchase.picking_ids, order.picking_ids):
            picking.move_ids.quantity = 10
            picking.move_ids.picked = True
            picking.button_validate()
        self.planner._plan_changes()
        self.env["sale.order"]._watch_promises(order.order_line.ids)
        self.assertEqual(order.order_line.qty_delivered, 10.0)
        self.assertFalse(self.slips(order))
        self.assertFalse(order.order_line.slip_told)
        self.assertEqual(order.order_line.late_driver[0], "purchase")
        self.assertEqual(self.decisions(order, "promise.slip").mapped("outcome"), ["slipped"])

    def test_rejected_line_is_a_slip(self):
        """The planner rejects what the order waits for: promised, and now without a day."""
        product = self.make_product("被拒", lead=5)
        order = self.sell(product, 3, 20)
        self.promise_now(order)
        self.assertEqual(self.offset(order.order_line.promised_date), 20)
        self.lines(product).action_reject("太贵")
        self.planner._plan_changes()
        self.assertFalse(order.order_line.promise_date)
        self.assertEqual(len(self.slips(order)), 1)

    def test_no_date_promised_that_gets_one(self):
        """Where no day could be promised, no promise breaks when there is one later."""
        product = self.make_product("后有供应商")
        order = self.sell(product, 3, 20)
        order.order_line.sudo().write({"promised_date": False, "promised_none": True})
        self.add_vendor(product, self.vendor_1, 1.0, 30)
        self.planner._plan_changes()
        self.assertEqual(self.offset(order.order_line.promise_date), 30)
        self.assertFalse(self.slips(order))

    def test_companies_one_after_the_other(self):
        """The hourly look keeps what it found of a company before it looks at the next one."""
        other = self.env["res.company"].sudo().create({"name": "另一家", "supply_planning": True})
        _product, _purchase, order = self.sold_on_purchase()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order_line SET promise_date = promised_date + 9 WHERE id = ANY(%s)",
            (order.order_line.ids,),
        )
        self.env.invalidate_all()
        self.env["sale.order"]._watch_promises(None, other)
        self.assertFalse(self.slips(order))
        told, crons = [], self.env.registry["ir.cron"]

        def commit(_self, processed, remaining):
            told.append((processed, remaining, len(self.slips(order))))
            return 1.0

        with patch.object(crons, "_commit_progress", commit):
            self.env["sale.order"]._cron_delivery_risk()
        companies = self.env["res.company"].sudo().search([], order="id")
        before = companies.ids.index(self.company.id)
        self.assertEqual([processed for processed, _left, _slips in told], [1] * len(told))
        self.assertEqual([left for _one, left, _slips in told], list(range(len(told)))[::-1])
        self.assertGreater(len(told), len(companies))
        self.assertEqual(
            [slips for _one, _left, slips in told], [0] * before + [1] * (len(told) - before)
        )
        self.assertEqual(order.delivery_risk, "high")
