"""What a change of a credit policy leaves: values for ``suite.decision`` and the ledger."""

from odoo.tools.translate import LazyTranslate

from .rule_text import rule_sentence

_lt = LazyTranslate(__name__)

RULE_FIELDS = (
    "check",
    "condition",
    "effect",
    "excludes",
    "percent",
    "days",
    "amount",
    "grace_days",
    "scope",
    "rating",
    "sequence",
)


def snapshot(policy):
    """All that decides how documents are judged, as plain values."""
    rules = policy.sudo().rule_ids.filtered("active").sorted()
    return {
        "currency": policy.currency_id.name,
        "horizon_days": policy.horizon_days,
        "active": policy.active,
        "rules": [_rule(rule) for rule in rules],
        # The sentences aren't compared; they are told when something else differs.
        "told": _Told({rule.id: rule_sentence(rule) for rule in rules}),
    }


def _rule(rule):
    values = {name: rule[name] or "" for name in RULE_FIELDS}
    return values | {
        "id": rule.id,
        "customers": sorted(rule.partner_ids.ids),
        "groups": sorted(rule.group_ids.ids),
    }


class _Told(dict):
    """Sentences by rule; equal to any other, since names of customers may change."""

    def __eq__(self, other):
        return isinstance(other, _Told)

    __hash__ = None


def policy_decision(policy, old, new):
    """Values of the decision of a made (``old`` is empty) or changed policy."""
    if old:
        text = _lt(
            "Policy changed, version %(version)s. Before: %(old)s. Now: %(new)s.",
            version=str(policy.version),
            old=_sentences(old),
            new=_sentences(new),
        )
    else:
        text = _lt("Policy made: %(new)s.", new=_sentences(new))
    return {
        "kind": "credit.policy",
        "record": policy,
        "company_id": policy.company_id.id,
        "outcome": "changed",
        "explanation": text,
        "rule": f"credit.policy:{policy.id}",
        "rule_version": str(policy.version),
        "inputs": [
            {"model": policy._name, "id": policy.id, "field": name, "value": new[name]}
            for name in ("horizon_days", "active")
        ],
    }


def _sentences(values):
    told = values.get("told") or {}
    texts = [_lt("%(rule)s", rule=told[key]) for key in told]
    if values.get("horizon_days"):
        texts.append(_lt("horizon %(days)s days", days=values["horizon_days"]))
    return texts or _lt("no rules")


def policy_entry(policy, old, new):
    """Ledger payload of a made or changed policy."""
    return {
        "policy_id": policy.id,
        "policy": policy.with_context(lang="en_US").name,
        "version": policy.version,
        "before": _plain(old),
        "after": _plain(new),
    }


def _plain(values):
    return {name: value for name, value in values.items() if name != "told"}


def use_decision(record, old, new):
    """Values of the decision when a customer, group or company gets another policy."""
    return {
        "kind": "credit.policy",
        "record": record,
        "company_id": record.id if record._name == "res.company" else record.company_id.id,
        "partner_id": record.partner_id.id if record._name == "credit.account" else False,
        "outcome": "changed",
        "explanation": _lt(
            "Credit policy changed from %(old)s to %(new)s", old=_name(old), new=_name(new)
        ),
        "rule": f"credit.policy:{new.id}" if new else "standard",
        "rule_version": str(new.version) if new else "1",
        "inputs": [],
    }


def _name(policy):
    if not policy:
        return _lt("none of its own")
    return {"model": policy._name, "id": policy.id, "name": policy.name}


def use_entry(record, old, new):
    """Ledger payload of the same."""
    return {
        "document": f"{record._name}:{record.id}",
        "before": old.id or "",
        "after": new.id or "",
    }
