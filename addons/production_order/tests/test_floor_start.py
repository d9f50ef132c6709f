from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestFloorStart(ProductionCase):
    """Start, reserve and split by readiness, as the production user."""

    def setUp(self):
        super().setUp()
        self.worker = self.make_user("floor_worker", "mrp.group_mrp_user")

    def simple(self, name, stock):
        part = self.make_product(f"{name} part", stock=stock)
        fg = self.make_product(f"{name} made")
        self.bom(fg, 1, (part, 1))
        return part, fg

    def test_start_confirms_reserves_and_opens(self):
        """One click on a draft: confirmed, its components reserved, in progress, its form open."""
        _part, fg = self.simple("Start", 10)
        production = self.production(fg, 4, 5, confirm=False)
        action = production.with_user(self.worker).action_floor_start()
        self.assertEqual(production.state, "progress")
        self.assertEqual(production.move_raw_ids.quantity, 4)
        self.assertEqual(production.move_raw_ids.state, "assigned")
        self.assertEqual((action["res_model"], action["res_id"]), ("mrp.production", production.id))

    def test_start_takes_from_the_later_one(self):
        """The later production had reserved everything: the earlier one gets what it needs, the
        later one keeps the rest, and a decision says so."""
        part, fg = self.simple("Hand over", 10)
        late, early = self.production(fg, 8, 20), self.production(fg, 6, 5)
        late.move_raw_ids._do_unreserve()
        early.move_raw_ids._do_unreserve()
        late.action_assign()
        self.assertEqual(late.move_raw_ids.quantity, 8)
        early.with_user(self.worker).action_floor_start()
        self.assertEqual(early.move_raw_ids.quantity, 6)
        self.assertEqual(early.move_raw_ids.state, "assigned")
        self.assertEqual(late.move_raw_ids.quantity, 4)
        self.assertEqual(late.move_raw_ids.state, "partially_available")
        decision = self.env["suite.decision"].search(
            [("kind", "=", "production.reserve"), ("res_id", "=", late.id)]
        )
        self.assertEqual(len(decision), 1)
        self.assertIn(early.name, decision.explanation)
        self.assertIn(part.name, decision.explanation)

    def test_the_later_one_does_not_take_what_is_the_earlier_ones(self):
        """The earlier production hasn't reserved yet: starting the later one leaves it its part."""
        _part, fg = self.simple("Leave", 10)
        early, late = self.production(fg, 6, 5), self.production(fg, 8, 20)
        (early | late).move_raw_ids._do_unreserve()
        late.with_user(self.worker).action_floor_start()
        self.assertEqual(late.move_raw_ids.quantity, 4)
        self.assertEqual(late.move_raw_ids.state, "partially_available")
        late.move_raw_ids._do_unreserve()
        late.action_assign()  # Odoo's own: everything
        self.assertEqual(late.move_raw_ids.quantity, 8)
        (early | late).with_user(self.worker).action_floor_reserve()
        self.assertEqual((early.move_raw_ids.quantity, late.move_raw_ids.quantity), (6, 4))

    def test_nothing_to_start(self):
        """Nothing can be built: refused with what is missing; a closed one as well. Nothing has
        changed."""
        part, fg = self.simple("Nothing", 0)
        production = self.production(fg, 4, 5, confirm=False)
        with self.assertRaisesRegex(UserError, part.name), self.cr.savepoint():
            production.with_user(self.worker).action_floor_start()
        self.env.invalidate_all()
        self.assertEqual(production.state, "draft")
        with self.assertRaisesRegex(UserError, "draft"):
            production.with_user(self.worker).action_floor_reserve()
        production.action_cancel()
        for method in ("action_floor_start", "action_floor_reserve", "action_split_buildable"):
            with self.assertRaisesRegex(UserError, "closed"):
                getattr(production.with_user(self.worker), method)()

    def test_two_steps_reserves_the_transfer(self):
        """Where components are brought first, the transfer out of stock is reserved."""
        self.warehouse.manufacture_steps = "pbm"
        _part, fg = self.simple("Steps", 10)
        late, early = self.production(fg, 8, 20), self.production(fg, 6, 5)
        picks = (late | early).picking_ids.move_ids
        picks._do_unreserve()
        late.picking_ids.action_assign()
        early.with_user(self.worker).action_floor_start()
        self.assertEqual(early.picking_ids.move_ids.quantity, 6)
        self.assertEqual(late.picking_ids.move_ids.quantity, 4)

    def test_split(self):
        """H02: 3 of 10 can be built: the production keeps 3 with its reserved parts, 7 go apart and
        get no part of the stock."""
        c, d = self.make_product("Split C", stock=7), self.make_product("Split D", stock=100)
        fg = self.make_product("Split FG")
        self.bom(fg, 1, (c, 2), (d, 1))
        production = self.production(fg, 10, 20)
        action = production.with_user(self.worker).action_split_buildable()
        both = self.env["mrp.production"].search(action["domain"])
        rest = both - production
        self.assertEqual((production.product_qty, rest.product_qty), (3, 7))
        both.invalidate_recordset()
        self.assertEqual(production.readiness_state, "ready")
        self.assertEqual(rest.buildable_quantity, 0)
        self.assertEqual(rest.state, "confirmed")
        with self.assertRaisesRegex(UserError, "All of"):
            production.with_user(self.worker).action_split_buildable()
        with self.assertRaisesRegex(UserError, "Split C"):
            rest.with_user(self.worker).action_split_buildable()
        production.with_user(self.worker).action_floor_start()
        with self.assertRaises(UserError):
            production.with_user(self.worker).action_split_buildable()

    def test_entries_of_work_in_progress(self):
        """A copy has the entries of its model as in Odoo; where the company plans it has none."""
        _part, fg = self.simple("Entries", 10)
        production = self.production(fg, 4, 5)
        journal = self.env["account.journal"].create(
            {"name": "WIP", "code": "WIPT", "type": "general", "company_id": self.company.id}
        )
        entry = self.env["account.move"].create({"move_type": "entry", "journal_id": journal.id})
        production.wip_move_ids = entry
        self.assertFalse(production.copy().wip_move_ids)
        self.company.supply_planning = False
        self.assertEqual(production.copy().wip_move_ids, entry)

    def test_rights(self):
        """The warehouse sees productions of its goods but starts none; over RPC neither."""
        _part, fg = self.simple("Rights", 10)
        production = self.production(fg, 4, 5)
        clerk = self.make_user("floor_clerk", "sales_team.group_sale_salesman")
        for method in ("action_floor_start", "action_floor_reserve", "action_split_buildable"):
            with self.assertRaises(AccessError):
                getattr(production.with_user(clerk), method)()
        self.assertEqual(production.state, "confirmed")
