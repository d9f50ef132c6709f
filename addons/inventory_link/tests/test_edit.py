from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestEdit(SupplyCase):
    """A planner changes or splits a line; the consequence is there at once."""

    def setUp(self):
        super().setUp()
        self.user = self.make_user("supply_editor", "inventory_link.group_supply_planner")
        self.product = self.make_product("Edit", supply_multiple=5)
        self.add_vendor(self.product, self.vendor_1, 4.0, 7, minimum=20)
        self.add_vendor(self.product, self.vendor_1, 3.0, 7, minimum=100)
        self.add_vendor(self.product, self.vendor_2, 9.0, 2)
        self.order = self.sell(self.product, 50, 30)

    @contextmanager
    def refused(self, text):
        """A refusal with these words, undone as a request is."""
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            yield

    def line(self):
        line = self.lines(self.product)
        self.assertEqual(len(line), 1)
        return line.with_user(self.user)

    def test_quantity_brings_its_price(self):
        """50 → 100: the price break of 100 applies, 50 are free, and a re-run changes nothing."""
        line = self.line()
        self.assertEqual((line.quantity, line.price_unit), (50, 4.0))
        line.quantity = 100
        self.assertEqual((line.price_unit, line.amount, line.free_quantity), (3.0, 300.0, 50))
        self.assertTrue(line.edited)
        self.assertUnchanged()
        self.assertEqual(line.quantity, 100)

    def test_smaller_quantity_leaves_the_rest_to_the_plan(self):
        """50 → 30: the plan proposes the missing 20 beside it, from whoever is cheapest."""
        line = self.line()
        line.quantity = 30
        self.assertEqual([ln.quantity for ln in self.lines(self.product)], [30, 20])
        self.assertUnchanged()

    def test_date_brings_its_dates(self):
        """+30 → +3: possible only on +7, 4 days late, and why; order today; then +20: on time."""
        line = self.line()
        line.due_date = self.day(3)
        self.assertEqual(
            (self.offset(line.feasible_date), line.late_days, self.offset(line.order_date)),
            (7, 4, 0),
        )
        self.assertIn("7", line.driver)
        line.due_date = self.day(20)
        self.assertEqual(
            (self.offset(line.feasible_date), line.late_days, self.offset(line.order_date)),
            (20, 0, 13),
        )
        self.assertFalse(line.driver)
        self.assertUnchanged()

    def test_vendor_brings_price_and_lead_time(self):
        """Another vendor: his price and lead time, and the day to order."""
        line = self.line()
        line.vendor_id = self.vendor_2
        self.assertEqual(
            (line.price_unit, line.lead_days, self.offset(line.order_date)), (9.0, 2, 28)
        )
        self.assertUnchanged()

    def test_refused_values(self):
        """Past day, nothing, below the minimum, no multiple, vendor without a price: each told."""
        expired = self.env["res.partner"].create({"name": "过期供应商"})
        self.add_vendor(self.product, expired, 1.0, 1, date_end=self.day(-1))
        stranger = self.env["res.partner"].create({"name": "陌生供应商"})
        line = self.line()
        for values, text in (
            ({"due_date": self.day(-1)}, "has passed"),
            ({"quantity": 0}, "more than nothing"),
            ({"quantity": -5}, "more than nothing"),
            ({"quantity": 15}, "at least 20"),
            ({"quantity": 52}, "multiples of 5"),
            ({"vendor_id": expired.id}, "no valid price"),
            ({"vendor_id": stranger.id}, "no valid price"),
            ({"vendor_id": False}, "Choose a vendor"),
        ):
            with self.subTest(values), self.refused(text):
                line.write(values)
        self.assertEqual((line.quantity, line.vendor_id, line.edited), (50, self.vendor_1, False))
        line.due_date = self.day(0)
        self.assertEqual(line.late_days, 7)

    def test_minimum_in_the_vendors_unit(self):
        """He sells at least 3 dozen: 35 pieces are refused, and 40 too; 60 are five dozen."""
        product = self.make_product("Dozen")
        dozen = self.env.ref("uom.product_uom_dozen")
        self.add_vendor(product, self.vendor_1, 12.0, 7, minimum=3, product_uom_id=dozen.id)
        self.sell(product, 48, 30)
        line = self.lines(product).with_user(self.user)
        self.assertEqual((line.quantity, line.price_unit), (48, 1.0))
        with self.refused("at least 36"):
            line.quantity = 35
        with self.refused("whole"):
            line.quantity = 40
        line.quantity = 60
        self.assertEqual(line.price_unit, 1.0)

    def test_steps_above_the_minimum(self):
        """Minimum 25 plus steps of 10: 45 is one, 40 is none."""
        product = self.make_product("Steps", supply_multiple=10, supply_lot_rounding="moq_step")
        self.add_vendor(product, self.vendor_1, 1.0, 7, minimum=25)
        self.sell(product, 30, 30)
        line = self.lines(product).with_user(self.user)
        self.assertEqual(line.quantity, 35)
        line.quantity = 45
        with self.refused("multiples"):
            line.quantity = 40

    # -- split ----------------------------------------------------------------------------------

    def test_split(self):
        """100 becomes 60 and 40: both are kept by re-runs and the need is given to both."""
        self.order.order_line.product_uom_qty = 100
        line = self.line()
        line.action_split(60)
        parts = self.lines(self.product)
        self.assertEqual(sorted(parts.mapped("quantity")), [40, 60])
        self.assertEqual(line.quantity, 60)
        self.assertEqual(parts.mapped("edited"), [True, True])
        self.assertEqual(parts.mapped("price_unit"), [4.0, 4.0])
        self.assertEqual(parts.mapped("late_days"), [0, 0])
        self.assertEqual(self.pegs(self.product), [("plan", 40.0), ("plan", 60.0)])
        self.assertEqual((parts - line.sudo()).decision_count, 1)
        self.assertUnchanged()
        parts.action_approve()
        parts.action_release()
        self.assertEqual(sorted(parts.purchase_line_id.mapped("product_qty")), [40, 60])
        self.assertUnchanged()

    def test_split_of_an_approved_line(self):
        """Both parts stay approved; each can have a day and a vendor of its own."""
        line = self.line()
        line.action_approve()
        line.action_split(30)
        parts = self.lines(self.product)
        self.assertEqual(parts.mapped("state"), ["approved", "approved"])
        other = (parts - line.sudo()).with_user(self.user)
        other.write({"due_date": self.day(35), "vendor_id": self.vendor_2.id})
        self.assertEqual((other.price_unit, line.price_unit), (9.0, 4.0))
        self.assertUnchanged()

    def test_split_by_dialog(self):
        """The dialog shows what stays and what goes on the new line."""
        action = self.line().action_open_split()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.user)
            .with_context(**action["context"])
            .create({"quantity": 20})
        )
        self.assertEqual((wizard.total, wizard.rest), (50, 30))
        wizard.action_split()
        self.assertEqual(sorted(self.lines(self.product).mapped("quantity")), [20, 30])

    def test_refused_splits(self):
        """A part below the minimum, no multiple, nothing, everything or no number: refused."""
        line = self.line()
        for quantity, text in (
            (35, "at least 20"),
            (10, "at least 20"),
            (22, "multiples of 5"),
            (0, "more than nothing"),
            (-5, "more than nothing"),
            (50, "more than nothing"),
            (60, "more than nothing"),
            ("x", "more than nothing"),
            (float("nan"), "more than nothing"),
            (float("inf"), "more than nothing"),
            (None, "more than nothing"),
        ):
            with self.subTest(quantity), self.refused(text):
                line.action_split(quantity)
        self.assertEqual([ln.quantity for ln in self.lines(self.product)], [50])
        line.action_approve()
        line.action_release()
        with self.refused("Only proposed and approved"):
            line.action_split(20)

    def test_only_planners_edit_and_split(self):
        """Warehouse, buyers and salespeople neither change nor split; nor does another company."""
        line = self.lines(self.product)
        for login, group in (
            ("supply_edit_stock", "stock.group_stock_user"),
            ("supply_edit_buy", "purchase.group_purchase_user"),
            ("supply_edit_sale", "sales_team.group_sale_salesman"),
        ):
            other = line.with_user(self.make_user(login, group))
            for act in (
                lambda other=other: other.write({"quantity": 55}),
                lambda other=other: other.action_split(20),
                lambda other=other: other.action_open_split(),
            ):
                with self.assertRaises(AccessError):
                    act()
        company = self.env["res.company"].create({"name": "别家", "supply_planning": True})
        stranger = self.make_user("supply_edit_other", "inventory_link.group_supply_planner")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        theirs = line.with_user(stranger).with_context(allowed_company_ids=company.ids)
        with self.assertRaises(AccessError):
            theirs.action_split(20)
        with self.assertRaises(AccessError):
            theirs.write({"quantity": 55})

    # -- rejected -------------------------------------------------------------------------------

    def test_rejected_part_stays_away(self):
        """Of 60 and 40 the 40 is rejected: it isn't proposed again until the demand changes."""
        self.order.order_line.product_uom_qty = 100
        line = self.line()
        line.action_split(60)
        other = self.lines(self.product) - line.sudo()
        other.action_reject("另一半不买")
        self.assertEqual((other.state, other.reject_reason), ("rejected", "另一半不买"))
        self.assertEqual([ln.quantity for ln in self.lines(self.product)], [60])
        self.assertUnchanged()
        self.order.order_line.product_uom_qty = 130
        self.assertEqual([ln.quantity for ln in self.lines(self.product)], [60, 70])

    def test_rejected_edited_line_stays_away(self):
        """Edited 50 → 100, then rejected: what was needed, 50, isn't proposed again."""
        line = self.line()
        line.quantity = 100
        line.action_reject("太多")
        self.assertEqual((line.state, line.quantity), ("rejected", 50))
        self.assertEqual(self.plan(self.product), [])
        self.assertUnchanged()

    def test_wanted_surplus_survives_the_release(self):
        """A planner makes 60 of a need of 50 and releases: the draft stays at 60, and the plan asks
        to decrease it instead of cutting it."""
        line = self.line()
        line.quantity = 60
        line.action_approve()
        line.action_release()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(line.purchase_line_id.product_qty, 60)
        self.assertEqual([row[:2] for row in self.messages(self.product)], [("decrease", 50.0)])
