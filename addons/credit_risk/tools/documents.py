"""What is judged, made from Odoo's documents: one :class:`tools.rules.Document` each."""

from .rules import CONFIRM, DELIVERY, INVOICE, Document


def order_document(order, figures, amount):
    """An order that is to be confirmed.

    :param amount: what it adds to the exposure, company currency
    """
    added = figures.convert(amount)
    net = order._credit_net_new().get(order.id, amount)
    if figures.horizon_days and order._credit_is_beyond_horizon(figures.horizon_days):
        added = 0.0
    return Document(
        check=CONFIRM,
        added=max(0.0, added),
        amount=figures.convert(order._credit_total()),
        prepaid=amount <= 0 or net <= 0,
        terms_longer=order._credit_terms_longer(),
        milestone_open=figures.convert(order._credit_open_milestone("before_supply")),
        beyond_horizon=bool(figures.horizon_days) and not added and amount > 0,
    )


def delivery_document(order, figures, amount=0.0, added=0.0, early=0.0):
    """Goods of one order (or of none) that are to leave.

    :param amount: value of the goods, company currency
    :param added: part of it that the exposure doesn't have yet (goods without or beyond an
        order), company currency
    :param early: value of goods whose order the horizon leaves out, company currency
    """
    milestone = order._credit_open_milestone("before_shipment") if order else 0.0
    days = None
    if order and any(rule.grace_days for rule in figures.rules):
        days = order._credit_approved_days()
    return Document(
        check=DELIVERY,
        added=figures.convert(added + early),
        amount=figures.convert(amount),
        prepaid=bool(order) and added <= 0 and order._credit_is_prepaid(),
        terms_longer=bool(order) and order._credit_terms_longer(),
        milestone_open=figures.convert(milestone),
        approved_days=days,
    )


def invoice_document(figures, amount, added):
    """An invoice that is to be posted; amounts in the company's currency."""
    return Document(check=INVOICE, added=figures.convert(added), amount=figures.convert(amount))
