"""What is kept of two credit accounts that became one, and which limit the one has."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

KEPT = (
    "limit_kind",
    "limit_amount",
    "limit_valid_to",
    "rating",
    "manual_hold",
    "manual_hold_reason",
)


def snapshot(account):
    """The settings of an account before it is combined, for the decision and the ledger."""
    values = {name: account[name] for name in KEPT}
    values["policy"] = account.policy_id.id or False
    values["group"] = account.group_id.id or False
    return values | {
        "account_id": account.id,
        "customer": account.partner_id.display_name,
        "currency": account.currency_id.name,
    }


def merge_decision(account, absorbed, cause):
    """Values of the decision that combining accounts leaves."""
    return {
        "kind": "credit.merge",
        "record": account,
        "partner_id": account.partner_id.id,
        "outcome": "changed",
        "explanation": _lt(
            "%(cause)s: took over the account of %(customers)s; the limit is now %(limit)s",
            cause=cause,
            customers=", ".join(values["customer"] for values in absorbed),
            limit=_limit_text(account),
        ),
        "rule": "credit.account.merge",
        "rule_version": "1",
        "inputs": [
            {
                "model": "credit.account",
                "id": values["account_id"],
                "field": name,
                "value": _plain(value),
            }
            for values in absorbed
            for name, value in values.items()
        ],
    }


def merge_entry(account, before, absorbed, cause):
    """Ledger payload of combined accounts."""
    return {
        "account_id": account.id,
        "partner_id": account.partner_id.id,
        "cause": cause,
        "before": {name: _plain(value) for name, value in before.items()},
        "absorbed": [{name: _plain(value) for name, value in one.items()} for one in absorbed],
        "after": {name: _plain(value) for name, value in snapshot(account).items()},
    }


def _limit_text(account):
    if account.limit_kind == "limited":
        return {"amount": account.limit_amount, "currency_id": account.currency_id.id}
    return _lt("Unlimited") if account.limit_kind == "unlimited" else _lt("Company Default")


def _plain(value):
    """As text; what isn't set is empty, an amount of 0 is 0.0."""
    return "" if value is None or value is False else str(value)
