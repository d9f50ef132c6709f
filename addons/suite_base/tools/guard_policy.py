"""Which addresses server code of one database may reach. Pure rules, no sockets, no database.

Inside, always open: this machine (loopback, Unix sockets, its own name). Inside unless the
administrator closed it: private networks (RFC 1918, RFC 4193) and names without a dot. All else
is outside, and open only when it is on the list. Link-local addresses count as outside, for
cloud machines keep their secrets there.
"""

import ipaddress
import re
import socket
import time
from dataclasses import dataclass, field

PRIVATE = tuple(
    ipaddress.ip_network(net)
    for net in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
MEMORY_SECONDS = 600  # how long an address found by the name of an open host stays open
_NAME = re.compile(r"(\*\.)?([^\s.:/*]+\.)*[^\s.:/*]+", re.UNICODE)
_PORT = re.compile(r"(?P<host>\[[^]]+\]|[^:\[\]]+):(?P<port>\d{1,5})")
MAX_PORT = 65535


@dataclass(frozen=True)
class Entry:
    """One line of the list: a host name, ``*.domain``, address or network, maybe with a port."""

    name: str = ""
    network: object = None
    port: int = 0

    def fits_port(self, port):
        return not self.port or not port or self.port == port

    def fits_name(self, name):
        if self.name.startswith("*."):
            return name.endswith(self.name[1:])
        return bool(self.name) and name == self.name

    def fits_address(self, address):
        return self.network is not None and address in self.network


def parse_entry(text):
    """The entry that a line of the list means.

    :raise ValueError: it is no host name, address or network
    """
    host, port = text.strip(), 0
    if match := _PORT.fullmatch(host):
        host, port = match["host"], int(match["port"])
    host = host.removeprefix("[").removesuffix("]")
    if port > MAX_PORT:
        raise ValueError(text)
    try:
        return Entry(network=ipaddress.ip_network(host, strict=False), port=port)
    except ValueError:
        name = normal_name(host)
        if not _NAME.fullmatch(name):
            raise ValueError(text) from None
        return Entry(name=name, port=port)


def normal_name(name):
    """Lower case, without final dot, international names in their wire form."""
    if isinstance(name, (bytes, bytearray)):
        name = bytes(name).decode("ascii", "replace")
    name = name.strip().rstrip(".").lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode()
        except UnicodeError:
            return name
    return name


def numeric_address(host):
    """The IP address that ``host`` is written as (also ``127.1`` or ``2130706433``), or None."""
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("ascii", "replace")
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(host))
        except (OSError, ValueError):
            return None
    return getattr(address, "ipv4_mapped", None) or address


def is_own_address(address):
    """Loopback, or the "any" address, by which a system reaches itself."""
    return address.is_loopback or address.is_unspecified


def is_own_name(name):
    """Names by which this machine knows itself."""
    return name in {
        "",
        "localhost",
        "localhost.localdomain",
        normal_name(socket.gethostname()),
    } or (name.endswith(".localhost"))


@dataclass
class Policy:
    """What one database lets through."""

    entries: tuple = ()
    private_open: bool = True
    guarded: bool = True
    found: dict = field(default_factory=dict)  # address → (open until, port) by allowed names

    def allows_name(self, name, port=0):
        """Whether the name may be looked up."""
        if not self.guarded or is_own_name(name):
            return True
        if "." not in name:
            return self.private_open or any(
                entry.fits_name(name) and entry.fits_port(port) for entry in self.entries
            )
        return self._entry_of_name(name, port) is not None

    def allows_address(self, address, port=0):
        """Whether a connection to the address may be opened."""
        if not self.guarded or is_own_address(address):
            return True
        if self.private_open and any(address in net for net in PRIVATE):
            return True
        if any(entry.fits_address(address) and entry.fits_port(port) for entry in self.entries):
            return True
        until, found_port = self.found.get(address, (0, 0))
        return until > time.monotonic() and (not found_port or found_port == port)

    def remember(self, name, addresses):
        """Open the addresses that an allowed name was just found to have."""
        entry = self._entry_of_name(name, 0)
        if entry is None:
            return
        until = time.monotonic() + MEMORY_SECONDS
        for address in addresses:
            self.found[address] = (until, entry.port)

    def _entry_of_name(self, name, port):
        return next((e for e in self.entries if e.fits_name(name) and e.fits_port(port)), None)
