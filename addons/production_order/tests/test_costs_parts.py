"""The arithmetic of costs without a database: parts, tracing, the split of a difference."""

from odoo.tests import BaseCase, tagged

from odoo.addons.production_order.engine.costs import Actual, Node, Planned, differences

FG, SA, RM, BOX = 1, 2, 3, 4


def cents(amount):
    return round(amount, 2)


@tagged("post_install", "-at_install")
class TestCostParts(BaseCase):
    def test_shared_lot_counts_by_its_usable_quantity(self):
        """A lot of 12 of which the line takes 4 gives it a third, set-up included; what the lot
        has beyond its needs is nobody's cost."""
        nodes = {
            ("plan", 10): Node(FG, 12, made=True, operations=[(7, 3.0, 40.0)]),
            ("plan", 11): Node(RM, 100, price=2.5),
        }
        pegs = {
            ("sale", 1): [(FG, 4.0, "plan", 10, 0, 0.0)],
            ("plan", 10): [(RM, 24.0, "plan", 11, 0, 0.0)],
        }
        parts = Planned(pegs, nodes, lambda _pid: 9.0, lambda *_a: None).parts(1, [(FG, 4.0)])
        self.assertEqual(
            parts,
            {(FG, "operation", FG, 7): [1.0, 40.0], (FG, "material", RM, 0): [8.0, 20.0]},
        )

    def test_loop_of_documents_ends_at_the_standard_price(self):
        """Documents that feed each other don't hang the computation."""
        nodes = {("plan", 10): Node(FG, 1, made=True)}
        pegs = {
            ("sale", 1): [(FG, 1.0, "plan", 10, 0, 0.0)],
            ("plan", 10): [(FG, 1.0, "plan", 10, 0, 0.0)],
        }
        parts = Planned(pegs, nodes, lambda _pid: 9.0, lambda *_a: None).parts(1, [(FG, 1.0)])
        self.assertEqual(parts, {(FG, "material", FG, 0): [1.0, 9.0]})

    def test_by_product_share_lowers_the_price_not_the_quantity(self):
        """A by-product that bears 20 % leaves 80 % of material and time."""
        nodes = {
            ("plan", 10): Node(
                FG, 10, made=True, needs={RM: 20.0}, operations=[(7, 1.0, 60.0)], share=0.8
            )
        }
        pegs = {("sale", 1): [(FG, 5.0, "plan", 10, 0, 0.0)]}
        parts = Planned(pegs, nodes, lambda _pid: 2.0, lambda *_a: None).parts(1, [(FG, 5.0)])
        self.assertEqual(parts[FG, "material", RM, 0], [10.0, 16.0])
        self.assertEqual(parts[FG, "operation", FG, 7], [0.5, 24.0])

    def test_difference_splits_to_the_cent(self):
        """Planned 10 kg at 3.33 and 2 h at 50; really 11 kg for 40.01 and 2.5 h for 127.50:
        quantity 3.33, time 25.00, the rest is the price's."""
        planned = {
            (FG, "material", RM, 0): (10.0, 33.3),
            (FG, "operation", FG, 7): (2.0, 100.0),
        }
        actual = {
            (FG, "material", RM, 0): [11.0, 40.01],
            (FG, "operation", FG, 7): [2.5, 127.5],
        }
        found = differences(planned, actual, 1.0, cents)
        material, work = found.values()
        self.assertEqual((material.usage, material.price, material.time), (3.33, 3.38, 0.0))
        self.assertEqual((work.usage, work.price, work.time), (0.0, 2.5, 25.0))

    def test_split_adds_up_for_every_part_and_share(self):
        """Price + quantity + time is actual − planned to the cent, whatever the numbers."""
        for share in (1.0, 1 / 3, 0.07):
            for quantity, cost in ((0.0, 0.0), (1 / 3, 0.01), (7.777, 99.99), (1e5, 333333.33)):
                for kind in ("material", "operation"):
                    planned = {(FG, kind, RM, 0): (17 / 7, 12.35)}
                    (one,) = differences(
                        planned, {(FG, kind, RM, 0): [quantity, cost]}, share, cents
                    ).values()
                    self.assertEqual(
                        cents(one.price + one.usage + one.time), cents(one.actual - one.expected)
                    )

    def test_unplanned_component_counts_as_quantity(self):
        """What stands in for a component: one quantity more, one less, nothing by price."""
        found = differences(
            {(FG, "material", RM, 0): (10.0, 20.0)},
            {(FG, "material", BOX, 0): [10.0, 25.0]},
            1.0,
            cents,
        )
        self.assertEqual([one.usage for one in found.values()], [-20.0, 25.0])
        self.assertEqual([one.price for one in found.values()], [0.0, 0.0])

    def test_untraced_goods_differ_by_price_alone(self):
        """Planned to be made, delivered from nobody knows where: the planned parts, all dearer
        alike."""
        planned = {
            (FG, "material", RM, 0): (10.0, 60.0),
            (FG, "operation", FG, 7): (1.0, 40.0),
        }
        actual = Actual({}, {}).parts({FG: (5.0, 60.0)}, planned, {FG: 10.0})
        self.assertEqual(actual[FG, "material", RM, 0], [5.0, 36.0])
        found = differences(planned, actual, 0.5, cents)
        self.assertEqual([one.price for one in found.values()], [6.0, 4.0])
        self.assertFalse(any(one.usage or one.time for one in found.values()))

    def test_traces_through_two_levels_and_values_the_rest(self):
        """Of 6 assemblies that the goods took 4 came from the line's own production, at what it
        took; 2 from stock at their value."""
        nodes = {
            "mo": Node(FG, 3.0, made=True, needs={SA: 6.0}, values={SA: 11.0}),
            "sub": Node(SA, 8.0, made=True, needs={RM: 16.0}, values={RM: 2.0}),
        }
        sources = {FG: [["mo", 3.0]], SA: [["sub", 4.0]]}
        actual = Actual(sources, nodes).parts({FG: (3.0, 0.0)}, {}, {})
        self.assertEqual(
            actual, {(FG, "material", RM, 0): [8.0, 16.0], (FG, "material", SA, 0): [2.0, 22.0]}
        )
