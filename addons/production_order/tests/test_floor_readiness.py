from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestFloorReadiness(ProductionCase):
    """Who gets which component: what is picked stays, the rest by priority and date."""

    def told(self, production):
        production.invalidate_recordset()
        return (
            production.readiness_state,
            round(production.kit_rate, 2),
            production.buildable_quantity,
            self.offset(production.ready_date),
        )

    def test_h01_states_and_search(self):
        """H01: ready and "nothing ordered" by date; reverse with priority; the filter agrees."""
        part = self.make_product("Floor H01 C", stock=10)
        fg = self.make_product("Floor H01 FG")
        self.bom(fg, 0, (part, 1))
        late, early = self.production(fg, 10, 5), self.production(fg, 10, 2)
        self.assertEqual(self.told(early), ("ready", 1.0, 10, 0))
        self.assertEqual(self.told(late), ("not_ordered", 0.0, 0, None))
        productions = self.env["mrp.production"]
        both = [("id", "in", (late | early).ids)]
        self.assertEqual(productions.search([*both, ("readiness_state", "=", "ready")]), early)
        self.assertEqual(
            productions.search([*both, ("readiness_state", "in", ["not_ordered", "partly"])]), late
        )
        self.assertEqual(productions.search([*both, ("readiness_state", "!=", "ready")]), late)
        late.priority = "1"
        self.assertEqual(self.told(late)[0], "ready")
        self.assertEqual(productions.search([*both, ("readiness_state", "=", "ready")]), late)

    def test_h02_detail(self):
        """H02: 50 %, 3 pieces, +6; the table says what is here, what is missing, when it comes."""
        c = self.make_product("Floor <C>", stock=7)
        d = self.make_product("Floor D", stock=100)
        fg = self.make_product("Floor H02 FG")
        self.bom(fg, 1, (c, 2), (d, 1))
        order = self.purchase(c, 15, 6)
        production = self.production(fg, 10, 20)
        self.assertEqual(self.told(production), ("partly", 0.5, 3, 6))
        detail = production.readiness_detail
        self.assertIn("Floor &lt;C&gt;", detail)
        self.assertIn(order.name, detail)
        self.assertNotIn("Floor D", detail)
        for number in ("20 ", "7 ", "13 "):
            self.assertIn(f">{number}", detail)

    def test_percent_is_rounded(self):
        """29 of 100 components are there: 29 %, not 28."""
        parts = [(self.make_product(f"Floor 29 {n}", stock=n < 29), 1) for n in range(100)]
        fg = self.make_product("Floor 29 FG")
        self.bom(fg, 1, *parts)
        self.assertEqual(self.production(fg, 1, 5).kit_percent, 29)

    def test_day_of_the_company(self):
        """A day begins where the company is, whoever reads: for one that is a day behind, what is
        there now is ready on the company's day."""
        fg = self.make_product("Floor day FG")
        self.bom(fg, 1, (self.make_product("Floor day C", stock=5), 1))
        production = self.production(fg, 1, 5)
        days = {}
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):  # always 26 hours apart
            production.invalidate_recordset()
            days[zone] = production.with_context(tz=zone).ready_date
            self.assertEqual(production.readiness_state, "ready")
        self.assertEqual(set(days.values()), {self.today})
        centre = self.env["mrp.workcenter"].create({"name": "Floor day"})
        weeks = {zone: centre.with_context(tz=zone)._supply_weeks(self.company) for zone in days}
        self.assertEqual(*weeks.values())

    def test_picked_stays(self):
        """What is picked for a production stays its own, even when a more urgent one comes."""
        part = self.make_product("Floor picked", stock=10)
        fg = self.make_product("Floor picked FG")
        self.bom(fg, 1, (part, 1))
        first = self.production(fg, 10, 20)
        first.move_raw_ids.write({"quantity": 6, "picked": True})
        urgent = self.production(fg, 10, 5)
        urgent.priority = "1"
        self.assertEqual(self.told(first)[2], 6)
        self.assertEqual(self.told(urgent)[2], 4)

    def test_reserved_is_no_claim(self):
        """Reserved for the later production: the earlier one is ready all the same."""
        part = self.make_product("Floor reserved", stock=10)
        fg = self.make_product("Floor reserved FG")
        self.bom(fg, 1, (part, 1))
        late = self.production(fg, 10, 20)
        late.action_assign()
        self.assertEqual(late.move_raw_ids.quantity, 10)
        early = self.production(fg, 10, 5)
        self.assertEqual(self.told(early)[0], "ready")
        self.assertEqual(self.told(late)[:3], ("not_ordered", 0.0, 0))

    def test_excluded_place_and_units(self):
        """Stock in quarantine isn't there. Components in dozens, a production in dozens: whole
        dozens can be built."""
        dozen = self.env.ref("uom.product_uom_dozen")
        part = self.make_product("Floor dozen part", stock=30)
        fg = self.make_product("Floor dozen FG")
        cage = self.env["stock.location"].create(
            {
                "name": "Cage",
                "location_id": self.warehouse.lot_stock_id.id,
                "supply_excluded": True,
            }
        )
        self.env["stock.quant"]._update_available_quantity(part, cage, 100)
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": fg.product_tmpl_id.id,
                "product_qty": 1,
                "product_uom_id": dozen.id,
                "company_id": self.company.id,
                "bom_line_ids": [
                    Command.create(
                        {"product_id": part.id, "product_qty": 1, "product_uom_id": dozen.id}
                    )
                ],
            }
        )
        production = self.env["mrp.production"].create(
            {
                "product_id": fg.id,
                "product_qty": 4,
                "product_uom_id": dozen.id,
                "company_id": self.company.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "date_start": self.noon(3),
            }
        )
        production.action_confirm()
        # 30 of 48: share 0.625 of 4 dozen is 2.5 dozen
        self.assertEqual(self.told(production), ("partly", 0.0, 2, None))

    def test_weight_is_cut_to_digits(self):
        """Kilograms aren't counted in pieces: 35 % of 10 kg are 3.5 kg."""
        kg = self.env.ref("uom.product_uom_kgm")
        part = self.make_product("Floor flour", stock=7)
        dough = self.make_product("Floor dough", uom_id=kg.id)
        self.bom(dough, 1, (part, 2), product_uom_id=kg.id)
        production = self.production(dough, 10, 5)
        self.assertEqual(self.told(production)[2], 3.5)

    def test_not_kept_in_stock(self):
        """A component that isn't kept in stock is always there."""
        glue = self.env["product.product"].create({"name": "Floor glue", "type": "consu"})
        part = self.make_product("Floor with glue", stock=3)
        fg = self.make_product("Floor glued")
        self.bom(fg, 1, (part, 1), (glue, 5))
        self.assertEqual(self.told(self.production(fg, 3, 5))[0], "ready")

    def test_done_part(self):
        """4 of 10 are done: only the rest counts, for what is needed and what can be built."""
        part = self.make_product("Floor B10", stock=20)
        fg = self.make_product("Floor B10 FG")
        self.bom(fg, 1, (part, 2))
        production = self.production(fg, 10, 5)
        rest = production._split_productions({production: [4, 6]}) - production
        production.qty_producing = 4
        production._set_qty_producing()
        production.button_mark_done()
        self.assertEqual(production.state, "done")
        self.assertEqual(rest.product_qty, 6)
        self.assertEqual(self.told(rest), ("ready", 1.0, 6, 0))
        self.env["stock.quant"]._update_available_quantity(part, self.warehouse.lot_stock_id, -7)
        self.assertEqual(self.told(rest), ("partly", 0.0, 2, None))

    def test_made_component_comes_when_its_own_parts_do(self):
        """FG waits for SA, SA for a purchase at +6: SA takes 4 days, so FG is ready at +10 although
        SA's production says +5. When the purchase is gone, nobody knows a date."""
        rm = self.make_product("Floor RM")
        sa = self.make_product("Floor SA")
        fg = self.make_product("Floor top")
        self.bom(sa, 4, (rm, 1))
        self.bom(fg, 2, (sa, 1))
        order = self.purchase(rm, 10, 6)
        below = self.production(sa, 10, 5)
        above = self.production(fg, 10, 12)
        self.assertEqual(self.told(below)[3], 6)
        self.assertEqual(self.told(above), ("waiting", 0.0, 0, 10))
        self.assertIn(below.name, above.readiness_detail)
        order.button_cancel()
        self.assertEqual(self.told(above)[0], "not_ordered")

    def test_request_and_approved_line_count_proposals_do_not(self):
        """Dated supply: requests for quotation and approved plan lines; a proposal is no supply."""
        part = self.make_product("Floor supply", lead=4)
        fg = self.make_product("Floor supply FG")
        self.bom(fg, 1, (part, 1))
        self.sell(fg, 10, 20)
        production = self.production(fg, 10, 20)
        self.planner.run(self.warehouse.ids)
        line = self.lines(part)
        self.assertEqual(line.state, "proposed")
        self.assertEqual(self.told(production)[0], "not_ordered")
        line.action_approve()
        self.assertEqual(self.told(production)[0], "waiting")
        self.assertEqual(production.ready_date, line.feasible_date or line.due_date)
        line.action_release()
        self.assertEqual(line.purchase_line_id.order_id.state, "draft")
        self.assertEqual(self.told(production)[0], "waiting")

    def test_by_product_comes(self):
        """A by-product of an open production is supply on the day it ends."""
        slag = self.make_product("Floor slag")
        ore = self.make_product("Floor ore", stock=50)
        iron = self.make_product("Floor iron")
        self.bom(
            iron,
            3,
            (ore, 1),
            byproduct_ids=[Command.create({"product_id": slag.id, "product_qty": 1})],
        )
        brick = self.make_product("Floor brick")
        self.bom(brick, 1, (slag, 1))
        self.production(iron, 10, 5)
        self.assertEqual(self.told(self.production(brick, 8, 20)), ("waiting", 0.0, 0, 5))

    def test_two_steps(self):
        """Components brought to the place of production stay with their production."""
        self.warehouse.manufacture_steps = "pbm"
        part = self.make_product("Floor pbm", stock=10)
        fg = self.make_product("Floor pbm FG")
        self.bom(fg, 1, (part, 1))
        first = self.production(fg, 6, 20)
        self.assertEqual(self.told(first)[0], "ready")
        pick = first.picking_ids.move_ids.filtered(lambda move: move.product_id == part)
        self.assertEqual(len(pick), 1)
        pick.picking_id.action_assign()
        pick.write({"quantity": 6, "picked": True})
        pick._action_done()
        urgent = self.production(fg, 10, 3)
        urgent.priority = "1"
        self.assertEqual(self.told(urgent)[2], 4)
        self.assertEqual(self.told(first)[:3], ("ready", 1.0, 6))

    def test_two_warehouses_and_companies(self):
        """Stock of another warehouse or company is no stock."""
        part = self.make_product("Floor elsewhere")
        fg = self.make_product("Floor elsewhere FG")
        self.bom(fg, 1, (part, 1))
        other = self.env["stock.warehouse"].create(
            {"name": "Two", "code": "FLTW", "company_id": self.company.id}
        )
        foreign = self.env["res.company"].create({"name": "Foreign"})
        place = self.env["stock.warehouse"].search([("company_id", "=", foreign.id)], limit=1)
        for location in (other.lot_stock_id, place.lot_stock_id):
            self.env["stock.quant"].sudo()._update_available_quantity(part, location, 100)
        production = self.production(fg, 5, 3)
        self.assertEqual(self.told(production)[0], "not_ordered")
        stranger = self.make_user("floor_foreign", "mrp.group_mrp_user")
        stranger.write({"company_ids": [Command.set(foreign.ids)], "company_id": foreign.id})
        theirs = (
            self.env["mrp.production"]
            .with_user(stranger)
            .with_context(allowed_company_ids=foreign.ids)
        )
        self.assertFalse(theirs.search([("readiness_state", "!=", False)]))
        with self.assertRaises(AccessError):
            theirs.browse(production.id).action_floor_start()

    def test_loop(self):
        """Two productions that need each other end, by their own dates."""
        a, b = self.make_product("Floor A"), self.make_product("Floor B")
        self.bom(b, 1, (a, 1))
        second = self.production(b, 5, 6)
        self.bom(a, 1)
        first = self.production(a, 5, 4)
        first.move_raw_ids = [Command.create(first._get_move_raw_values(b, 5, b.uom_id))]
        self.assertTrue(self.told(second)[0])
        self.assertTrue(self.told(first)[0])

    def test_queries_do_not_grow(self):
        """The same number of statements for 3 and for 40 productions, list and filter."""
        parts = [self.make_product(f"Floor Q{n}", stock=20) for n in range(5)]
        fg = self.make_product("Floor Q FG")
        self.bom(fg, 1, *((part, 1) for part in parts))
        productions = self.env["mrp.production"].union(
            *(self.production(fg, 3, 5 + n % 7) for n in range(40))
        )
        fields_ = ["kit_rate", "buildable_quantity", "ready_date", "readiness_note"]

        def queries(records):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            records.with_context(prefetch_fields=False).read([*fields_, "readiness_state"])
            records.search([("readiness_state", "=", "ready")])
            return self.cr.sql_log_count - start

        queries(productions)
        few, many = queries(productions[:3]), queries(productions)
        self.assertEqual(few, many)
        self.assertLess(many, 30)  # the company and its time zone included

    def test_wrong_user(self):
        """A salesperson who may not read productions doesn't search or start them either."""
        part = self.make_product("Floor rights", stock=10)
        fg = self.make_product("Floor rights FG")
        self.bom(fg, 1, (part, 1))
        production = self.production(fg, 3, 5)
        finance = self.make_user("floor_finance", "account.group_account_invoice")
        for call in (
            lambda p: p.read(["readiness_detail"]),
            lambda p: p.action_floor_start(),
            lambda p: p.action_floor_reserve(),
            lambda p: p.action_split_buildable(),
            lambda p: p.action_view_supply_tree(),
        ):
            with self.assertRaises(AccessError):
                call(production.with_user(finance))
