"""Natural keys: the identity of plan lines over re-runs."""

from hashlib import blake2b
from itertools import count


def free_keys(item_key, anchor, taken):
    """Natural keys for the lots that start with this demand, but those that are taken."""
    for number in count():
        key = natural_key(item_key, anchor, number)
        if key not in taken:
            yield key


def natural_key(item_key, anchor, number):
    """Identity of a plan line over re-runs: item, first demand it serves, part of a split lot."""
    text = f"{item_key[0]}:{item_key[1]}:{anchor}:{number}"
    return blake2b(text.encode(), digest_size=12).hexdigest()
