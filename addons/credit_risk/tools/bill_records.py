"""What bills of exchange and returned payments leave on record: values for ``suite.decision``."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

BILL_INPUTS = ("amount", "booked_amount", "discount_cost")


def step_text(bill, state):
    """What the step does; asked before it is taken (maturing depends on who has the bill)."""
    values = {
        "number": bill.name,
        "amount": {"amount": bill.amount, "currency_id": bill.currency_id.id},
        "customer": {"model": "res.partner", "id": bill.partner_id.id},
    }
    if state == "matured" and bill.state != "received":
        return _lt(
            "Bill %(number)s of %(customer)s over %(amount)s was handed on and has not come "
            "back: settled",
            **values,
        )
    texts = {
        "received": _lt("Bill %(number)s of %(customer)s over %(amount)s received", **values),
        "endorsed": _lt("Bill %(number)s over %(amount)s handed on to a vendor", **values),
        "discounted": _lt("Bill %(number)s over %(amount)s sold to a bank", **values),
        "matured": _lt("Bill %(number)s over %(amount)s paid by its acceptor", **values),
        "dishonoured": _lt(
            "Bill %(number)s over %(amount)s dishonoured: %(customer)s owes again", **values
        ),
        "cancelled": _lt("Bill %(number)s over %(amount)s cancelled", **values),
    }
    return texts[state]


def step_decision(bill, before, text):
    """Values of the decision that a step leaves on the bill."""
    inputs = {name: bill[name] for name in BILL_INPUTS}
    inputs |= {"state": before, "maturity_date": str(bill.maturity_date)}
    return {
        "kind": "credit.bill",
        "record": bill,
        "partner_id": bill.partner_id.commercial_partner_id.id,
        "outcome": bill.state,
        "explanation": text,
        "rule": "credit.bill.step",
        "rule_version": "1",
        "inputs": _inputs(bill, inputs),
    }


def return_decisions(payment, account):
    """Values of the decisions of a returned payment: on itself, and on the customer's account."""
    values = {
        "kind": "credit.return",
        "partner_id": payment.partner_id.commercial_partner_id.id,
        "company_id": payment.company_id.id,
        "outcome": "returned",
        "explanation": _lt(
            "Payment %(name)s over %(amount)s was returned: %(reason)s",
            name=payment.name,
            amount={"amount": payment.amount, "currency_id": payment.currency_id.id},
            reason=payment.return_reason,
        ),
        "rule": "account.payment.return",
        "rule_version": "1",
        "inputs": _inputs(
            payment, {"amount": payment.amount, "returned_date": str(payment.returned_date)}
        ),
    }
    return [values | {"record": record} for record in (payment, account) if record]


def _inputs(record, values):
    return [
        {"model": record._name, "id": record.id, "field": name, "value": value}
        for name, value in values.items()
    ]
