"""What speaks against a document and what would set it free, in the reader's words."""

from dataclasses import dataclass
from datetime import date

from odoo.tools import float_round, format_amount, format_date

from .rules import (
    AMOUNT,
    EXPIRED,
    LIMIT,
    MANUAL,
    MILESTONE,
    OVERDUE,
    REMINDER,
    TERMS,
)


@dataclass(frozen=True)
class Facts:
    """The numbers of one hold, in the limit's currency.

    :param items: the customer's open items, oldest first (:class:`tools.open_items.Item`)
    :param net_new: what an order adds beyond the money received for it; 0: no order
    :param fits: ``((product name, quantity that fits, quantity), …)``, empty if nothing does
    """

    codes: tuple
    currency: object
    excess: float = 0.0
    raise_by: float = 0.0
    limit: float = 0.0
    shared_limit: str = ""
    overdue: float = 0.0
    overdue_days: int = 0
    valid_to: date | None = None
    milestone: float = 0.0
    manual_reason: str = ""
    items: tuple = ()
    net_new: float = 0.0
    fits: tuple = ()


def shipment_error(account, figures, verdict):
    """Why goods of this customer may not leave and what helps, in the reader's language."""
    return shipment_errors([(account, figures, verdict)])[0]


def shipment_errors(judged):
    """The texts for any number of ``(account, figures, verdict)``, with few queries."""
    if not judged:
        return []
    accounts = judged[0][0].union(*(account for account, __, __ in judged))
    visible = accounts._visible()
    known = {account.id: figures for account, figures, __ in judged}
    items = visible._credit_open_items(known)
    return [
        _shipment_text(
            account, figures, verdict, items.get(account.id, ()) if account in visible else None
        )
        for account, figures, verdict in judged
    ]


def _shipment_text(account, figures, verdict, items):
    """One of them; ``items`` None: the reader may not know the numbers."""
    text = account.env._(
        "Shipment locked: %(customer)s is %(reasons)s.",
        customer=account.partner_id.display_name,
        reasons=reason_text(account.env, verdict.blocking),
    )
    if items is None:
        ask = account.env._("Ask finance what sets it free.")
        return f"{text}\n{ask}"
    shared = verdict.shared_limit
    facts = Facts(
        codes=verdict.blocking,
        currency=account.currency_id,
        excess=verdict.excess,
        raise_by=verdict.raise_by,
        limit=figures.limit,
        shared_limit=shared.name if shared else "",
        overdue=figures.overdue_blocking,
        overdue_days=figures.overdue_days,
        valid_to=figures.valid_to,
        milestone=verdict.milestone,
        manual_reason=account.manual_hold_reason or "",
        items=items,
    )
    return f"{text}\n{cure_text(account.env, facts)}"


def reason_labels(env):
    """Each reason code in words."""
    return {
        LIMIT: env._("Over the limit"),
        OVERDUE: env._("Overdue"),
        EXPIRED: env._("Limit expired"),
        TERMS: env._("Longer payment terms"),
        AMOUNT: env._("Large document"),
        MILESTONE: env._("Payment first"),
        REMINDER: env._("Reminded"),
        MANUAL: env._("Held by hand"),
    }


def reason_text(env, codes):
    """The reasons as a phrase that follows "the customer is"."""
    labels = {
        LIMIT: env._("over the credit limit"),
        OVERDUE: env._("overdue"),
        EXPIRED: env._("without a valid credit limit"),
        TERMS: env._("given longer payment terms than agreed"),
        AMOUNT: env._("ordering more than may pass without a release"),
        MILESTONE: env._("to pay first"),
        REMINDER: env._("reminded of late payments"),
        MANUAL: env._("held by credit control"),
    }
    return ", ".join(labels[code] for code in codes if code in labels)


def cure_text(env, facts):
    """One line for each thing that has to happen, the cheapest way first."""
    makers = {
        MANUAL: _manual_cure,
        MILESTONE: _milestone_cure,
        OVERDUE: _overdue_cure,
        LIMIT: _limit_cure,
        EXPIRED: _expired_cure,
        TERMS: _terms_cure,
        AMOUNT: _amount_cure,
    }
    ways = []
    for code, maker in makers.items():
        if code in facts.codes:
            ways += maker(env, facts)
    return "\n".join(ways)


def invoices_to_pay(items, amount, digits=2):
    """``[(name, part, whole item)]``: the oldest items that a payment of ``amount`` settles."""
    chosen, left = [], amount
    for item in items:
        if left <= 0:
            break
        part = min(item.amount, left)
        chosen.append((item.name, float_round(part, precision_digits=digits), part == item.amount))
        left = float_round(left - part, precision_digits=digits)
    return chosen


def _money(env, facts, amount):
    return format_amount(env, amount, facts.currency)


def _invoices(env, facts, amount, late_only=False):
    """ "INV/0012, part of INV/0015" for a payment of this amount, in brackets; else nothing."""
    items = [item for item in facts.items if item.days_late > 0 or not late_only]
    names = [
        name if whole else env._("part of %(invoice)s", invoice=name)
        for name, __, whole in invoices_to_pay(items, amount, facts.currency.decimal_places)
    ]
    if len(names) > 5:
        names = [*names[:5], env._("%(count)s more", count=len(names) - 5)]
    return f" ({', '.join(names)})" if names else ""


def _manual_cure(env, facts):
    return [
        env._(
            "Credit control has to lift its hold: %(reason)s.",
            reason=facts.manual_reason or env._("no reason given"),
        )
    ]


def _milestone_cure(env, facts):
    return [
        env._(
            "Receive the payment that comes first: %(amount)s.",
            amount=_money(env, facts, facts.milestone),
        )
    ]


def _overdue_cure(env, facts):
    return [
        env._(
            "Collect the overdue %(amount)s, %(days)s days late%(invoices)s.",
            amount=_money(env, facts, facts.overdue),
            days=facts.overdue_days,
            invoices=_invoices(env, facts, facts.overdue, late_only=True),
        )
    ]


def _limit_cure(env, facts):
    ways = []
    prepay = env._(
        "Receive the %(amount)s for this order in advance: what is paid passes.",
        amount=_money(env, facts, facts.net_new),
    )
    if 0 < facts.net_new < facts.excess:
        ways.append(prepay)
    if facts.shared_limit:
        ways.append(
            env._(
                "Receive a payment of %(amount)s%(invoices)s: the limit shared with %(name)s is "
                "exceeded.",
                amount=_money(env, facts, facts.excess),
                invoices=_invoices(env, facts, facts.excess),
                name=facts.shared_limit,
            )
        )
    elif facts.raise_by:
        ways.append(
            env._(
                "Receive a payment of %(amount)s%(invoices)s, or raise the limit to %(limit)s.",
                amount=_money(env, facts, facts.excess),
                invoices=_invoices(env, facts, facts.excess),
                limit=_money(env, facts, facts.limit + facts.raise_by),
            )
        )
    else:
        ways.append(
            env._(
                "Receive a payment of %(amount)s%(invoices)s.",
                amount=_money(env, facts, facts.excess),
                invoices=_invoices(env, facts, facts.excess),
            )
        )
    if facts.fits and facts.codes == (LIMIT,):
        ways.append(
            env._(
                "Or ship what fits: %(lines)s.",
                lines=", ".join(
                    env._(
                        "%(fit)s of %(all)s %(product)s",
                        fit=_quantity(fit),
                        all=_quantity(every),
                        product=name,
                    )
                    for name, fit, every in facts.fits
                ),
            )
        )
    return ways


def _quantity(quantity):
    return f"{quantity:.2f}".rstrip("0").rstrip(".")


def _expired_cure(env, facts):
    return [
        env._(
            "Renew the credit limit (it was valid until %(date)s).",
            date=format_date(env, facts.valid_to),
        )
    ]


def _terms_cure(env, _facts):
    return [env._("Use the customer's usual payment terms, or ask for a release.")]


def _amount_cure(env, _facts):
    return [env._("Documents of this size need a release.")]
