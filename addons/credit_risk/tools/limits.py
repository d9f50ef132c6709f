"""The effective limit of an account: where it comes from and what adds to it.

Source of the rule: the customer's own limit, else that of its group's members, else the
company's default; a temporary limit takes its place, temporary changes, the insured part and
deposits are added. Amounts end in the currency of the account's limit.
"""

ON_TOP = "on_top"
INCLUDED = "included"


def effective_limit(row, rates):
    """``(limit, unlimited, parts)`` of one account.

    :param row: a row of the query of figures (see ``figures_sql``)
    :param rates: ``rates(company id, from currency id, to currency id)``
    :return: parts are pairs (name, amount): first the source, then what changes it
    """
    source, base, unlimited = _base(row, rates)
    parts = [(source, base)]
    if row["temporary_set"] is not None:
        base, unlimited = float(row["temporary_set"]), False
        parts.append(("temporary_set", base))
    if unlimited:
        return 0.0, True, tuple(parts)
    insured = float(row["insured"])
    if row["insurance_mode"] == INCLUDED:
        insured = -insured
    for name, amount in (
        ("temporary_add", float(row["temporary_add"])),
        ("insured", insured),
        ("deposit", float(row["deposit"])),
    ):
        if amount:
            base += amount
            parts.append((name, amount))
    return max(0.0, round(base, row["decimals"])), False, tuple(parts)


def _base(row, rates):
    """The first limit of the chain that is set: (its name, amount, whether it has no limit)."""
    chain = (
        ("own", row["limit_kind"], row["limit_amount"], row["currency_id"]),
        ("group", row["member_kind"], row["member_amount"], row["group_currency_id"]),
        ("company", row["company_kind"], row["company_amount"], row["company_currency_id"]),
    )
    for name, kind, amount, currency in chain:
        if kind == "unlimited":
            return name, 0.0, True
        if kind == "limited":
            amount = float(amount or 0)
            if amount and currency != row["currency_id"]:
                amount *= rates(row["company_id"], currency, row["currency_id"])
            return name, round(amount, row["decimals"]), False
    return "company", 0.0, True
