"""What a replay found: rows for the list and the numbers above it."""

from .rules import CONFIRM


def line_values(replay, walks):
    """Values of ``credit.replay.line`` for each document that a rule spoke against."""
    orders = replay.env["sale.order"].browse(
        [held.order.id for walk in walks for held in walk.found]
    )
    users = {order.id: order.user_id.id for order in orders}
    return [
        _line(replay, walk, held, users[held.order.id]) for walk in walks for held in walk.found
    ]


def _line(replay, walk, held, user_id):
    customer = walk.customers[held.order.key]
    codes = held.verdict.blocking or held.verdict.warnings
    over = held.until or walk.now

    def money(amount):
        return replay.currency_id.round(amount / (customer.rate or 1.0))

    return {
        "replay_id": replay.id,
        "order_id": held.order.id,
        "partner_id": customer.row["partner_id"],
        "account_id": customer.row["account_id"],
        "user_id": user_id,
        "date": held.moment.replace(microsecond=0),
        "check": held.check,
        "effect": "block" if held.blocking else "warn",
        "reason": codes[0],
        "reason_codes": ",".join(codes),
        "amount": replay.currency_id.round(held.amount),
        "excess": money(held.verdict.excess),
        "overdue": money(held.overdue),
        "released_date": held.until and held.until.replace(microsecond=0),
        "days": _days(walk, customer, held.moment, over) if held.blocking else 0,
        "is_waiting": held.blocking and not held.until,
        "late_amount": replay.currency_id.round(held.order.late_amount),
        "late_days": held.order.late_days,
        "really_held": held.order.really_held,
    }


def _days(walk, customer, start, end):
    return (walk.today(customer, end) - walk.today(customer, start)).days


def totals(currency, walks):
    """Values of ``credit.replay``: counts, amounts in the company's currency, shares."""
    judged = [order for walk in walks for order in walk.judged]
    found = [(walk, held) for walk in walks for held in walk.found]
    held = {
        one.order.id: (walk, one) for walk, one in found if one.blocking and one.check == CONFIRM
    }
    late = [order for order in judged if currency.compare_amounts(order.late_amount, 0) > 0]
    held_late = [order for order in late if order.id in held]
    days = [
        _days(walk, walk.customers[one.order.key], one.moment, one.until or walk.now)
        for walk, one in held.values()
    ]
    real = {order.id for order in judged if order.really_held}
    amounts = {order.id: walk.amounts[order.id] for walk in walks for order in walk.judged}
    caught = sum(order.late_amount for order in held_late)
    all_late = sum(order.late_amount for order in late)
    return {
        "order_count": len(judged),
        "order_amount": sum(amounts.values()),
        "held_count": len(held),
        "held_amount": sum(amounts[key] for key in held),
        "held_percent": _percent(len(held), len(judged)),
        "warned_count": len(
            {one.order.id for __, one in found if not one.blocking and one.check == CONFIRM}
        ),
        "delivery_count": sum(one.blocking and one.check != CONFIRM for __, one in found),
        "average_days": sum(days) / len(days) if days else 0.0,
        "waiting_count": sum(one.until is None for __, one in held.values()),
        "late_count": len(held_late),
        "late_amount": caught,
        "all_late_count": len(late),
        "all_late_amount": all_late,
        "right_percent": _percent(len(held_late), len(held)),
        "caught_percent": _percent(caught, all_late),
        "real_count": len(real),
        "both_count": len(real & held.keys()),
        "only_replay_count": len(held.keys() - real),
        "only_real_count": len(real - held.keys()),
    }


def _percent(part, whole):
    return 100.0 * part / whole if whole else 0.0
