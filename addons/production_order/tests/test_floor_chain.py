from odoo.exceptions import AccessError
from odoo.tests import tagged

from .scenario import ProductionScenarioCase


@tagged("post_install", "-at_install")
class TestFloorChain(ProductionScenarioCase):
    """Multi-level links through the pegs, of by-order and of merged productions."""

    def setUp(self):
        super().setUp()
        self.rm = self.make_product("Chain RM", lead=5)

    def three_levels(self, policy):
        self.sa = self.make_product(f"Chain SA {policy}", supply_policy=policy)
        self.fg = self.make_product(f"Chain FG {policy}", supply_policy=policy)
        self.bom(self.sa, 2, (self.rm, 1))
        self.bom(self.fg, 2, (self.sa, 2))

    def test_by_order(self):
        """Each order has its own chain: FG's production, the one of its component, and back."""
        self.three_levels("by_order")
        orders = self.sell(self.fg, 3, 30), self.sell(self.fg, 4, 30)
        self.release(self.fg, self.sa)
        tops, parts = self.made(self.fg), self.made(self.sa)
        self.assertEqual((len(tops), len(parts)), (2, 2))
        for top in tops:
            child = top.supply_child_ids
            self.assertEqual((len(child), top.supply_child_count), (1, 1))
            self.assertEqual(child.supply_parent_ids, top)
            self.assertEqual(child.sale_line_ids, top.sale_line_ids)
            self.assertIn(top.sale_line_ids.order_id, orders)
            self.assertIn(top.sale_line_ids.order_id.name, child.supply_for)
            self.assertIn(self.customer.name, child.supply_for)
        action = tops[0].action_view_supply_children()
        self.assertEqual(action["res_id"], tops[0].supply_child_ids.id)

    def test_merged_shares(self):
        """One production for two orders: the shares of each stand on it."""
        self.three_levels("merged")
        self.fg.supply_bucket_days = self.sa.supply_bucket_days = 7
        first, second = self.sell(self.fg, 3, 30), self.sell(self.fg, 4, 31)
        self.release(self.fg, self.sa)
        (top,), (part,) = self.made(self.fg), self.made(self.sa)
        self.assertEqual(
            sorted((peg.sale_order_id.id, peg.quantity) for peg in top.supply_share_ids),
            sorted([(first.id, 3), (second.id, 4)]),
        )
        self.assertEqual(
            [(peg.production_id, peg.quantity) for peg in part.supply_share_ids], [(top, 14)]
        )
        self.assertEqual(part.sale_line_ids.order_id, first | second)

    def test_tree(self):
        """All levels below, indented, with the quantity that goes upwards."""
        self.three_levels("merged")
        self.sell(self.fg, 3, 30)
        self.release(self.fg, self.sa)
        top, part = self.made(self.fg), self.made(self.sa)
        worker = self.make_user("floor_tree", "mrp.group_mrp_user")
        action = top.with_user(worker).action_view_supply_tree()
        tree = self.env["mrp.production.tree"].with_user(worker)
        rows = tree.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(
            [(r.level, r.production_id.id, r.quantity, r.parent_id.id) for r in rows],
            [(0, top.id, 3, False), (1, part.id, 6, top.id)],
        )
        self.assertEqual(rows[1].name, f"\u2003└ {part.name}")
        self.assertEqual(rows[1].action_open()["res_id"], part.id)
        self.assertFalse(tree.search([]), "without a production there is no tree")
        with self.assertRaises(AccessError):
            tree.with_user(self.make_user("floor_no", "base.group_user")).search([])

    def test_tree_rows_keep_their_ids(self):
        """The row of a production in a tree is the same after another production has come before
        it: what a client has read of it stays true."""
        self.three_levels("merged")
        bolt = self.make_product("Chain bolt")
        self.bom(bolt, 1, (self.rm, 1))
        self.sell(self.fg, 3, 30)
        self.release(self.fg, self.sa)
        top, part = self.made(self.fg), self.made(self.sa)
        extra = self.production(bolt, 1, 10)

        def rows():
            tree = self.env["mrp.production.tree"].with_context(supply_tree_root=top.id)
            return {row.production_id: row.id for row in tree.search([])}

        before = rows()
        self.assertEqual(set(before), {top, part})
        peg = self.env["supply.peg"].search([("supply_production_id", "=", part.id)])
        self.env.flush_all()
        # one with a smaller number in the path than any other
        self.env.cr.execute(
            "UPDATE supply_peg SET supply_production_id = %s WHERE id = %s", (extra.id, peg.id)
        )
        self.env.invalidate_all()
        self.assertEqual(rows()[top], before[top])
        self.assertNotIn(rows()[extra], before.values())
        self.env.cr.execute(
            "UPDATE supply_peg SET supply_production_id = %s WHERE id = %s", (part.id, peg.id)
        )
        self.env.invalidate_all()
        self.assertEqual(rows(), before)

    def test_other_company_sees_nothing(self):
        """A production user of another company finds none of the trees."""
        self.three_levels("merged")
        self.sell(self.fg, 3, 30)
        self.release(self.fg, self.sa)
        foreign = self.env["res.company"].create({"name": "Chain foreign"})
        stranger = self.make_user("floor_chain_foreign", "mrp.group_mrp_user")
        stranger.write({"company_ids": [(6, 0, foreign.ids)], "company_id": foreign.id})
        tree = (
            self.env["mrp.production.tree"]
            .with_user(stranger)
            .with_context(allowed_company_ids=foreign.ids, supply_tree_root=self.made(self.fg).id)
        )
        self.assertFalse(tree.search([("root_id", "=", self.made(self.fg).id)]))
