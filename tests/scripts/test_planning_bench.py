"""The planning benchmark's own rules: its worlds, and how results are held against goals."""

from tradeworks import bench_planning
from tradeworks.planning_bench import goals, shape


def test_a_world_is_the_same_each_time():
    assert shape.make(shape.SMALL) == shape.make(shape.SMALL)


def test_small_world_has_the_sizes_of_the_goal():
    products, demands = shape.make(shape.SMALL)
    assert (len(products), len(demands)) == (800, 1000)
    assert {product.level for product in products} == {0, 1, 2, 3}
    assert all(products[demand.product].level == 0 for demand in demands)


def test_made_products_have_bills_one_level_down_and_bought_ones_a_vendor():
    products, _demands = shape.make(shape.SMALL)
    for product in products:
        assert bool(product.bill) == (product.level < 3)
        assert bool(product.vendors) == (product.level == 3)
        assert all(products[part].level == product.level + 1 for part, _quantity in product.bill)


def test_a_scaled_world_keeps_demands_in_proportion():
    products, demands = shape.make(shape.SMALL.scaled(80))
    assert (len(products), len(demands)) == (80, 100)


def test_goals_tell_what_failed_and_what_is_missed():
    cost = {"seconds": 1.5, "statements": 80, "planning_statements": 61, "plan_lines": 11_312}
    again = {"rows_written": 0, "rows_reported": 1}
    table = goals.table({"small": {"full": cost, "again": again}, "peer": {"failed": "no network"}})
    assert [row["ok"] for row in table] == [False, False, True, False, False]
    assert table[-1]["measured"] == "no network"


def test_differences_of_two_plans_are_counted_by_product():
    found = bench_planning.difference(
        {"A": [2, 5.0], "B": [1, 3.0]}, {"A": [1, 5.0], "C": [1, 1.0]}
    )
    assert found["products"] == 3
    assert found["other_number_of_orders"] == 3
    assert found["other_quantity"] == 2
