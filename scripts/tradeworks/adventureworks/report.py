"""What was loaded, what was left out and why, and what confirming gave."""

from ..console import say

RULES = """\
Rules used where the data leaves it open:
  · Days are moved by {shift} days, so that the window ends on {today}. A delivery day that would
    have passed is asked for again with the order's own lead ({late} of {orders} orders).
  · Prices and amounts are taken as US dollars; freight is a line of the order; the tax rate of an
    order is rounded to 0.1 %.
  · Credit limit = 1.5 × the average order (tax included) of the 365 days before the window,
    rounded up to 1,000; 5,000 without such an order. There are no invoices in the data: exposure
    starts with the window's orders.
  · Manufacturing orders reserve their components by hand: the plan says who gets what.
  · Minutes a piece of an operation = hours booked / pieces of all work orders of that product.
  · Mail addresses end in adventure-works.example, a domain that can't exist; salespeople are users
    without a password, whom an administrator can give one."""


def loaded(session, data, calendar, seconds):
    from .documents import wanted_day

    orders = list(data.orders.values())
    say()
    say(f"Loaded in {seconds:.0f} s. There before a run: kept as it is, never doubled.")
    names = session.made.items()
    for title, (new, known) in names:
        say(f"  {title:<34}{new:>7} new {known:>7} there before")
    say(f"  Levels of bills of materials: {data.catalogue.levels()}")
    _compare_totals(session, orders)
    say()
    say("Left out or changed, with the number of rows:")
    for what, why, count in data.skips:
        say(f"  {count:>7}  {what}: {why}")
    late = sum(1 for order in orders if wanted_day(order, calendar) != calendar.day(order.due))
    say()
    say(
        RULES.format(shift=calendar.shift.days, today=calendar.today, late=late, orders=len(orders))
    )


def _compare_totals(session, orders):
    """The loaded orders' total beside the file's: the difference is rounding of tax rates."""
    ids = [session.id(f"order_{order.id}") for order in orders if session.has(f"order_{order.id}")]
    total = sum(session.env["sale.order"].browse(ids).mapped("amount_total"))
    expected = sum(order.total for order in orders)
    share = (total - expected) / expected * 100 if expected else 0.0
    say(f"  Total of the orders: {total:,.2f} USD; in the files {expected:,.2f} ({share:+.3f} %)")


def planned(when, plan, pools):
    """A whole run of the plan and of the pools; nothing where the addons aren't installed."""
    if plan:
        changes = ", ".join(
            f"{count:,} {name}" for name, count in plan.items() if isinstance(count, int)
        )
        say(f"{when}: a whole run of the plan took {plan['seconds']:.1f} s ({changes})")
    if pools:
        counts = ", ".join(f"{count:,} {name}" for name, count in pools["counts"].items())
        say(f"{when}: pools in {pools['seconds']:.1f} s ({counts})")


def confirmed(result):
    say()
    rate = result["asked"] / result["seconds"] if result["seconds"] else 0.0
    say(f"Confirmed {result['asked']} orders in {result['seconds']:.1f} s ({rate:.1f} orders/s).")
    for title, count in result["figures"].items():
        say(f"  {title:<34}{count:>9,}")
    planned("Afterwards", result["plan"], result["pools"])
    for name, reason in result["refused"]:
        say(f"  ! {name} was refused: {reason}")
    say("Held orders wait in the credit queue; running again confirms only what is left.")
