"""The guard: no connection to an outside address unless the administrator allowed the host.

It sits in Python's ``socket`` module, below every library, and is put there once a process. It
judges by the database that the running thread works for, so databases without this addon aren't
touched. Name look-ups are judged too: asking for an outside name already tells the outside.
"""

import errno
import functools
import logging
import socket
import threading
import time
from contextlib import closing

import psycopg2

from odoo import sql_db
from odoo.http import request
from odoo.modules.registry import Registry
from odoo.tools import config
from odoo.tools.translate import LazyTranslate

from .guard_policy import Policy, is_own_address, is_own_name, normal_name, numeric_address
from .guard_settings import read_policy

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

POLICY_SECONDS = 15
LOG_SECONDS = 60
_REFUSED = _lt(
    "The connection to %(host)s was blocked: it is outside this company's network and not on the"
    " list of allowed hosts. An administrator can allow it in Settings ‣ Tradeworks ‣ Outside"
    " connections."
)
_policies = {}  # database → (read at, Policy)
_logged = {}  # (database, host) → last time
_busy = threading.local()


class OutsideCallRefusedError(ConnectionRefusedError):
    """An outside address isn't on the list of allowed hosts."""


class OutsideLookupRefusedError(socket.gaierror, OutsideCallRefusedError):
    """An outside name isn't on the list of allowed hosts, so it isn't even looked up."""


def install():
    """Put the guard into this process; a second call does nothing."""
    if getattr(socket, "_tradeworks_guard", False):
        return
    socket._tradeworks_guard = True
    socket.socket.connect = _guard_method(socket.socket.connect, _last_argument)
    socket.socket.connect_ex = _guard_connect_ex(socket.socket.connect_ex)
    socket.socket.sendto = _guard_method(socket.socket.sendto, _last_argument)
    socket.socket.sendmsg = _guard_method(socket.socket.sendmsg, _sendmsg_address)
    socket.getaddrinfo = _guard_getaddrinfo(socket.getaddrinfo)
    socket.gethostbyname = _guard_lookup(socket.gethostbyname)
    socket.gethostbyname_ex = _guard_lookup(socket.gethostbyname_ex)
    socket.gethostbyaddr = _guard_lookup(socket.gethostbyaddr)
    threading.Thread.start = _remember_database(threading.Thread.start)


def forget(dbname):
    """Read the list of a database anew at its next connection."""
    _policies.pop(dbname, None)


# ---------------------------------------------------------------------- judging


def check_address(host, port):
    """Raise unless a connection to ``host`` (name or address) is allowed now."""
    address = numeric_address(host)
    if address is None:
        check_name(host, port)
        return
    if is_own_address(address):
        return
    if not _allowed(lambda policy: policy.allows_address(address, port)):
        raise OutsideCallRefusedError(errno.ECONNREFUSED, _refusal(f"{address}:{port}"))


def check_name(host, port):
    """Raise unless the name may be looked up now."""
    name = normal_name(host)
    if is_own_name(name):
        return
    if not _allowed(lambda policy: policy.allows_name(name, port)):
        raise OutsideLookupRefusedError(socket.EAI_FAIL, _refusal(name))


def _allowed(question):
    """Ask the policies in force; before a "no", ask them freshly read, so that what the
    administrator has just allowed works at once in every process."""
    if getattr(_busy, "reading", False):
        return True
    return any(
        question(_policy(dbname)) or question(_policy(dbname, fresh=True))
        for dbname in _databases()
    )


def _databases():
    """The database that this thread works for. A thread that belongs to none is judged by all
    databases of the process, and is free if one of them has no guard."""
    dbname = _thread_database(threading.current_thread())
    if dbname:
        return [dbname]
    return list(Registry.registries) or [None]


def _thread_database(thread):
    return getattr(thread, "dbname", None) or getattr(thread, "_tradeworks_dbname", None)


def _policy(dbname, fresh=False):
    known = _policies.get(dbname)
    if known and not fresh and time.monotonic() - known[0] < POLICY_SECONDS:
        return known[1]
    if dbname is None:
        return Policy(guarded=False)
    policy = _read(dbname) or (known and known[1]) or _policy_unread(dbname)
    if known:
        policy.found = known[1].found
    _policies[dbname] = (time.monotonic(), policy)
    return policy


def _read(dbname):
    """The policy as the database has it; None if it can't be read now (the tables are locked by
    an installation, no free connection)."""
    registry = Registry.registries.get(dbname)
    _busy.reading = True
    try:
        cursor = registry.cursor() if registry else sql_db.db_connect(dbname).cursor()
        with closing(cursor):
            return read_policy(cursor, config)
    except (psycopg2.Error, sql_db.PoolError):
        _logger.warning("The allowed hosts of database %s can't be read now", dbname)
        return None
    finally:
        _busy.reading = False


def _policy_unread(dbname):
    registry = Registry.registries.get(dbname)
    return Policy(guarded=registry is not None and "suite.decision" in registry)


def _refusal(host):
    dbname = _thread_database(threading.current_thread())
    now = time.monotonic()
    if now - _logged.get((dbname, host), -LOG_SECONDS) >= LOG_SECONDS:
        _logged[dbname, host] = now
        _logger.warning("Blocked a connection to %s (database %s)", host, dbname)
    lang = (request and request.env and request.env.lang) or "en_US"
    return _REFUSED._translate(lang) % {"host": host}


# ---------------------------------------------------------------------- the patches


def _last_argument(args):
    return args[-1] if args else None


def _sendmsg_address(args):
    return args[3] if len(args) > 3 else None  # noqa: PLR2004 (buffers, ancdata, flags, address)


def _check_socket(sock, address):
    if sock.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
        check_address(address[0], address[1])


def _guard_method(original, find_address):
    @functools.wraps(original)
    def guarded(self, *args, **kwargs):
        _check_socket(self, find_address(args))
        return original(self, *args, **kwargs)

    return guarded


def _guard_connect_ex(original):
    @functools.wraps(original)
    def guarded(self, address):
        try:
            _check_socket(self, address)
        except OutsideCallRefusedError:
            return errno.ECONNREFUSED
        return original(self, address)

    return guarded


def _guard_getaddrinfo(original):
    @functools.wraps(original)
    def guarded(host, port, *args, **kwargs):
        if not host or numeric_address(host) is not None:
            return original(host, port, *args, **kwargs)
        number = int(port) if isinstance(port, int) or str(port or "").isdecimal() else 0
        check_name(host, number)
        result = original(host, port, *args, **kwargs)
        _remember(host, [found[4][0] for found in result])
        return result

    return guarded


def _guard_lookup(original):
    @functools.wraps(original)
    def guarded(host):
        address = numeric_address(host)
        if address is not None:
            if original.__name__ == "gethostbyaddr":
                check_address(host, 0)
            return original(host)
        check_name(host, 0)
        result = original(host)
        _remember(host, [result] if isinstance(result, str) else result[2])
        return result

    return guarded


def _remember(host, addresses):
    name = normal_name(host)
    if is_own_name(name) or getattr(_busy, "reading", False):
        return
    found = [address for address in map(numeric_address, addresses) if address is not None]
    for dbname in _databases():
        _policy(dbname).remember(name, found)


def _remember_database(original):
    @functools.wraps(original)
    def start(self, *args, **kwargs):
        # A helper thread works for the database of the thread that starts it.
        self._tradeworks_dbname = _thread_database(threading.current_thread())
        return original(self, *args, **kwargs)

    return start
