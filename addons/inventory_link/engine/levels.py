"""The order of netting: parents before components, substitutes before what they stand in for."""


def order_items(items):
    """``(keys in order, keys of products that contain themselves)`` (Kahn's algorithm).

    Products in a loop lose their recipe and keep their demand with that reason, so that one bad
    bill of materials doesn't stop everything else.
    """
    edges = {key: _below(item, items) for key, item in items.items()}
    order, rest = _kahn(edges)
    loops = []
    if rest:
        loops = sorted(_core(edges, rest))
        for key in loops:
            item = items[key]
            item.looped, item.recipe, item.subcontract = True, None, {}
            for supply in item.supplies:
                supply.components, supply.recipe = (), None
            edges[key] = set()
    substitutions = _substitutions(items, edges)
    if rest or substitutions:
        order, _rest = _kahn(edges)
    return order, loops


def _below(item, items):
    recipes = [item.recipe, *item.subcontract.values()]
    keys = {part[0] for recipe in recipes if recipe for part in recipe.components}
    for supply in item.supplies:
        keys.update(part[0] for part in supply.components)
        if supply.recipe:
            keys.update(part[0] for part in supply.recipe.components)
    return keys & items.keys() if keys else keys


def _substitutions(items, edges):
    """Add an edge from each substitute to what it replaces, unless it closes a circle: of two
    products that replace each other, the first in order of keys is used up for the second."""
    found = False
    for key in sorted(key for key, item in items.items() if item.substitutes):
        usable = []
        for row in items[key].substitutes:
            if row[0] in items and not _reaches(edges, key, row[0]):
                edges[row[0]].add(key)
                usable.append(row)
                found = True
        items[key].substitutes = tuple(usable)
    return found


def _reaches(edges, start, goal):
    seen, stack = {start}, [start]
    while stack:
        key = stack.pop()
        if key == goal:
            return True
        for below in edges[key]:
            if below not in seen:
                seen.add(below)
                stack.append(below)
    return False


def _kahn(edges):
    incoming = dict.fromkeys(edges, 0)
    for below in edges.values():
        for key in below:
            incoming[key] += 1
    ready = sorted(key for key, count in incoming.items() if not count)
    order = []
    while ready:
        following = []
        for key in ready:
            order.append(key)
            for below in edges[key]:
                incoming[below] -= 1
                if not incoming[below]:
                    following.append(below)
        ready = sorted(following)
    return order, {key for key, count in incoming.items() if count}


def _core(edges, rest):
    """Of what can't be ordered, the products that really stand in a loop."""
    core = set(rest)
    while True:
        leaves = {key for key in core if not edges[key] & core}
        if not leaves:
            return core
        core -= leaves
