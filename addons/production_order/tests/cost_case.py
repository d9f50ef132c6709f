"""Fixture of cost tests: two levels, an operation, a work centre at 60 an hour."""

from odoo import Command, fields

from .common import ProductionCase


class CostCase(ProductionCase):
    """Chair (fg) = 2 frames (sa) + 1 packing, 10 minutes each at 60 an hour; frame = 3 m steel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.centre = cls.env["mrp.workcenter"].create(
            {
                "name": "Line 1",
                "company_id": cls.company.id,
                "costs_hour": 60.0,
                "time_start": 20.0,
                "time_stop": 0.0,
                "time_efficiency": 100.0,
            }
        )
        cls.fg = cls.make_product("Chair", list_price=100.0)
        cls.sa = cls.make_product("Frame")
        cls.rm = cls.make_product("Steel", lead=2, price=4.0)
        cls.packing = cls.env["product.product"].create(
            {"name": "Packing", "is_storable": True, "standard_price": 1.5}
        )
        cls.put_in_stock(cls.packing, 1000)
        cls.bill = cls.bom(
            cls.fg,
            1,
            (cls.sa, 2),
            (cls.packing, 1),
            operation_ids=[
                Command.create(
                    {
                        "name": "Assembly",
                        "workcenter_id": cls.centre.id,
                        "time_mode": "manual",
                        "time_cycle_manual": 10.0,
                    }
                )
            ],
        )
        cls.sub_bill = cls.bom(cls.sa, 1, (cls.rm, 3))

    def told(self, line, *names):
        """``{(kind, product): (values)}`` of the line's parts."""
        return {
            (part.kind, part.product_id): tuple(round(part[name], 4) for name in names)
            for part in line.cost_part_ids
        }

    def receive(self, product, price=None):
        """Confirm and receive what is bought of a product."""
        lines = self.env["purchase.order.line"].search([("product_id", "=", product.id)])
        if price is not None:
            lines.price_unit = price
        lines.order_id.button_confirm()
        for picking in lines.order_id.picking_ids.filtered(lambda p: p.state != "done"):
            picking.action_confirm()
            for move in picking.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            picking.button_validate()

    def make(self, product, minutes=None, taken=None):
        """Finish the productions of a product.

        :param minutes: really worked on each
        :param dict taken: ``{component: quantity}`` really taken in all
        """
        orders = self.env["mrp.production"].search(
            [("product_id", "=", product.id), ("state", "not in", ("done", "cancel"))]
        )
        orders.filtered(lambda order: order.state == "draft").action_confirm()
        for order in orders:
            order.action_assign()
            order.qty_producing = order.product_qty
            order._set_qty_producing()
            for move in order.move_raw_ids:
                if taken and move.product_id in taken:
                    move.quantity = taken[move.product_id]
                move.picked = True
            if minutes is not None:
                start = fields.Datetime.now()
                self.env["mrp.workcenter.productivity"].create(
                    {
                        "workorder_id": order.workorder_ids.id,
                        "workcenter_id": self.centre.id,
                        "loss_id": self.env["mrp.workcenter.productivity.loss"]
                        .search([("loss_type", "=", "productive")], limit=1)
                        .id,
                        "date_start": fields.Datetime.subtract(start, minutes=minutes),
                        "date_end": start,
                    }
                )
            order.with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(set(orders.mapped("state")), {"done"})

    def ship(self, order, quantity=None):
        """Deliver what is open, or this much of the only line (in the unit of its move)."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))[:1]
        picking.action_assign()
        for move in picking.move_ids:
            move.quantity = quantity if quantity is not None else move.product_uom_qty
            move.picked = True
        picking._action_done()
        return picking
