"""A rule of a policy as a sentence: lazy texts, told in the language of whoever reads them.

Made by ``suite.decision``'s renderer, which knows amounts and numbers of every language, for the
name of a rule as well as for the decision that keeps what was changed.
"""

from odoo.tools.translate import LazyTranslate

from odoo.addons.suite_base.tools.explanation import pack_explanation, render_explanation

_lt = LazyTranslate(__name__)

_EFFECTS = {
    "warn": _lt("Warn"),
    "block": _lt("Block"),
    "exclude": _lt("Leave out"),
}
_CHECKS = {
    "confirm": _lt("at confirmation"),
    "delivery": _lt("at delivery"),
    "confirm_delivery": _lt("at confirmation and delivery"),
    "invoice": _lt("at invoices without an order"),
    "all": _lt("everywhere"),
}
_LEFT_OUT = {
    "limit": _lt("the limit"),
    "overdue": _lt("overdue items"),
    "expired": _lt("the limit's end"),
    "terms": _lt("payment terms"),
    "order_amount": _lt("the document's amount"),
}


def rule_names(env, rules):
    """``[sentence]`` of ``credit.rule`` records in the language of ``env``."""
    return render_explanation(env, [pack_explanation(rule_sentence(rule)) for rule in rules])


def rule_sentence(rule):
    """The sentence of one rule as a lazy text."""
    parts = {
        "check": _CHECKS[rule.check],
        "when": _exclusion(rule) if rule.effect == "exclude" else _condition(rule),
        "scope": _scope(rule),
    }
    if rule.effect == "exclude":
        parts["what"] = _lt("all rules") if rule.excludes == "all" else _LEFT_OUT[rule.condition]
        if parts["when"] is None:
            return _lt("Don't check %(what)s %(check)s%(scope)s", **_without(parts, "when"))
        return _lt("Don't check %(what)s %(check)s while %(when)s%(scope)s", **parts)
    parts["effect"] = _EFFECTS[rule.effect]
    if rule.grace_days:
        return _lt(
            "%(effect)s %(check)s when %(when)s%(scope)s, not again within %(days)s days after "
            "approval",
            days=rule.grace_days,
            **parts,
        )
    return _lt("%(effect)s %(check)s when %(when)s%(scope)s", **parts)


def _without(parts, name):
    return {key: value for key, value in parts.items() if key != name}


def _money(rule):
    return {"amount": rule.amount, "currency_id": rule.currency_id.id}


def _percent(rule):
    return {"percent": rule.percent}


def _condition(rule):
    return _CONDITIONS[rule.condition](rule)


def _limit(rule):
    if rule.effect == "warn":
        return _limit_warning(rule)
    if not rule.percent and not rule.amount:
        return _lt("anything isn't paid in advance")
    if not rule.percent:
        return _lt("exposure is above %(amount)s", amount=_money(rule))
    if rule.amount:
        return _lt(
            "exposure is above %(percent)s of the limit plus %(amount)s",
            percent=_percent(rule),
            amount=_money(rule),
        )
    return _lt("exposure is above %(percent)s of the limit", percent=_percent(rule))


def _limit_warning(rule):
    if not rule.percent:
        return _lt("exposure reaches %(amount)s", amount=_money(rule))
    if rule.amount:
        return _lt(
            "exposure reaches %(percent)s of the limit plus %(amount)s",
            percent=_percent(rule),
            amount=_money(rule),
        )
    return _lt("exposure reaches %(percent)s of the limit", percent=_percent(rule))


def _overdue(rule):
    if rule.days and rule.amount:
        return _lt(
            "more than %(days)s days overdue by more than %(amount)s",
            days=rule.days,
            amount=_money(rule),
        )
    if rule.days:
        return _lt("anything is more than %(days)s days overdue", days=rule.days)
    if rule.amount:
        return _lt("overdue by more than %(amount)s", amount=_money(rule))
    return _lt("anything is overdue")


def _expired(rule):
    if rule.days:
        return _lt("the limit ended more than %(days)s days ago", days=rule.days)
    return _lt("the limit has ended")


def _terms(_rule):
    return _lt("payment terms are longer than the customer's own")


def _order_amount(rule):
    return _lt("the document is above %(amount)s", amount=_money(rule))


_CONDITIONS = {
    "limit": _limit,
    "overdue": _overdue,
    "expired": _expired,
    "terms": _terms,
    "order_amount": _order_amount,
}


def _exclusion(rule):
    """Until when an exclusion counts; None when it always does."""
    if rule.condition == "limit":
        return _lt(
            "exposure is below %(percent)s of the limit plus %(amount)s",
            percent=_percent(rule),
            amount=_money(rule),
        )
    if rule.condition == "order_amount":
        return _lt("the document is below %(amount)s", amount=_money(rule))
    if rule.condition == "expired" and rule.days:
        return _lt("the limit ended less than %(days)s days ago", days=rule.days)
    if rule.condition == "overdue":
        return _exclusion_overdue(rule)
    return None


def _exclusion_overdue(rule):
    if rule.days and rule.amount:
        return _lt(
            "less than %(days)s days overdue by less than %(amount)s",
            days=rule.days,
            amount=_money(rule),
        )
    if rule.days:
        return _lt("less than %(days)s days overdue", days=rule.days)
    return _lt("overdue by less than %(amount)s", amount=_money(rule))


def _scope(rule):
    """For whom, as the end of the sentence; empty for all."""
    if rule.scope == "customer":
        return _lt(", for %(customers)s", customers=_named(rule.partner_ids))
    if rule.scope == "group":
        return _lt(", for group %(groups)s", groups=_named(rule.group_ids))
    if rule.scope == "rating":
        return _lt(", for rating %(rating)s", rating=rule.rating or "")
    return ""


def _named(records):
    # The name is kept as well: a decision outlives the customer.
    return [{"model": rec._name, "id": rec._origin.id, "name": rec.display_name} for rec in records]
