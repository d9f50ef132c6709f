"""What speaks against a document and what would set it free, in the reader's words."""

from dataclasses import dataclass
from datetime import date

from odoo.tools import format_amount, format_date

from .figures import EXPIRED, LIMIT, OVERDUE


@dataclass(frozen=True)
class Facts:
    """The numbers of one hold; ``reducible`` is the amount of an order that may be cut."""

    codes: tuple
    currency: object
    excess: float = 0.0
    limit: float = 0.0
    overdue: float = 0.0
    overdue_days: int = 0
    valid_to: date | None = None
    reducible: float = 0.0


def hold_facts(hold, codes):
    """The facts of a saved hold."""
    return Facts(
        codes=codes,
        currency=hold.currency_id,
        excess=hold.excess_amount,
        limit=hold.limit_amount,
        overdue=hold.overdue_amount,
        overdue_days=hold.overdue_days,
        valid_to=hold.account_id.sudo().limit_valid_to,
        reducible=hold.amount if hold.sale_order_id else 0.0,
    )


def shipment_error(account, figures, reasons, added):
    """Why goods of this customer may not leave and what helps, in the reader's language."""
    text = account.env._(
        "Shipment locked: %(customer)s is %(reasons)s.",
        customer=account.partner_id.display_name,
        reasons=reason_text(account.env, reasons),
    )
    if not account._visible():
        return f"{text}\n{account.env._('Ask finance what sets it free.')}"
    facts = Facts(
        codes=reasons,
        currency=account.currency_id,
        excess=figures.excess(added),
        limit=figures.limit,
        overdue=figures.overdue_amount,
        overdue_days=figures.overdue_days,
        valid_to=figures.valid_to,
    )
    return f"{text}\n{cure_text(account.env, facts)}"


def reason_text(env, codes):
    """The reasons as a phrase that follows "the customer is"."""
    labels = {
        LIMIT: env._("over the credit limit"),
        OVERDUE: env._("overdue"),
        EXPIRED: env._("without a valid credit limit"),
    }
    return ", ".join(labels[code] for code in codes if code in labels)


def cure_text(env, facts):
    """One line for each thing that has to happen, the cheapest way first."""

    def money(amount):
        return format_amount(env, amount, facts.currency)

    ways = []
    if OVERDUE in facts.codes:
        ways.append(
            env._(
                "Collect the overdue %(amount)s (%(days)s days late).",
                amount=money(facts.overdue),
                days=facts.overdue_days,
            )
        )
    if LIMIT in facts.codes:
        ways.append(
            env._(
                "Receive a payment of %(amount)s, or raise the limit to %(limit)s.",
                amount=money(facts.excess),
                limit=money(facts.limit + facts.excess),
            )
        )
        if 0 < facts.excess < facts.reducible:
            ways.append(
                env._(
                    "Or reduce the order to %(amount)s.",
                    amount=money(facts.reducible - facts.excess),
                )
            )
    if EXPIRED in facts.codes:
        ways.append(
            env._(
                "Renew the credit limit (it was valid until %(date)s).",
                date=format_date(env, facts.valid_to),
            )
        )
    return "\n".join(ways)
