"""Values that the system keeps itself: what a caller sends for them is left out.

Fields that are read-only on the screen can still be written by RPC and by an import, also stored
computed ones. Credit is judged by them, so that only the system's own code may set them.
"""


def without(vals, names):
    """A copy of ``vals`` without these fields (``vals`` itself if it has none of them)."""
    if not names & vals.keys():
        return vals
    return {name: value for name, value in vals.items() if name not in names}
