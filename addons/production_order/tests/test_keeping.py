from datetime import timedelta

from odoo import Command
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestKeepingProductions(ProductionCase):
    """Delivery risk and causes where goods are made."""

    def judged(self, order, as_of):
        level, points, causes = order._delivery_risks(as_of)[order.id]
        return level, points, {cause["code"]: cause["points"] for cause in causes or ()}

    def made_for(self, due=20, end=18):
        """An order of 5, its production ends some days before, the material is there."""
        part = self.make_product("料", stock=50)
        made = self.make_product("成品")
        self.bom(made, 4, (part, 1))
        production = self.production(made, 5, end)
        production.date_finished = self.noon(end)
        order = self.sell(made, 5, due)
        self.planner._plan_changes()
        order.order_line.sudo().promised_date = self.day(due)
        return made, production, order

    def test_behind_its_start(self):
        """Start was +14; as of +15 it is one day behind, less than the two it may slip: 20 points;
        as of +17 it is three: 75, high."""
        _made, _production, order = self.made_for()
        self.assertEqual(self.judged(order, self.day(10)), ("low", 0, {}))
        self.assertEqual(self.judged(order, self.day(15)), ("low", 20, {"production_behind": 20}))
        self.assertEqual(self.judged(order, self.day(17)), ("high", 75, {"production_behind": 75}))

    def test_record_of_productions(self):
        """Of four finished productions of the product one came 3 days after its plan, and this
        one may slip by two: a quarter of 100 points."""
        made, production, order = self.made_for()
        for late in (3, 2, 0, 0):
            line = (
                self.env["supply.plan.line"]
                .sudo()
                .create(
                    {
                        "product_id": made.id,
                        "product_uom_id": made.uom_id.id,
                        "warehouse_id": self.warehouse.id,
                        "company_id": self.company.id,
                        "action": "make",
                        "quantity": 1,
                        "state": "released",
                        "due_date": self.day(-30),
                        "order_date": self.day(-34),
                    }
                )
            )
            past = production.copy()
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE mrp_production SET state = 'done', plan_line_id = %s, date_finished = %s"
                " WHERE id = %s",
                (line.id, self.noon(-30) + timedelta(days=late), past.id),
            )
        self.env.invalidate_all()
        self.assertEqual(self.judged(order, self.today), ("low", 25, {"production": 25}))

    def test_waits_for_material_of_a_vendor(self):
        """The part comes after the start of the production: it waits, and the promise is late."""
        part = self.make_product("晚料", lead=30)
        made = self.make_product("晚成品")
        self.bom(made, 4, (part, 1))
        production = self.production(made, 5, 18)
        order = self.sell(made, 5, 20)
        self.planner._plan_changes()
        order.order_line.sudo().promised_date = self.day(20)
        level, _points, causes = self.judged(order, self.today)
        self.assertEqual(level, "high")
        self.assertEqual((causes["late"], causes["production_waits"]), (100, 20))
        self.assertTrue(production)

    def test_kit_counts_when_complete(self):
        """A kit of two parts is one delivery of the kit, on the day of the last part."""
        one, two = self.make_product("套甲", stock=20), self.make_product("套乙", stock=20)
        kit = self.make_product("套件")
        self.bom(kit, 0, (one, 2), (two, 1), kind="phantom")
        order = self.quote(
            kit,
            3,
            5,
            order_line=[Command.create({"product_id": kit.id, "product_uom_qty": 3})],
        )
        order.action_confirm()
        order.order_line.sudo().promised_date = self.day(5)
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
        picking.move_ids.picked = True
        picking.button_validate()
        rows = self.env["supply.delivery"].search([("sale_order_id", "=", order.id)])
        self.assertEqual([(r.product_id, r.quantity, r.on_time) for r in rows], [(kit, 3.0, True)])
