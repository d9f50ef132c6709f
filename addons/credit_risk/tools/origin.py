"""Where the wish to confirm an order comes from. Holds tell it; it decides nothing.

Kept on the database cursor: what the code says itself goes before what the request looks like.
"""

import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

from odoo.http import request

PORTAL = "portal"
PAYMENT = "payment"
IMPORT = "import"
PROGRAM = "program"
SCREEN = "screen"
SYSTEM = "system"

KEY = "credit_risk.origin"
PROGRAM_PATHS = ("/xmlrpc", "/jsonrpc", "/json/")


@contextmanager
def coming_from(cr, origin):
    """What is asked for inside the block comes from ``origin``."""
    before = cr.cache.get(KEY)
    cr.cache[KEY] = origin
    try:
        yield
    finally:
        cr.cache[KEY] = before


def current(cr):
    """The origin of what is asked for right now."""
    if found := cr.cache.get(KEY):
        return found
    if request:
        path = request.httprequest.path
        return PROGRAM if path.startswith(PROGRAM_PATHS) else SCREEN
    # Odoo takes the request away while it serves XML-RPC; the thread still knows its address.
    path = urlsplit(getattr(threading.current_thread(), "url", "")).path
    return PROGRAM if path.startswith(PROGRAM_PATHS) else SYSTEM
