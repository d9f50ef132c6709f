from odoo.tests import tagged

from .random_case import RandomCase


@tagged("post_install", "-at_install")
class TestPropertyPromises(RandomCase):
    """What was promised stays true, whoever comes later; on a random company, seed fixed."""

    def setUp(self):
        super().setUp()
        self.company.supply_keep_promises = True
        for product in self.low + self.middle + self.tops:
            product.supply_multiple = 0
        # enough on hand that orders compete for it
        for product in self.parts:
            self.put_in_stock(product, 60)
        for product in self.middle:
            self.put_in_stock(product, 10)
        self.planner.run(self.warehouse.ids)

    def draft(self):
        """Wanted sooner than most things can be bought."""
        order = super().draft()
        order.commitment_date = self.noon(self.random.randint(0, 15))
        return order

    def slipped(self, lines):
        """Lines whose promise is later than what was promised: ``[(product, promised, now)]``."""
        lines.invalidate_recordset(["promise_date", "promised_date"])
        return [
            (
                line.product_id.name,
                self.offset(line.promised_date),
                self.offset(line.promise_date),
            )
            for line in lines
            if not line.promise_date or line.promise_date > line.promised_date
        ]

    def test_new_orders_break_no_promise(self):
        """40 orders, with and without a date, each asked for and then confirmed: every one gets
        what it was told, and none of those before gets later."""
        lines = self.env["sale.order.line"]
        for number in range(40):
            order = self.draft()
            if self.random.random() < 0.4:
                order.commitment_date = False
            (told,) = order.get_promises()
            order.action_confirm()
            lines |= order.order_line
            with self.subTest(number=number, told=self.offset(told["date"])):
                self.assertEqual(self.slipped(lines), [])
        self.assertUnchanged()

    def reserve(self, order):
        (promise,) = order.get_promises()
        order.order_line.sudo().write(
            {
                "reserved_quantity": order.order_line.product_uom_qty,
                "promise_told_date": promise["date"] or self.day(30),
                "reserved_date": promise["date"] or self.day(30),
            }
        )
        self.planner._plan_products(order.order_line.product_id)

    def test_reservations_and_orders(self):
        """30 acts: quotations reserved, ended or confirmed, orders in between. No promise breaks,
        and the net change of each act is what a full run says."""
        lines, kept = self.env["sale.order.line"], []
        for number in range(30):
            act = self.random.choice(("order", "reserve", "reserve", "confirm", "end"))
            if act == "order" or (act in ("confirm", "end") and not kept):
                order = self.draft()
                order.action_confirm()
                lines |= order.order_line
            elif act == "reserve":
                kept.append(self.draft())
                self.reserve(kept[-1])
            else:
                order = kept.pop(self.random.randrange(len(kept)))
                if act == "confirm":
                    told = order.order_line.promise_told_date
                    order.action_confirm()
                    lines |= order.order_line
                    wished = max(told, order._wished_day())
                    self.assertLessEqual(order.order_line.promised_date, wished)
                else:
                    order.order_line.sudo().reserved_quantity = 0
                    self.planner._plan_products(order.order_line.product_id)
            with self.subTest(number=number, act=act):
                self.assertEqual(self.slipped(lines), [])
                self.assertUnchanged()

    def test_edits_of_all_kinds_with_promises(self):
        """60 random edits while promises are kept: the net change equals the full run."""
        orders = []
        for number in range(60):
            act = self.edit(orders)
            with self.subTest(number=number, act=act):
                self.assertUnchanged()
