"""Which rules judge an account: read once for all accounts of a query."""

from dataclasses import dataclass

from .rules import CHECKS, Rule, standard_rules


@dataclass(frozen=True)
class UsedPolicy:
    """``key`` names it in decisions; its rules are in the currency of the account's limit."""

    key: str
    rules: tuple
    version: str = "1"


class Policies:
    """The rules of all policies that some rows use."""

    def __init__(self, env, rows):
        policies = env["credit.policy"].sudo()
        used = policies.browse({row["policy_id"] for row in rows if row["policy_id"]})
        self._stored = {
            policy.id: (policy.currency_id.id, policy._rules(), policy._rules_version())
            for policy in used
        }
        self._made = {}

    def of(self, row, rates):
        """The policy of one row."""
        policy_id = row["policy_id"]
        if policy_id:
            key = (policy_id, row["company_id"], row["currency_id"])
        else:
            key = (0, row["company_id"], row["currency_id"])
        if key not in self._made:
            self._made[key] = self._make(row, rates)
        return self._made[key]

    def _make(self, row, rates):
        currency_id, rules, version = self._stored.get(
            row["policy_id"], (row["company_currency_id"], _standard(row), "1")
        )
        rate = rates(row["company_id"], currency_id, row["currency_id"])
        name = f"credit.policy,{row['policy_id']}" if row["policy_id"] else "standard"
        return UsedPolicy(name, tuple(rule.in_currency(rate) for rule in rules), version)


def _standard(row):
    return standard_rules(row["overdue_days"], float(row["overdue_amount"]), row["grace_days"])


def stored_rules(records):
    """The rules of ``credit.rule`` records."""
    return tuple(
        Rule(
            key=f"credit.rule,{rule.id}",
            condition=rule.condition,
            checks=CHECKS[rule.check],
            effect=rule.effect,
            percent=rule.percent,
            days=rule.days,
            amount=rule.amount,
            grace_days=rule.grace_days,
            excludes=rule.excludes or "condition",
            scope=rule.scope,
            partner_ids=frozenset(rule.partner_ids.commercial_partner_id.ids),
            group_ids=frozenset(rule.group_ids.ids),
            rating=rule.rating or "",
        )
        for rule in records
    )
