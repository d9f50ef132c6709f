"""What credit control keeps of its acts: values for ``suite.decision`` and the ledger."""

from odoo.tools.translate import LazyTranslate

from .rules import OVERDUE

_lt = LazyTranslate(__name__)

LIMIT_FIELDS = ("limit_kind", "limit_amount", "currency_id", "limit_valid_to")
# What decides beside the limit itself: judged again and kept in the ledger when it changes.
TERMS_FIELDS = ("rating", "manual_hold", "manual_hold_reason")
LIMIT_KINDS = {
    "default": _lt("Company Default"),
    "limited": _lt("Limited"),
    "unlimited": _lt("Unlimited"),
}
FIGURE_INPUTS = (
    "receivable",
    "delivered_not_invoiced",
    "open_orders",
    "bills",
    "exposure",
    "overdue_amount",
    "overdue_days",
)
HOLD_INPUTS = (
    "reason_codes",
    "amount",
    "exposure",
    "limit_amount",
    "excess_amount",
    "overdue_amount",
    "overdue_days",
    "approved_amount",
    "deviation_percent",
)


def check_decision(document, account, figures, verdict, outcome, added=0.0):
    """Values of the decision of one check.

    :param verdict: what speaks against the document (``tools.rules.Verdict``)
    :param added: what the document would add to the exposure, in the limit's currency
    """

    def money(value):
        return {"amount": value, "currency_id": account.currency_id.id}

    values = {"exposure": money(figures.exposure + added), "limit": money(figures.limit)}
    if not verdict.findings and figures.unlimited:
        text = _lt("Exposure %(exposure)s, no limit", exposure=values["exposure"])
    elif OVERDUE in verdict.blocking:
        text = _lt(
            "Exposure %(exposure)s of %(limit)s; %(overdue)s is overdue beyond tolerance",
            overdue=money(figures.overdue_blocking),
            **values,
        )
    elif shared := verdict.shared_limit:
        text = _lt(
            "Exposure %(exposure)s of %(limit)s; over the limit shared with %(name)s",
            name=shared.name,
            **values,
        )
    else:
        text = _lt("Exposure %(exposure)s of %(limit)s", **values)
    inputs = {name: getattr(figures, name) for name in FIGURE_INPUTS}
    inputs["effective_limit"] = None if figures.unlimited else figures.limit
    inputs["document"] = added
    inputs["reasons"] = ",".join((*verdict.blocking, *verdict.warnings))
    return {
        "kind": "credit.check",
        "record": document,
        "partner_id": account.partner_id.id,
        "outcome": outcome,
        "explanation": text,
        "rule": ", ".join(verdict.rules) or figures.policy_key,
        "rule_version": figures.policy_version,
        "inputs": _inputs(account, inputs),
    }


def drift_decision(account, parts):
    """Values of the decision about figures that differ from their recomputation."""
    name, (figure, reference) = max(parts.items(), key=lambda item: abs(item[1][0] - item[1][1]))

    def money(value):
        return {"amount": value, "currency_id": account.currency_id.id}

    return {
        "kind": "credit.drift",
        "record": account,
        "partner_id": account.partner_id.id,
        "outcome": "warn",
        "explanation": _lt(
            "Recomputed %(part)s is %(reference)s, the figure is %(figure)s",
            part=name,
            reference=money(reference),
            figure=money(figure),
        ),
        "rule": "credit.account.self_check",
        "rule_version": "1",
        "inputs": _inputs(account, {part: values[0] for part, values in parts.items()}),
    }


def hold_values(figures, verdict, amount, currency):
    """Numbers of a hold, in the limit's currency.

    :param amount: what its document is about
    :param currency: the limit's (``res.currency``)
    """
    shared = verdict.shared_limit
    return {
        "currency_id": currency.id,
        "currency_rate": figures.rate,
        "reason_codes": ",".join(verdict.blocking),
        "amount": amount,
        "exposure": figures.exposure,
        "limit_amount": figures.limit,
        "excess_amount": verdict.excess,
        "raise_amount": verdict.raise_by,
        "overdue_amount": figures.overdue_amount,
        "overdue_days": figures.overdue_days,
        "milestone_amount": verdict.milestone,
        "shared_limit": shared.name if shared else False,
        "rule": ", ".join(verdict.rules),
    }


def release_decisions(hold, state, reason):
    """Values of the decision that ends a hold: one on its document, one on itself."""
    if state == "rejected":
        text = _lt("Rejected: %(reason)s", reason=reason)
    elif hold.automatic:
        text = _lt("Released by itself, because it fits again: %(reason)s", reason=reason)
    else:
        excess = {"amount": hold.excess_amount, "currency_id": hold.currency_id.id}
        text = _lt("Released although over by %(excess)s: %(reason)s", excess=excess, reason=reason)
    values = {
        "kind": "credit.release",
        "partner_id": hold.partner_id.id,
        "company_id": hold.company_id.id,
        "outcome": state,
        "explanation": text,
        "inputs": _inputs(hold, {name: hold[name] for name in HOLD_INPUTS}),
    }
    document = hold._document()
    return [values | {"record": document}, values | {"record": hold}]


def release_entry(hold, reason):
    """Ledger payload of a release or rejection."""
    document = hold._document()
    return {
        "hold_id": hold.id,
        "document": f"{document._name}:{document.id}",
        "partner_id": hold.partner_id.id,
        "reasons": hold.reason_codes,
        "excess_amount": hold.excess_amount,
        "approved_amount": hold.approved_amount,
        "currency": hold.currency_id.name,
        "reason": reason,
        "automatic": hold.automatic,
        "user_id": hold.env.uid,
    }


def limit_decision(account, before):
    """Values of the decision that a changed limit leaves."""

    def money(values):
        return {"amount": values["limit_amount"] or 0.0, "currency_id": account.currency_id.id}

    return {
        "kind": "credit.limit",
        "record": account,
        "partner_id": account.partner_id.id,
        "outcome": "changed",
        "explanation": _lt(
            "Limit changed from %(old)s (%(old_kind)s) to %(new)s (%(new_kind)s)",
            old=money(before),
            old_kind=LIMIT_KINDS[before["limit_kind"]],
            new=money(account),
            new_kind=LIMIT_KINDS[account.limit_kind],
        ),
        "inputs": _inputs(account, {name: str(value) for name, value in before.items()}),
    }


def limit_entry(account, before):
    """Ledger payload of a changed limit."""
    return {
        "account_id": account.id,
        "partner_id": account.partner_id.id,
        "before": {name: _text(before.get(name)) for name in LIMIT_FIELDS},
        "after": {name: _text(account_value(account, name)) for name in LIMIT_FIELDS},
    }


def remainder_decision(order, outcome, reason):
    """Values of the decision that an order closed short, or opened again, leaves."""
    if outcome == "closed":
        text = _lt("Closed short: %(reason)s", reason=reason)
    else:
        text = _lt("Opened again after a short close: %(reason)s", reason=reason)
    return {
        "kind": "credit.remainder",
        "record": order,
        "partner_id": order.partner_invoice_id.commercial_partner_id.id,
        "company_id": order.company_id.id,
        "outcome": outcome,
        "explanation": text,
        "inputs": _inputs(order, {"amount_total": order.amount_total, "state": order.state}),
    }


def remainder_entry(order, outcome, reason):
    """Ledger payload of an order closed short or opened again."""
    return {
        "order_id": order.id,
        "order": order.name,
        "outcome": outcome,
        "reason": reason,
        "user_id": order.env.uid,
    }


def terms_decision(account, before):
    """Values of the decision that another policy, rating or hold by hand leaves."""
    if account.manual_hold and not before["manual_hold"]:
        text = _lt("Held by hand: %(reason)s", reason=account.manual_hold_reason or "")
    elif before["manual_hold"] and not account.manual_hold:
        text = _lt("Hold by hand lifted")
    else:
        text = _lt("Credit policy or rating changed")
    return {
        "kind": "credit.limit",
        "record": account,
        "partner_id": account.partner_id.id,
        "outcome": "changed",
        "explanation": text,
        "inputs": _inputs(account, {name: _text(value) for name, value in before.items()}),
    }


def terms_entry(account, before):
    """Ledger payload of the same."""
    return {
        "account_id": account.id,
        "partner_id": account.partner_id.id,
        "before": {name: _text(before[name]) for name in TERMS_FIELDS},
        "after": {name: _text(account_value(account, name)) for name in TERMS_FIELDS},
        "user_id": account.env.uid,
    }


def account_value(account, name):
    """A field's value as it is kept: ids of records."""
    value = account[name]
    return value.id if account._fields[name].type == "many2one" else value


def _inputs(record, values):
    return [
        {"model": record._name, "id": record.id, "field": name, "value": value}
        for name, value in values.items()
    ]


def _text(value):
    """A value in the ledger: a limit of 0 is 0.0, only what isn't set is empty."""
    return "" if value is None or value is False else str(value)
