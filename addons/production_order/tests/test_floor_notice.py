from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestFloorNotice(ProductionCase):
    """H04: a production that became ready says so once."""

    def setUp(self):
        super().setUp()
        self.worker = self.make_user("floor_notice", "mrp.group_mrp_user")
        self.worker.email = "floor@example.com"
        self.part = self.make_product("Notice C", stock=7)
        other = self.make_product("Notice D", stock=100)
        self.fg = self.make_product("Notice FG")
        self.bom(self.fg, 1, (self.part, 2), (other, 1))
        self.order = self.purchase(self.part, 15, 6)
        self.mo = self.production(self.fg, 10, 20)
        self.mo.user_id = self.worker

    def tell(self):
        self.env.flush_all()
        return self.env["mrp.production"]._tell_ready(self.company)

    def receive(self):
        picking = self.order.picking_ids
        picking.move_ids.write({"quantity": 15, "picked": True})
        picking.button_validate()

    def notices(self):
        return self.env["mail.message"].search_count(
            [("partner_ids", "in", self.worker.partner_id.ids), ("body", "ilike", self.mo.name)]
        )

    def test_h04_told_once(self):
        """H02, then C 15 is received: one message to the responsible, one note, one decision; not
        again, until it was not ready in between."""
        self.assertEqual(self.mo.supply_seen_ready, "no")
        self.assertFalse(self.tell())
        triggers = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", self.env.ref("production_order.mrp_production_cron_notices").id)]
        )
        self.receive()
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count(
                [("cron_id", "=", self.env.ref("production_order.mrp_production_cron_notices").id)]
            ),
            triggers,
        )
        self.assertEqual(self.tell(), self.mo)
        self.assertEqual((self.notices(), self.mo.supply_seen_ready), (1, "yes"))
        decisions = self.env["suite.decision"].search(
            [("kind", "=", "production.ready"), ("res_id", "=", self.mo.id)]
        )
        self.assertEqual((len(decisions), decisions.outcome), (1, "ready"))
        self.assertIn(self.fg.name, decisions.explanation)
        self.assertFalse(self.tell())
        self.put_in_stock(self.part, -5)
        self.assertFalse(self.tell())
        self.assertEqual(self.mo.supply_seen_ready, "no")
        self.put_in_stock(self.part, 5)
        self.assertEqual(self.tell(), self.mo)
        self.assertEqual(self.notices(), 2)

    def test_confirmation_of_another_swallows_nothing(self):
        """One waits for X and takes Y, which is there. Another that takes Y alone is confirmed, and
        X arrives: the first is told of, although the confirmation has looked at both."""
        missing = self.make_product("Notice X")
        common = self.make_product("Notice Y", stock=50)
        first, second = self.make_product("Notice XY"), self.make_product("Notice only Y")
        self.bom(first, 1, (missing, 1), (common, 1))
        self.bom(second, 1, (common, 1))
        waiting = self.production(first, 2, 20)
        self.assertEqual(waiting.supply_seen_ready, "no")
        other = self.production(second, 2, 25)
        waiting.invalidate_recordset()
        self.assertEqual((waiting.supply_seen_ready, other.supply_seen_ready), ("no", "yes"))
        self.put_in_stock(missing, 2)
        self.assertEqual(self.tell(), waiting)

    def test_repeated_in_vain_next_company(self):
        """A company whose turn collides again and again waits for the next time; the others are
        told all the same."""
        other = self.env["res.company"].create({"name": "Notice 2", "supply_planning": True})
        turns = []

        def tell(productions, company):
            turns.append(company)
            if company == self.company:
                raise SerializationFailure

        registry = self.env.registry
        with (
            patch.object(registry["mrp.production"], "_tell_and_commit", tell),
            patch.object(registry["supply.planner"], "_repeat", lambda _planner, work: work()),
            patch.object(self.env.cr, "rollback") as rollback,
            self.assertLogs("odoo.addons.production_order", "WARNING"),
        ):
            self.env["mrp.production"]._cron_notices()
        self.assertLessEqual(self.company | other, self.env["res.company"].union(*turns))
        self.assertEqual(rollback.call_count, 1)

    def test_ready_from_the_start_is_no_news(self):
        """A production that is ready when it is confirmed isn't told of."""
        self.put_in_stock(self.part, 100)
        production = self.production(self.fg, 1, 3)
        self.assertEqual(production.supply_seen_ready, "yes")
        self.assertNotIn(production, self.tell())

    def test_one_message_for_many(self):
        """Several become ready at once: one message for their responsible. The flag changes neither
        the production's date of change nor its version."""
        second = self.production(self.fg, 1, 25)
        second.user_id = self.worker
        self.env.flush_all()
        before = self.mo.write_date
        self.put_in_stock(self.part, 100)
        self.assertEqual(self.tell(), self.mo | second)
        self.assertEqual(self.notices(), 1)
        self.mo.invalidate_recordset()
        self.assertEqual(self.mo.write_date, before)

    def test_nobody_responsible(self):
        """Without a responsible all who produce for the company are told."""
        self.mo.user_id = False
        stranger = self.make_user("floor_stranger", "sales_team.group_sale_salesman")
        self.put_in_stock(self.part, 100)
        self.tell()
        self.assertEqual(self.notices(), 1)
        self.assertFalse(
            self.env["mail.message"].search_count(
                [
                    ("partner_ids", "in", stranger.partner_id.ids),
                    ("body", "ilike", self.mo.name),
                ]
            )
        )

    def test_finished_production_and_count(self):
        """A finished component production and an inventory count wake the look as well; what no
        open production takes doesn't."""
        cron = self.env.ref("production_order.mrp_production_cron_notices")

        def woken(work):
            triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            triggers.unlink()
            work()
            return bool(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]))

        quant = self.env["stock.quant"].search(
            [("product_id", "=", self.part.id), ("location_id.usage", "=", "internal")]
        )

        def count():
            quant.with_context(inventory_mode=True).inventory_quantity = 50
            quant.action_apply_inventory()

        self.assertTrue(woken(count))
        idle = self.make_product("Notice idle", stock=3)
        free = self.env["stock.quant"].search([("product_id", "=", idle.id)])

        def count_idle():
            free.with_context(inventory_mode=True).inventory_quantity = 9
            free.action_apply_inventory()

        self.assertFalse(woken(count_idle))

    def test_off(self):
        """A company that doesn't plan keeps no flag and gets no message."""
        self.company.supply_planning = False
        production = self.production(self.fg, 1, 3)
        self.assertFalse(production.supply_seen_ready)
        self.assertFalse(self.env["mrp.production"]._is_waited_for(self.part.ids))
