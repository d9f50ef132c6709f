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


def _size(world):
    return f"{world['customers']:,} customers, {world['open_lines']:,} open items"


def _search(result, _results):
    cost, pages = result["search"], result["listing"]
    few, many = (pages[rows]["statements"] for rows in ("20", "80"))
    size = _size(result["world"])
    return [
        _most(f"over-limit search, {size}", 1, cost["seconds"], "s"),
        _most("the same: SQL statements", 20, cost["statements"], ""),
        _most("80-row list with exposure", 0.1, pages["80"]["seconds"], "s"),
        _row(
            "the same: statements at 20 and 80 rows", "the same", f"{few} and {many}", few == many
        ),
    ]


def _peer(name):
    def judge(result, results):
        rows = [_row(f"{name}: its search, seconds", "a figure", result["search"]["seconds"], True)]
        ours = results.get("search", {}).get("search")
        if ours:
            ratio = round(result["search"]["seconds"] / ours["seconds"], 1)
            rows.append(_row(f"times faster than {name}", "≥ 10", ratio, ratio >= 10))  # noqa: PLR2004
        return rows

    return judge


def _large(result, _results):
    size = _size(result["world"])
    return [_most(f"over-limit search, {size}", 5, result["search"]["seconds"], "s")]


def _confirm(result, _results):
    base = f"base of {result['move_lines']:,} move lines"
    return [
        _most(f"decision added to a confirm, {base}", 50, result["added_ms"], "ms"),
        _most("the same: SQL statements", 15, result["added_statements"], ""),
    ]


def _load(result, _results):
    what = f"{result['processes']} processes, {result['requests']} orders"
    return [
        _row(
            f"{what}: accounts over their limit",
            "0",
            result["over_limit"],
            not result["over_limit"],
        ),
        _row(f"{what}: error pages", "0", result["errors"], not result["errors"]),
        _row(
            f"{what}: confirmed although it doesn't fit, or held although it does",
            "0",
            result["over_limit"] + result["room_left_for_one_more"],
            not result["over_limit"] + result["room_left_for_one_more"],
        ),
        _most(f"{what}: p95", 2, result["p95"], "s"),
    ]


JUDGES = {
    "search": _search,
    "oca": _peer("OCA sale_financial_risk"),
    "stock": _peer("stock Odoo"),
    "large": _large,
    "confirm": _confirm,
    "load": _load,
}
