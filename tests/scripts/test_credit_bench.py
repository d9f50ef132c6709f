"""The credit benchmark's own rules: its worlds, and how results are held against goals."""

from tradeworks import bench_credit
from tradeworks.credit_bench import goals, load, shape


def test_worlds_have_the_sizes_of_the_goals():
    small, large, confirm = (shape.WORLDS[name] for name in ("search", "large", "confirm"))
    assert (small.customers, small.lines) == (4_000, 12_000)
    assert (large.customers, large.lines) == (100_000, 1_000_000)
    assert (confirm.lines + confirm.closed_lines, confirm.orders) == (300_000, 30_000)


def test_a_scaled_world_keeps_its_form():
    scaled = shape.WORLDS["large"].scaled(0.01)
    assert (scaled.customers, scaled.lines, scaled.items_per_entry) == (1_000, 10_000, 10)
    assert shape.WORLDS["search"].scaled(0.00001).customers == 10


def test_each_part_has_a_goal():
    assert set(bench_credit.PARTS) == set(goals.JUDGES)


def test_goals_tell_what_failed_and_what_is_missed():
    cost = {"seconds": 0.5, "statements": 21}
    page = {"seconds": 0.05, "statements": 9}
    table = goals.table(
        {
            "search": {
                "world": {"customers": 4000, "open_lines": 12000},
                "search": cost,
                "listing": {"20": page, "80": page},
            },
            "oca": {"search": {"seconds": 4.0}},
            "stock": {"failed": "no network"},
        }
    )
    assert [row["ok"] for row in table] == [True, False, True, True, True, False, False]
    assert table[5]["measured"] == 8.0
    assert table[-1]["measured"] == "no network"


def test_load_is_summed_up():
    found = load.summary([0.1] * 95 + [3.0] * 5, ["UserError: x", "UserError: x"], 10.0)
    assert (found["p50"], found["p95"], found["max"]) == (0.1, 3.0, 3.0)
    assert (found["errors"], found["error_examples"]) == (2, ["UserError: x"])
    assert found["a_second"] == 10.0
