"""Limits that several accounts share: of a credit group, and of a parent with its subsidiaries."""

from dataclasses import dataclass, field, replace

from odoo.tools import SQL

from .rules import Umbrella


@dataclass
class Members:
    """Who is under which shared limit.

    :param groups: ``{group id: (name, limit, currency id, decimals)}``
    :param members: ``{(model, id): set of account ids}``
    :param above: ``{account id: set of (model, id)}`` for the accounts asked about
    """

    groups: dict = field(default_factory=dict)
    members: dict = field(default_factory=dict)
    above: dict = field(default_factory=dict)

    @property
    def account_ids(self):
        return set().union(*self.members.values())

    def __bool__(self):
        return bool(self.members)


# Answered by the indexes of the few rows that have a group or a parent.
_ANY_SHARED = """
    SELECT EXISTS (SELECT 1 FROM credit_account WHERE group_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM credit_account WHERE parent_id IS NOT NULL)
"""


def find_members(env, account_ids=None):
    """All accounts that share a limit with these (None: with any).

    A few statements, however many accounts and however deep the tree is; one if nobody shares.
    """
    ((any_shared,),) = env.execute_query(SQL(_ANY_SHARED))
    if not any_shared:
        return Members()
    chosen = SQL("TRUE") if account_ids is None else SQL("a.id = ANY(%s)", list(account_ids))
    found = Members()
    rows = env.execute_query(
        SQL(
            """
            SELECT a.id, g.id, m.id, g.name, g.limit_amount, g.currency_id, cur.decimal_places
              FROM credit_account a
              JOIN credit_group g ON g.id = a.group_id AND g.active AND g.limit_kind = 'limited'
              JOIN res_currency cur ON cur.id = g.currency_id
              JOIN credit_account m ON m.group_id = g.id
             WHERE %s
            """,
            chosen,
        )
    )
    for account, group, member, name, limit, currency, decimals in rows:
        found.groups[group] = (_any_language(name), float(limit or 0), currency, decimals)
        _add(found, account, ("credit.group", group), member)
    rows = env.execute_query(
        SQL(
            """
            WITH RECURSIVE up AS (
                SELECT a.id AS account_id, a.parent_id AS top
                  FROM credit_account a
                 WHERE a.parent_id IS NOT NULL AND %(chosen)s
                 UNION
                SELECT a.id, a.id
                  FROM credit_account a
                 WHERE EXISTS (SELECT 1 FROM credit_account c WHERE c.parent_id = a.id)
                   AND %(chosen)s
                 UNION
                SELECT up.account_id, p.parent_id
                  FROM up JOIN credit_account p ON p.id = up.top
                 WHERE p.parent_id IS NOT NULL
            ),
            down AS (
                SELECT DISTINCT top, top AS member FROM up
                 UNION
                SELECT down.top, c.id
                  FROM down JOIN credit_account c ON c.parent_id = down.member
            )
            SELECT up.account_id, up.top, down.member FROM up JOIN down ON down.top = up.top
            """,
            chosen=chosen,
        )
    )
    for account, top, member in rows:
        _add(found, account, ("credit.account", top), member)
    return found


def _add(found, account, umbrella, member):
    found.members.setdefault(umbrella, set()).add(member)
    found.above.setdefault(account, set()).add(umbrella)


def _any_language(name):
    """A translated column as its English source."""
    return name.get("en_US") or next(iter(name.values()), "") if isinstance(name, dict) else name


def with_umbrellas(env, figures, shared, rows, rates):
    """The figures with the shared limits above them."""
    by_id = {row["account_id"]: row for row in rows}
    names = dict(
        env.execute_query(
            SQL(
                "SELECT a.id, p.name FROM credit_account a JOIN res_partner p"
                " ON p.id = a.partner_id WHERE a.id = ANY(%s)",
                [key for model, key in shared.members if model == "credit.account"],
            )
        )
    )
    result = dict(figures)
    for account_id, above in shared.above.items():
        if account_id not in figures:
            continue
        umbrellas = []
        for umbrella in sorted(above):
            made = _umbrella(umbrella, account_id, figures, shared, by_id, rates, names)
            if made:
                umbrellas.append(made)
        result[account_id] = replace(figures[account_id], umbrellas=tuple(umbrellas))
    return result


def _umbrella(umbrella, account_id, figures, shared, by_id, rates, names):
    """One shared limit, with what all its members owe in its currency; None if unlimited."""
    model, key = umbrella
    if model == "credit.group":
        name, limit, currency, decimals = shared.groups[key]
    else:
        top = figures[key]
        if top.unlimited:
            return None
        name, limit, decimals = names.get(key, ""), top.limit, top.decimals
        currency = by_id[key]["currency_id"]
    exposure = beyond = 0.0
    for member in shared.members[umbrella]:
        if member not in figures:
            continue
        row, found = by_id[member], figures[member]
        rate = rates(row["company_id"], row["currency_id"], currency)
        exposure += found.exposure * rate
        beyond += found.beyond_horizon * rate
    own = by_id[account_id]
    rate = rates(own["company_id"], own["currency_id"], currency)
    return Umbrella(
        model,
        key,
        name,
        limit,
        round(exposure, decimals),
        rate or 1.0,
        decimals,
        round(beyond, decimals),
    )


def take(figures, account_id, amount):
    """Count a document that was just let through, for those that come after it in one call.

    :param figures: ``{account id: Figures}``, changed in place: the account's own and those of
        all who share a limit with it
    :param amount: what it adds, in the currency of the account's limit
    """
    if not amount:
        return
    own = figures[account_id]
    figures[account_id] = replace(
        own,
        exposure=own.round(own.exposure + amount),
        open_orders=own.round(own.open_orders + amount),
    )
    added = {(one.model, one.id): amount * one.rate for one in own.umbrellas}
    if not added:
        return
    for key, found in figures.items():
        umbrellas = tuple(
            replace(
                one, exposure=round(one.exposure + added.get((one.model, one.id), 0), one.decimals)
            )
            for one in found.umbrellas
        )
        if umbrellas != found.umbrellas:
            figures[key] = replace(found, umbrellas=umbrellas)


def above(env, account_ids):
    """``(ids of parents of any height, ids of groups)`` whose limits these accounts use."""
    rows = env.execute_query(
        SQL(
            """
            WITH RECURSIVE up AS (
                SELECT a.id, a.parent_id, a.group_id FROM credit_account a WHERE a.id = ANY(%s)
                 UNION
                SELECT p.id, p.parent_id, p.group_id
                  FROM up JOIN credit_account p ON p.id = up.parent_id
            )
            SELECT id, group_id FROM up
            """,
            list(account_ids),
        )
    )
    parents = {row[0] for row in rows} - set(account_ids)
    return parents, {row[1] for row in rows if row[1]}


def bump_groups(env, group_ids):
    """Write the groups' ``version``, in the order of ids; always after the accounts'."""
    env.cr.execute(
        SQL(
            """
            WITH locked AS (
                SELECT id FROM credit_group WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE credit_group g SET version = version + 1
              FROM locked WHERE g.id = locked.id
            """,
            sorted(group_ids),
        ),
        log_exceptions=False,
    )
