"""The rules of credit, free of Odoo: what speaks against a document, and how strongly.

One judgement (:func:`judge`) for every document and every path, and for the replay of the past:
it sees nothing but numbers. Amounts are in the currency of the account's limit.
"""

from dataclasses import dataclass, replace

LIMIT = "LIMIT"
OVERDUE = "OVERDUE"
EXPIRED = "EXPIRED"
TERMS = "TERMS"
AMOUNT = "AMOUNT"
MILESTONE = "MILESTONE"
MANUAL = "MANUAL"
REMINDER = "REMINDER"
REASONS = (LIMIT, OVERDUE, EXPIRED, TERMS, AMOUNT, MILESTONE, REMINDER, MANUAL)

CONFIRM = "confirm"
DELIVERY = "delivery"
INVOICE = "invoice"
CHECKS = {
    "confirm": frozenset((CONFIRM,)),
    "delivery": frozenset((DELIVERY,)),
    "invoice": frozenset((INVOICE,)),
    "confirm_delivery": frozenset((CONFIRM, DELIVERY)),
    "all": frozenset((CONFIRM, DELIVERY, INVOICE)),
}

WARN = "warn"
BLOCK = "block"
EXCLUDE = "exclude"

#: Reason code of each condition.
CODES = {
    "limit": LIMIT,
    "overdue": OVERDUE,
    "expired": EXPIRED,
    "terms": TERMS,
    "order_amount": AMOUNT,
}


@dataclass(frozen=True)
class Rule:
    """One line of a policy, see the model ``credit.rule`` for the meaning of its thresholds.

    ``key`` names it in decisions: "credit.rule:7", or "standard,limit" for a company's own.
    """

    key: str
    condition: str
    checks: frozenset
    effect: str = BLOCK
    percent: float = 100.0
    days: int = 0
    amount: float = 0.0
    grace_days: int = 0
    excludes: str = "condition"
    scope: str = "all"
    partner_ids: frozenset = frozenset()
    group_ids: frozenset = frozenset()
    rating: str = ""

    def is_for(self, account):
        """Whether the account (a :class:`Account`) is in the rule's scope."""
        return (
            self.scope == "all"
            or (self.scope == "customer" and account.partner_id in self.partner_ids)
            or (self.scope == "group" and account.group_id in self.group_ids)
            or (self.scope == "rating" and account.rating == self.rating)
        )

    def in_currency(self, rate):
        """The same rule with its amount in another currency (units of it for one)."""
        return self if rate == 1 or not self.amount else replace(self, amount=self.amount * rate)


def standard_rules(overdue_days=0, overdue_amount=0.0, grace_days=0):
    """The rules of a company without a policy: over the limit, overdue, limit expired."""
    checks = CHECKS["confirm_delivery"]
    return (
        Rule("standard,limit", "limit", checks),
        Rule("standard,overdue", "overdue", checks, days=overdue_days, amount=overdue_amount),
        Rule("standard,expired", "expired", checks, days=grace_days),
    )


@dataclass(frozen=True)
class Account:
    """Who is judged: what the scopes of rules ask for."""

    partner_id: int = 0
    group_id: int = 0
    rating: str = ""
    on_hold: bool = False


@dataclass(frozen=True)
class Umbrella:
    """A limit that an account shares with others: its group's, or that of a parent.

    :param rate: units of the umbrella's currency for one of the account's
    :param beyond_horizon: part of ``exposure`` that its members' horizons leave out of checks
    """

    model: str
    id: int
    name: str
    limit: float
    exposure: float
    rate: float = 1.0
    decimals: int = 2
    beyond_horizon: float = 0.0


@dataclass(frozen=True)
class Document:
    """What is judged.

    :param added: what it adds to the exposure (with the documents before it in the same call)
    :param amount: what it is about
    :param prepaid: its goods are paid already, or it adds nothing: it raises no risk
    :param terms_longer: its payment terms are longer than the customer's own
    :param milestone_open: a payment that has to come first, in words of its own; amount missing
    :param approved_days: days since its order passed or was released; None: never
    :param beyond_horizon: it is to be delivered so late that limits don't count it yet
    """

    check: str = DELIVERY
    added: float = 0.0
    amount: float = 0.0
    prepaid: bool = False
    terms_longer: bool = False
    milestone_open: float = 0.0
    approved_days: int | None = None
    beyond_horizon: bool = False


@dataclass(frozen=True)
class Finding:
    """A rule that speaks against a document.

    :param over: amount by which the rule's bound is exceeded
    :param bound: the bound itself (limit, tolerated amount)
    :param raise_by: by how much the limit would have to be higher; 0: that wouldn't help
    """

    code: str
    effect: str
    rule: str
    over: float = 0.0
    bound: float = 0.0
    umbrella: Umbrella | None = None
    raise_by: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """All that speaks against a document, block before warn."""

    findings: tuple = ()

    @property
    def blocking(self):
        """Codes of what blocks, in the fixed order."""
        return self._codes(BLOCK)

    @property
    def warnings(self):
        """Codes of what only warns."""
        return self._codes(WARN)

    @property
    def excess(self):
        """How much would have to go for the limits to hold, in the account's currency.

        By the rules that block, or, when none does, by those that warn.
        """
        return max((finding.over for finding in self._limits()), default=0.0)

    @property
    def raise_by(self):
        """How much higher the limit would have to be; 0 when no limit would do."""
        return max((finding.raise_by for finding in self._limits()), default=0.0)

    @property
    def shared_limit(self):
        """The shared limit (:class:`Umbrella`) that is exceeded most, if that is more than
        the account's own; None else."""
        limits = [f for f in self.findings if f.code == LIMIT and f.effect == BLOCK]
        worst = max(limits, key=lambda f: f.over, default=None)
        return worst.umbrella if worst else None

    @property
    def milestone(self):
        """Payment that has to come first, in the account's currency."""
        return max((f.over for f in self.findings if f.code == MILESTONE), default=0.0)

    @property
    def rules(self):
        """Keys of the rules that were found, without repetition."""
        return tuple(dict.fromkeys(f.rule for f in self.findings))

    def _limits(self):
        limits = [finding for finding in self.findings if finding.code == LIMIT]
        return [finding for finding in limits if finding.effect == BLOCK] or limits

    def _codes(self, effect):
        found = {finding.code for finding in self.findings if finding.effect == effect}
        return tuple(code for code in REASONS if code in found)


def judge(figures, document):
    """What speaks against the document, by the account's figures and rules.

    What raises no risk passes: nothing added and nothing to ship that isn't paid. Only a hold
    that a person has put on the customer stops that as well.

    :param figures: :class:`tools.figures.Figures`
    """
    findings = []
    if figures.account.on_hold and document.check != INVOICE:
        findings.append(Finding(MANUAL, BLOCK, "credit.account.manual_hold"))
    if document.milestone_open:
        findings.append(
            Finding(MILESTONE, BLOCK, "sale.payment.milestone", over=document.milestone_open)
        )
    # an order that is billed in advance adds nothing either, but isn't prepaid
    adds_nothing = document.check == INVOICE and document.added <= 0
    if document.prepaid or adds_nothing:
        return Verdict(tuple(findings))
    rules = [
        rule
        for rule in figures.rules
        if document.check in rule.checks
        and rule.is_for(figures.account)
        and not (rule.condition == "limit" and document.beyond_horizon)
    ]
    left_out = _excluded(rules, figures, document)
    for rule in rules:
        if rule.effect == EXCLUDE or rule.condition in left_out:
            continue
        if (
            rule.grace_days
            and document.approved_days is not None
            and document.approved_days <= rule.grace_days
        ):
            continue
        findings += _CONDITIONS[rule.condition](rule, figures, document)
    return Verdict(
        tuple(sorted(findings, key=lambda f: (f.effect != BLOCK, REASONS.index(f.code))))
    )


def _excluded(rules, figures, document):
    """Conditions whose rules don't count for this document."""
    excluded = set()
    for rule in rules:
        if rule.effect != EXCLUDE or not _exclusion_holds(rule, figures, document):
            continue
        excluded |= set(CODES) if rule.excludes == "all" else {rule.condition}
    return excluded


def _exclusion_holds(rule, figures, document):
    """Below both of its bounds (those that are given); never without any bound."""
    bounds = []
    if rule.condition == "order_amount":
        return figures.compare(document.amount, rule.amount) < 0
    if rule.condition == "overdue":
        if rule.days:
            bounds.append(figures.overdue_days < rule.days)
        if rule.amount:
            bounds.append(figures.compare(figures.overdue_amount, rule.amount) < 0)
    elif rule.condition == "limit":
        if figures.unlimited and rule.percent:
            return True
        bound = figures.limit * rule.percent / 100 + rule.amount
        bounds.append(figures.compare(_used(figures, document), bound) < 0)
    elif rule.condition == "expired" and rule.days:
        bounds.append((figures.days_expired or 0) < rule.days)
    else:
        bounds.append(True)
    return bool(bounds) and all(bounds)


def _used(figures, document):
    return figures.exposure - figures.beyond_horizon + document.added


def _limit(rule, figures, document):
    """The account's own limit, then those that it shares.

    A rule at 0 percent gives no credit out of any limit: it holds for unlimited accounts too,
    and asks for nothing of what others owe under a shared limit.
    """
    found = []
    margin = 0 if rule.effect == BLOCK else -1  # a warning starts at its bound
    if not figures.unlimited or not rule.percent:
        bound = figures.round(figures.limit * rule.percent / 100 + rule.amount)
        used = figures.round(_used(figures, document))
        if used > 0 and figures.compare(used, bound) > margin:
            over = figures.round(max(0.0, used - bound))
            found.append(
                Finding(
                    LIMIT,
                    rule.effect,
                    rule.key,
                    over,
                    bound,
                    raise_by=_raise_by(rule, figures, over),
                )
            )
    for shared in figures.umbrellas if rule.percent else ():
        bound = shared.limit * rule.percent / 100 + rule.amount * shared.rate
        used = shared.exposure - shared.beyond_horizon + document.added * shared.rate
        over = round(used - bound, shared.decimals)
        if over > 0 or (over == 0 and margin):
            over = figures.round(max(0.0, over) / shared.rate)
            found.append(
                Finding(
                    LIMIT,
                    rule.effect,
                    rule.key,
                    over,
                    bound,
                    shared,
                    raise_by=_raise_by(rule, figures, over),
                )
            )
    return found


def _raise_by(rule, figures, over):
    """A limit of which only a part may be used has to grow by more than what is over."""
    return figures.round(over * 100 / rule.percent) if rule.percent else 0.0


def _overdue(rule, figures, _document):
    late = figures.overdue_after(rule.days)
    if figures.compare(late, rule.amount) <= 0:
        return []
    return [Finding(OVERDUE, rule.effect, rule.key, late, rule.amount)]


def _expired(rule, figures, _document):
    if figures.unlimited or figures.days_expired is None or figures.days_expired <= rule.days:
        return []
    return [Finding(EXPIRED, rule.effect, rule.key)]


def _terms(rule, _figures, document):
    return [Finding(TERMS, rule.effect, rule.key)] if document.terms_longer else []


def _order_amount(rule, figures, document):
    if figures.compare(document.amount, rule.amount) <= 0:
        return []
    over = figures.round(document.amount - rule.amount)
    return [Finding(AMOUNT, rule.effect, rule.key, over, rule.amount)]


_CONDITIONS = {
    "limit": _limit,
    "overdue": _overdue,
    "expired": _expired,
    "terms": _terms,
    "order_amount": _order_amount,
}
