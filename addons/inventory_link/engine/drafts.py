"""Drafts of the plan follow the needs that they serve: they are raised by what those have grown."""

from .lots import round_up


def note_raised(item):
    """How much more the needs that drafts serve are than when they were last planned."""
    item.raised = dict.fromkeys(item.served, 0)
    for demand in item.demands:
        if demand.anchor in item.raised and not demand.rank and not demand.soft:
            item.raised[demand.anchor] += demand.qty
    for anchor, known in item.served.items():
        item.raised[anchor] = max(item.raised[anchor] - known, 0)


def grow(item, group, cover):
    """Raise a draft of the plan by what the needs that it serves have grown since.

    Needs of others come as new lines: somebody has to approve them.

    :param cover: function of group and supply that lets the group take from the supply
    :return: drafts that have a rest for later needs
    """
    due, rest = group["due"], []
    for supply in item.supplies:
        if not supply.draft or supply.left or not group["members"]:
            continue
        if not supply.date <= due < supply.date + max(item.bucket, 1):
            continue
        short = sum(short for _demand, short in group["members"])
        need = min(short, sum(item.raised.get(anchor, 0) for anchor in supply.served))
        total = round_up(supply.qty + supply.grown + need, supply.minimum, item.rule, supply.unit)
        if not need or (item.rule.max_lot and total > item.rule.max_lot):
            continue
        _use_up(item.raised, supply.served, need)
        supply.left = total - supply.qty - supply.grown
        supply.grown = total - supply.qty
        cover(group, supply)
        if supply.left:
            rest.append(supply)
    return rest


def _use_up(raised, anchors, quantity):
    for anchor in sorted(anchors):
        part = min(quantity, raised.get(anchor, 0))
        if part:
            raised[anchor] -= part
            quantity -= part
