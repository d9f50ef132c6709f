from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestPreview(SupplyCase):
    """What a change of a plan line does is known before it is saved, and nothing is written."""

    def setUp(self):
        super().setUp()
        self.user = self.make_user("supply_preview", "inventory_link.group_supply_planner")
        self.product = self.make_product("Preview", supply_multiple=5)
        self.add_vendor(self.product, self.vendor_1, 4.0, 7, minimum=20)
        self.add_vendor(self.product, self.vendor_1, 3.0, 7, minimum=100)
        self.add_vendor(self.product, self.vendor_2, 9.0, 2)
        self.order = self.sell(self.product, 50, 30)
        self.line = self.lines(self.product).with_user(self.user)

    def preview(self, **vals):
        """The preview of this change, and that nothing stored has changed by asking."""
        before = self.stored_plan()
        found = self.line._preview_edit(vals)
        self.assertEqual(self.stored_plan(), before)
        return found

    def values(self, **vals):
        found = self.preview(**vals)
        self.assertEqual(found["problems"], {})
        return found["lines"][self.line.id]

    def texts(self, vals):
        return [entry["text"] for entry in self.line._tell_consequence(self.preview(**vals))]

    def assertComesTrue(self, **vals):
        """Saving brings what the preview said."""
        expected = self.values(**vals)
        promises = self.preview(**vals)["promises"]
        self.line.write(vals)
        for name in ("price_unit", "order_date", "feasible_date", "late_days", "free_quantity"):
            self.assertEqual(self.line[name] or False, expected[name] or False, name)
        self.assertEqual(self.line.amount, expected["amount"])
        for number, (_old, new) in promises.items():
            line = self.env["sale.order.line"].browse(number)
            self.assertEqual(line.promise_date or None, new)

    def test_larger_quantity(self):
        """50 → 100: the break of 100 applies, 300 in all, 50 are free; no order moves."""
        found = self.preview(quantity=100)
        values = found["lines"][self.line.id]
        self.assertEqual((values["price_unit"], values["amount"]), (3.0, 300.0))
        self.assertEqual(values["free_quantity"], 50)
        self.assertEqual((found["promises"], found["new"], found["gone"]), ({}, [], []))
        self.assertComesTrue(quantity=100)

    def test_smaller_quantity(self):
        """50 → 30: the plan orders the other 20 beside it; the promise stays."""
        found = self.preview(quantity=30)
        self.assertEqual(found["new"], [(self.product.id, 20.0, self.day(30), self.vendor_1.id)])
        self.assertEqual((found["promises"], found["gone"]), ({}, []))
        self.assertComesTrue(quantity=30)
        self.assertEqual([line.quantity for line in self.lines(self.product)], [30, 20])

    def test_earlier_day(self):
        """+30 → +3: possible on +7, 4 days late, order today."""
        values = self.values(due_date=self.day(3))
        self.assertEqual((self.offset(values["feasible_date"]), values["late_days"]), (7, 4))
        self.assertEqual(self.offset(values["order_date"]), 0)
        self.assertComesTrue(due_date=self.day(3))

    def test_later_day_moves_the_order(self):
        """+30 → +36: the order's promise goes from +30 to +36."""
        found = self.preview(due_date=self.day(36))
        self.assertEqual(
            found["promises"], {self.order.order_line.id: (self.day(30), self.day(36))}
        )
        texts = self.texts({"due_date": self.day(36)})
        self.assertIn(self.order.name, texts[0])
        self.assertIn("6 days later", texts[0])
        self.assertComesTrue(due_date=self.day(36))
        self.assertEqual(self.promise_offset(), 36)

    def promise_offset(self):
        return self.offset(self.order.order_line.promise_date)

    def test_other_vendor(self):
        """His price, lead time and the day to order: 9.00, 2 days, +28."""
        values = self.values(vendor_id=self.vendor_2.id)
        self.assertEqual((values["price_unit"], values["lead_days"]), (9.0, 2))
        self.assertEqual(self.offset(values["order_date"]), 28)
        self.assertComesTrue(vendor_id=self.vendor_2.id)

    def test_refused_values_name_the_next_quantity(self):
        """15 is below the minimum, 52 no multiple: told with 20 and 55; nothing is netted."""
        for quantity, following in ((15, "20"), (52, "55")):
            found = self.preview(quantity=quantity)
            self.assertEqual(found["lines"], {})
            self.assertRegex(found["problems"][self.line.id], rf"possible is {following}\.")
        for vals in ({"due_date": self.day(-1)}, {"due_date": False}, {"vendor_id": False}):
            self.assertIn(self.line.id, self.preview(**vals)["problems"])

    def test_form_shows_it_and_saves_only_the_change(self):
        """While typing the row has price, dates and the sentence; afterwards it has the result."""
        form = Form(self.line)
        form.due_date = self.day(36)
        kinds = [entry["kind"] for entry in form.consequence]
        self.assertEqual(kinds[0], "danger")
        self.assertEqual(form.order_date, self.day(29))
        form.due_date = self.day(30)
        self.assertFalse(form.consequence)
        form.quantity = 100
        self.assertEqual((form.price_unit, form.free_quantity), (3.0, 50))
        form.save()
        self.assertEqual((self.line.quantity, self.line.price_unit), (100, 3.0))
        self.assertFalse(self.line.consequence)

    def test_lines_above(self):
        """Several lines at once, with their orders: both are postponed, both orders move."""
        other = self.make_product("Other", lead=3)
        order = self.sell(other, 5, 20)
        lines = (self.line.sudo() | self.lines(other)).with_user(self.user)
        edits = {
            line: {"due_date": line.due_date.replace(year=line.due_date.year)} for line in lines
        }
        edits = {line: {"due_date": self.day(self.offset(line.due_date) + 2)} for line in lines}
        before = self.stored_plan()
        found = lines._preview_edits(edits)
        self.assertEqual(self.stored_plan(), before)
        self.assertEqual(
            found["promises"],
            {
                self.order.order_line.id: (self.day(30), self.day(32)),
                order.order_line.id: (self.day(20), self.day(22)),
            },
        )

    # -- change of many -------------------------------------------------------------------------

    def wizard(self, lines, user=None, **values):
        return (
            self.env["supply.plan.change"]
            .with_user(user or self.user)
            .create({"line_ids": [(6, 0, lines.ids)], **values})
        )

    def test_change_many(self):
        """Two lines 5 days later: said before, done after, in one go."""
        other = self.make_product("Other", lead=3)
        self.sell(other, 5, 20)
        lines = self.line.sudo() | self.lines(other)
        wizard = self.wizard(lines, days=5)
        self.assertEqual(wizard.possible_count, 2)
        texts = " ".join(entry["text"] for entry in wizard.consequence)
        self.assertIn(self.order.name, texts)
        self.assertIn("5 days later", texts)
        result = wizard.action_apply()
        self.assertEqual(result["params"]["type"], "success")
        self.assertEqual([self.offset(line.due_date) for line in lines], [35, 25])
        self.assertEqual(lines.mapped("edited"), [True, True])
        self.assertUnchanged()

    def test_change_vendor_of_many(self):
        """Vendor 2 sells the one product and not the other: that one is told and left."""
        other = self.make_product("Other", lead=3)
        self.sell(other, 5, 20)
        lines = self.line.sudo() | self.lines(other)
        wizard = self.wizard(lines, change="vendor", vendor_id=self.vendor_2.id)
        self.assertEqual(wizard.possible_count, 1)
        self.assertTrue(any("no valid price" in entry["text"] for entry in wizard.consequence))
        result = wizard.action_apply()
        self.assertEqual(result["params"]["type"], "warning")
        self.assertEqual(self.line.vendor_id, self.vendor_2)
        self.assertEqual(self.lines(other).vendor_id, self.vendor_1)

    def test_rights(self):
        """Only planners change; others see no preview and get no dialog."""
        for login, group in (
            ("supply_preview_stock", "stock.group_stock_user"),
            ("supply_preview_buy", "purchase.group_purchase_user"),
        ):
            user = self.make_user(login, group)
            line = self.line.with_user(user)
            with self.assertRaises(AccessError):
                line.action_open_change()
            with self.assertRaises(AccessError):
                self.wizard(line, user=user, days=3)
            with self.assertRaises(AccessError):
                line._apply_edits({line: {"quantity": 60}})
        salesman = self.make_user("supply_preview_sale", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.line.with_user(salesman).onchange({"quantity": 60}, ["quantity"], {"quantity": {}})
        self.assertEqual(self.line.quantity, 50)
