"""Odoo's documents as the rules see them, and what the rules say about them.

Facts that cost a query are looked up only where a rule asks for them, and whether the goods are
paid only where something speaks against the document.
"""

from dataclasses import replace

from .rules import CONFIRM, DELIVERY, INVOICE, Document


def judge_order(order, figures, amount, net_new=None):
    """``(document, verdict)`` of an order that is to be confirmed.

    :param amount: what it adds to the exposure, company currency
    :param net_new: gives ``{order id: what it adds beyond the money received for it}``, when
        several orders are judged
    """
    added = figures.convert(amount)
    if figures.horizon_days and order._credit_is_beyond_horizon(figures.horizon_days):
        added = 0.0
    document = Document(
        check=CONFIRM,
        added=max(0.0, added),
        amount=figures.convert(order._credit_total()),
        terms_longer=_has_rule(figures, "terms") and order._credit_terms_longer(),
        milestone_open=figures.convert(order._credit_open_milestone("before_supply")),
        beyond_horizon=bool(figures.horizon_days) and not added and amount > 0,
    )
    return _judge_unpaid(
        figures,
        document,
        lambda: (net_new or order._credit_net_new)().get(order.id, amount) <= 0,
    )


def judge_delivery(order, figures, amount=0.0, added=0.0, early=0.0):
    """``(document, verdict)`` of goods of one order (or of none) that are to leave.

    :param amount: value of the goods, company currency
    :param added: part of it that the exposure doesn't have yet (goods without or beyond an
        order), company currency
    :param early: value of goods whose order the horizon leaves out, company currency
    """
    milestone = order._credit_open_milestone("before_shipment") if order else 0.0
    days = None
    if order and any(rule.grace_days for rule in figures.rules):
        days = order._credit_approved_days()
    document = Document(
        check=DELIVERY,
        added=figures.convert(added + early),
        amount=figures.convert(amount),
        terms_longer=bool(order) and _has_rule(figures, "terms") and order._credit_terms_longer(),
        milestone_open=figures.convert(milestone),
        approved_days=days,
    )
    return _judge_unpaid(
        figures, document, lambda: bool(order) and added <= 0 and order._credit_is_prepaid()
    )


def _judge_unpaid(figures, document, is_prepaid):
    """Judge; what is held only because it isn't known to be paid is judged as paid."""
    verdict = figures.judge(document)
    if verdict.findings and is_prepaid():
        document = replace(document, prepaid=True)
        verdict = figures.judge(document)
    return document, verdict


def _has_rule(figures, condition):
    return any(rule.condition == condition for rule in figures.rules)


def invoice_document(figures, amount, added):
    """An invoice that is to be posted; amounts in the company's currency."""
    return Document(check=INVOICE, added=figures.convert(added), amount=figures.convert(amount))
