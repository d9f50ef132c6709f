"""What a change of a limit leaves behind: values for ``suite.decision`` and the ledger."""

from odoo.tools.translate import LazyTranslate

from . import limit_change, records

_lt = LazyTranslate(__name__)

ACCOUNT_FIELDS = (*records.LIMIT_FIELDS, "currency_id", "group_id", "parent_id")
GROUP_FIELDS = (
    "name",
    "active",
    "company_id",
    "limit_kind",
    "limit_amount",
    "member_limit_kind",
    "member_limit_amount",
    "currency_id",
)
LINE_FIELDS = ("kind", "amount", "percent", "date_from", "date_to", "reference")
LINE_KINDS = {
    "temporary_set": _lt("Temporary Limit"),
    "temporary_add": _lt("Temporary Change"),
    "insured": _lt("Insured"),
    "deposit": _lt("Deposit"),
}
OPEN_END = _lt("(open)")


def snapshot(record, names):
    """``{field: value}`` with records as their ids."""
    return {name: _plain(record[name]) for name in names}


def account_decision(account, before, cause):
    """Values of the decision about a changed limit, currency, group or parent."""
    if "limit_kind" in before:
        return _with_cause(records.limit_decision(account, before), account, cause)
    values = {
        "kind": "credit.limit",
        "record": account,
        "partner_id": account.partner_id.id,
        "outcome": "changed",
        "explanation": _lt(
            "Limit currency %(currency)s, group %(group)s, parent %(parent)s",
            currency=account.currency_id.name,
            group=account.group_id.name or "-",
            parent=account.parent_id.partner_id.display_name or "-",
        ),
        "inputs": _inputs(account, before),
    }
    return _with_cause(values, account, cause)


def account_entry(account, before, cause):
    """Ledger payload of a changed limit, currency, group or parent."""
    return _entry(
        {"account_id": account.id, "partner_id": account.partner_id.id},
        before,
        snapshot(account, before),
        cause,
    )


def line_decision(line, event, cause):
    """Values of the decision about a limit line that was created, changed or deleted."""
    account = line.account_id
    arguments = {
        "kind": LINE_KINDS[line.kind],
        "amount": {"amount": line.amount, "currency_id": account.currency_id.id},
        "start": {"date": str(line.date_from)} if line.date_from else OPEN_END,
        "end": {"date": str(line.date_to)} if line.date_to else OPEN_END,
    }
    values = {
        "kind": "credit.limit",
        "record": account,
        "partner_id": account.partner_id.id,
        "company_id": account.company_id.id,
        "outcome": event,
        "explanation": _line_text(event, arguments),
        "inputs": [],
    }
    return _with_cause(values, account, cause)


def line_entry(line, event, before, cause):
    """Ledger payload of a limit line that was created, changed or deleted."""
    after = {} if event == "deleted" else snapshot(line, LINE_FIELDS)
    about = {
        "account_id": line.account_id.id,
        "partner_id": line.account_id.partner_id.id,
        "line_id": line.id,
        "event": event,
    }
    return _entry(about, before, after, cause)


def group_decision(group, before, cause):
    """Values of the decision about a changed credit group."""
    money = {"amount": group.limit_amount, "currency_id": group.currency_id.id}
    if group.limit_kind == "limited" and group.active:
        text = _lt("Shared limit of %(group)s: %(limit)s", group=group.name, limit=money)
    else:
        text = _lt("%(group)s has no shared limit", group=group.name)
    values = {
        "kind": "credit.limit",
        "record": group,
        "company_id": group.company_id.id or group.env.company.id,
        "outcome": "changed" if before else "created",
        "explanation": text,
        "inputs": _inputs(group, before),
    }
    return _with_cause(values, group, cause)


def group_entry(group, before, cause):
    """Ledger payload of a changed credit group."""
    about = {"group_id": group.id, "members": group.account_ids.ids}
    return _entry(about, before, snapshot(group, GROUP_FIELDS), cause)


def approval_entry(line, event, before):
    """Ledger payload of a changed line of the approval matrix."""
    names = ("kind", "sequence", "max_percent", "max_amount", "group_id")
    after = {} if event == "deleted" else snapshot(line, names)
    return _entry({"approval_id": line.id, "event": event}, before, after, limit_change.Cause())


def request_entry(request, outcome, reason):
    """Ledger payload of a decided request."""
    return {
        "request_id": request.id,
        "account_id": request.account_id.id,
        "partner_id": request.partner_id.id,
        "outcome": outcome,
        "old": request.old_text or "",
        "new": request.new_text or "",
        "reason": request.reason,
        "decision_reason": reason or "",
        "requested_by": request.requested_by_id.id,
        "user_id": request.env.uid,
    }


def request_decision(request, outcome, reason):
    """Values of the decision about a request."""
    texts = {
        "pending": _lt("Requested: %(new)s instead of %(old)s", **_request_words(request)),
        "approved": _lt("Approved: %(new)s instead of %(old)s", **_request_words(request)),
        "refused": _lt("Refused: %(reason)s", reason=reason or ""),
        "cancelled": _lt("Request taken back"),
    }
    return {
        "kind": "credit.limit",
        "record": request,
        "partner_id": request.partner_id.id,
        "company_id": request.company_id.id,
        "outcome": outcome,
        "explanation": texts[outcome],
        "inputs": _inputs(
            request, snapshot(request, ("reason", "judged_amount", "increase_percent"))
        ),
    }


def _request_words(request):
    return {"old": request.old_text or "-", "new": request.new_text or "-"}


def _line_text(event, arguments):
    if event == "created":
        return _lt("%(kind)s of %(amount)s from %(start)s to %(end)s added", **arguments)
    if event == "changed":
        return _lt("%(kind)s is now %(amount)s from %(start)s to %(end)s", **arguments)
    return _lt("%(kind)s of %(amount)s from %(start)s to %(end)s deleted", **arguments)


def _entry(about, before, after, cause):
    return {
        **about,
        "before": {name: _text(value) for name, value in before.items()},
        "after": {name: _text(value) for name, value in after.items()},
        "reason": cause.reason,
        "request_id": cause.request_id,
    }


def _with_cause(values, record, cause):
    if cause.reason:
        values["inputs"] = [
            *values["inputs"],
            {
                "model": record._name,
                "id": record.id,
                "field": "limit_reason",
                "value": cause.reason,
            },
        ]
    return values


def _inputs(record, values):
    return [
        {"model": record._name, "id": record.id, "field": name, "value": _text(value)}
        for name, value in values.items()
    ]


def _plain(value):
    return value.id if hasattr(value, "_name") else value


def _text(value):
    return "" if value is None or value is False else str(value)
