"""The goals, held against what was measured. Pure Python."""


def table(results):
    """One row a goal whose part has run: what, goal, measured, ok."""
    rows = []
    for part, judge in JUDGES.items():
        result = results.get(part)
        if result is None:
            continue
        if "failed" in result:
            rows.append(_row(part, "runs", result["failed"], False))
        else:
            rows += judge(result, results)
    return rows


def _row(what, goal, measured, ok):
    return {"what": what, "goal": goal, "measured": measured, "ok": bool(ok)}


def _most(what, limit, measured, unit):
    return _row(what, f"≤ {limit} {unit}", measured, measured <= limit)


def _small(result, _results):
    full, again = result["full"], result["again"]
    return [
        _most("800 products, 1,000 demands: full plan", 1, full["seconds"], "s"),
        _planning_statements(full),
        _row(
            "800 products: planned orders",
            "about 11,000",
            full["plan_lines"],
            10_500 <= full["plan_lines"] <= 12_000,
        ),
        _nothing_written("800 products", again),
    ]


def _planning_statements(full):
    own, whole = full["planning_statements"], full["statements"]
    return _row(
        "800 products, 1,000 demands: SQL statements",
        "≤ 60",
        f"{own} (with log and digest mails {whole})",
        own <= 60,  # noqa: PLR2004 - the goal's own number
    )


def _nothing_written(world, again):
    written = again["rows_written"] + again["rows_reported"]
    return _row(f"{world}: rows written by an unchanged re-run", "0", written, not written)


def _tiny(result, results):
    few = result["full"]["planning_statements"]
    many = results.get("small", {}).get("full", {}).get("planning_statements")
    if many is None:
        return []
    return [
        _row(
            "statements at 80 and at 800 products",
            "the same ± 5",
            f"{few} and {many}",
            abs(few - many) <= 5,  # noqa: PLR2004 - the goal's own number
        )
    ]


def _large(result, _results):
    full, changes = result["full"], result["changes"]
    return [
        _most("20,000 products, 20,000 order lines: full plan", 10, full["seconds"], "s"),
        _most("20,000 products: memory of the process", 600, full["rss_peak_mb"], "MB"),
        _nothing_written("20,000 products", result["again"]),
        _most("one order changed, whole action (median)", 200, changes["whole_ms"], "ms"),
        _most("promise of a 10-line quotation (median)", 300, result["promises"]["ms"], "ms"),
    ]


def _chain(result, _results):
    sizes = result["sizes"]["50"]
    planned, stock = sizes["planned"]["seconds"], sizes["make_to_order"]["seconds"]
    ratio = round(stock / planned, 1)
    return [
        _most("50-line, 3-level order: confirm to planned", 3, planned, "s"),
        _row("the same, times faster than stock MTO", "≥ 20", ratio, ratio >= 20),  # noqa: PLR2004
    ]


def _release(result, _results):
    first, *rest = result["batches"]
    cpu = [round(b["release_cpu_python"] + b["release_cpu_database"], 2) for b in [first, *rest]]
    growth = rest[-1]["rss_mb"] - rest[0]["rss_mb"] if len(rest) > 1 else 0
    return [
        _most("release of 100 production orders", 8, max(cpu[0], sum(cpu) / len(cpu)), "CPU-s"),
        _row(
            "memory after 200 and after 300 released",
            "flat (≤ 10 MB more)",
            f"{growth:+} MB",
            growth <= 10,  # noqa: PLR2004
        ),
        _row(
            "production orders made, each once",
            str(result["asked"]),
            result["productions"],
            result["productions"] == result["asked"],
        ),
    ]


def _peer(result, _results):
    found = result["difference"]
    number, quantity = found["other_number_of_orders"], found["other_quantity"]
    return [
        _row(
            "times faster than OCA mrp_multi_level (wall; CPU)",
            "a figure",
            f"{result['times_faster_wall']}; {result['times_less_cpu']}",
            True,
        ),
        _row(
            "products for which OCA plans another number or quantity",
            "0, or explained",
            f"{number} and {quantity} of {found['products']}",
            not number and not quantity,
        ),
    ]


def _adventureworks(result, _results):
    full = result["full"]
    return [
        _most("AdventureWorks, a quarter of orders: full plan", 3, full["seconds"], "s"),
        _nothing_written("AdventureWorks", result["again"]),
    ]


JUDGES = {
    "small": _small,
    "tiny": _tiny,
    "large": _large,
    "chain": _chain,
    "release": _release,
    "peer": _peer,
    "adventureworks": _adventureworks,
}
