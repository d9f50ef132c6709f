from odoo import Command
from odoo.tests import tagged

from .random_case import RandomCase


@tagged("post_install", "-at_install")
class TestAllEvents(RandomCase):
    """What happens in warehouse, production, purchasing and master data reaches the plan."""

    def more_acts(self):
        return [
            self.act_receive,
            self.act_deliver,
            self.act_produce,
            self.act_stock_count,
            self.act_scrap,
            self.act_cancel_purchase,
            self.act_purchase_line,
            self.act_purchase_draft,
            self.act_price,
            self.act_bill,
            self.act_bill_line,
            self.act_settings,
            self.act_move_date,
            self.act_cancel_move,
            self.act_cancel_production,
            self.act_production_date,
        ]

    def process(self, picking, partly):
        """Do all or a part of a transfer; the rest stays open as a backorder."""
        if not picking:
            return
        picking.action_assign()
        done = False
        for move in picking.move_ids:
            incoming = picking.picking_type_code == "incoming"
            quantity = move.product_uom_qty if incoming else move.quantity
            quantity = max(1, quantity // 2) if partly and quantity > 1 else quantity
            move.quantity = quantity
            move.picked = bool(quantity)
            done = done or quantity
        if done:
            picking._action_done()

    def act_receive(self, _orders, _live):
        line = self.pick("purchase.order.line", ("state", "=", "purchase"))
        picking = line.order_id.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        self.process(picking[:1], self.random.random() < 0.6)

    def act_deliver(self, _orders, live):
        if live:
            pickings = self.random.choice(live).picking_ids
            picking = pickings.filtered(lambda p: p.state not in ("done", "cancel"))
            self.process(picking[:1], self.random.random() < 0.6)

    def act_produce(self, _orders, _live):
        """Start, finish a part with a backorder, or finish all."""
        production = self.pick("mrp.production", ("state", "in", ("confirmed", "progress")))
        if not production:
            return
        step = self.random.choice(("start", "part", "all"))
        part = max(1, production.product_qty // 2)
        production.qty_producing = production.product_qty if step == "all" else part
        production.set_qty_producing()
        if step == "start":
            return
        production.move_raw_ids.picked = True
        if production.qty_producing < production.product_qty:
            production._split_productions({production: [part, production.product_qty - part]})
            production.qty_producing = production.product_qty
            production.set_qty_producing()
            production.move_raw_ids.picked = True
        production.button_mark_done()

    def act_stock_count(self, _orders, _live):
        product = self.random.choice(self.products)
        quants = self.env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "inventory_quantity": self.random.randint(0, 15),
            }
        ).action_apply_inventory()

    def act_scrap(self, _orders, _live):
        quant = self.pick(
            "stock.quant",
            ("location_id", "=", self.warehouse.lot_stock_id.id),
            ("quantity", ">", 0),
        )
        if quant:
            self.env["stock.scrap"].create(
                {
                    "product_id": quant.product_id.id,
                    "scrap_qty": 1,
                    "location_id": quant.location_id.id,
                    "company_id": self.company.id,
                }
            ).do_scrap()

    def open_order(self, *states):
        return self.pick("purchase.order.line", ("state", "in", states)).order_id

    def act_cancel_purchase(self, _orders, _live):
        order = self.open_order("draft", "purchase")
        if not order.picking_ids.filtered(lambda picking: picking.state == "done"):
            order.button_cancel()

    def act_purchase_draft(self, _orders, _live):
        order = self.open_order("cancel")
        order.button_draft()
        if order and self.random.random() < 0.5:
            order.button_confirm()

    def act_purchase_line(self, _orders, _live):
        line = self.pick("purchase.order.line", ("state", "in", ("draft", "purchase")))
        if not line:
            return
        what = self.random.choice(("quantity", "date", "locked", "unlink"))
        if what == "quantity":
            line.product_qty = max(line.qty_received, 1) + self.random.randint(0, 12)
        elif what == "date":
            line.date_planned = self.noon(self.random.randint(0, 40))
        elif what == "locked":
            line.supply_locked = not line.supply_locked
        elif line.state == "draft":
            line.unlink()

    def act_price(self, _orders, _live):
        price = self.env["product.supplierinfo"].search(
            [("product_tmpl_id", "in", [part.product_tmpl_id.id for part in self.parts])],
            order="id",
        )
        part = self.random.choice(self.parts)
        what = self.random.choice(("delay", "minimum", "new", "gone"))
        chosen = self.random.choice(price) if price else price
        if what == "new" or not chosen:
            self.add_vendor(part, self.vendor_2, self.random.randint(1, 3), 1 + len(price) % 9)
        elif what == "delay":
            chosen.delay = self.random.randint(0, 25)
        elif what == "minimum":
            chosen.min_qty = self.random.choice((0, 7, 30))
        elif len(price) > len(self.parts):
            chosen.unlink()

    def bill(self):
        templates = [p.product_tmpl_id.id for p in self.low + self.middle + self.tops]
        bills = self.env["mrp.bom"].search([("product_tmpl_id", "in", templates)], order="id")
        return self.random.choice(bills)

    def act_bill(self, _orders, _live):
        bill = self.bill()
        if self.random.random() < 0.5:
            bill.produce_delay = self.random.randint(0, 8)
        else:
            bill.product_qty = self.random.choice((1, 2))

    def act_bill_line(self, _orders, _live):
        bill = self.bill()
        line = self.random.choice(bill.bom_line_ids)
        what = self.random.choice(("quantity", "product", "add", "remove"))
        part = self.random.choice(self.parts)
        if what == "quantity":
            line.product_qty = self.random.randint(1, 5)
        elif what == "product":
            line.product_id = part
        elif what == "add":
            bill.bom_line_ids = [Command.create({"product_id": part.id, "product_qty": 2})]
        elif len(bill.bom_line_ids) > 1:
            line.unlink()

    def act_settings(self, _orders, _live):
        product = self.random.choice(self.products)
        what = self.random.choice(("bucket", "safety", "multiple", "policy", "mode"))
        if what == "bucket":
            product.supply_bucket_days = self.random.choice((0, 7, 14))
        elif what == "safety":
            product.supply_safety_stock = self.random.randint(0, 6)
        elif what == "multiple":
            product.supply_multiple = self.random.choice((0, 3, 8))
        elif what == "policy":
            product.supply_policy = self.random.choice(("merged", "by_order"))
        else:
            product.supply_mode = "planned" if product.supply_mode == "rules" else "rules"

    def open_move(self):
        return self.pick("stock.move", ("state", "not in", ("draft", "done", "cancel")))

    def act_move_date(self, _orders, _live):
        self.open_move().date = self.noon(self.random.randint(0, 40))

    def act_cancel_move(self, _orders, _live):
        move = self.open_move()
        if not move.raw_material_production_id and not move.production_id:
            move._action_cancel()

    def act_cancel_production(self, _orders, _live):
        self.pick("mrp.production", ("state", "in", ("draft", "confirmed"))).action_cancel()

    def act_production_date(self, _orders, _live):
        production = self.pick("mrp.production", ("state", "in", ("draft", "confirmed")))
        production.date_start = self.noon(self.random.randint(0, 40))

    def test_p03_200_edits_of_all_kinds(self):
        """P03: after 200 edits of every kind the queue has planned what a full run plans."""
        orders = []
        for number in range(200):
            act = self.edit(orders)
            self.planner._plan_changes()
            with self.subTest(number=number, act=act):
                self.assertUnchanged()
