from .scenario import ProductionScenarioCase


class ChangeCase(ProductionScenarioCase):
    """FG (lead 5) = 2 RM (lead 30); SO 10 @+60; MO 10 end +60 and PO 20 @+55 released."""

    def given(self, confirm="", quantity=10):
        """``confirm``: which of ``mo`` and ``po`` are confirmed; the others are drafts."""
        self.rm = self.make_product("RM", lead=30, price=3.0)
        self.fg = self.make_product("FG")
        self.bom(self.fg, 5, (self.rm, 2))
        self.order = self.sell(self.fg, quantity, 60)
        self.release_lines(self.fg, self.rm)
        self.mo, self.po = self.made(self.fg), self.bought(self.rm)
        if "po" in confirm:
            self.po.order_id.button_confirm()
        if "mo" in confirm and self.mo.state == "draft":
            self.mo.action_confirm()
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.documents(), [(10, "+60"), (20, "+55")])
        self.assertEqual(self.told(), [])

    def documents(self):
        """``(quantity, day)`` of open productions and purchase lines."""
        made, bought = self.made(self.fg), self.bought(self.rm)
        return [(each.product_qty, self._day(each.date_finished)) for each in made] + [
            (each.product_qty, self._day(each.date_planned)) for each in bought
        ]

    def told(self):
        return self.tell_messages(self.fg) + self.tell_messages(self.rm)

    def proposed(self):
        return self.plan(self.fg) + self.plan(self.rm)

    def change(self, quantity=None, due=None):
        if quantity:
            self.order.order_line.product_uom_qty = quantity
        if due:
            self.order.commitment_date = self.noon(due)

    def check_receipts(self, quantity):
        """What the vendor is expected to bring, and nothing that goes back to him."""
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.rm.id), ("state", "not in", ("cancel", "done"))]
        )
        incoming = moves.filtered(lambda move: move.location_id.usage == "supplier")
        back = moves.filtered(lambda move: move.location_dest_id.usage == "supplier")
        self.assertEqual(sum(incoming.mapped("product_uom_qty")), quantity)
        self.assertFalse(back)
        self.assertEqual(self.po.price_unit, 3.0)
