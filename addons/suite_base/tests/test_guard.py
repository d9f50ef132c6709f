import socket
import threading
from contextlib import closing
from unittest.mock import patch

import requests

from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import guard
from ..tools.guard_policy import Policy, numeric_address, parse_entry
from ..tools.guard_settings import ALLOWED_KEY, PRIVATE_KEY

OUTSIDE = "203.0.113.1"  # reserved for documentation: belongs to nobody
LOGGER = "odoo.addons.suite_base.tools.guard"


class GuardCase(TransactionCase):
    """The list is read from the test's own transaction; nothing is really sent."""

    def setUp(self):
        super().setUp()
        self.dbname = self.env.cr.dbname
        self.lookups = []
        self.addCleanup(guard.forget, self.dbname)
        guard.forget(self.dbname)
        self.enterContext(mute_logger(LOGGER))
        self.enterContext(self._policy_of_the_test())

    def _policy_of_the_test(self):
        def read(dbname):
            self.env.flush_all()
            return guard.read_policy(self.env.cr, guard.config)

        return patch.object(guard, "_read", read)

    def _allow(self, *hosts):
        self.env["ir.config_parameter"].set_param(ALLOWED_KEY, "\n".join(hosts))

    def _refused(self, call, *args):
        with self.assertRaises(guard.OutsideCallRefusedError) as caught:
            call(*args)
        return str(caught.exception)

    def _passes(self, host, port=443):
        guard.check_address(host, port)


@tagged("post_install", "-at_install")
class TestGuardSockets(GuardCase):
    """What sits in the socket module."""

    def test_connect_refused(self):
        """No connection to an outside address, by any of the ways; the message helps."""
        with closing(socket.socket()) as sock:
            message = self._refused(sock.connect, (OUTSIDE, 80))
            self.assertIn(f"{OUTSIDE}:80", message)
            self.assertIn("Settings", message)
            self.assertNotEqual(sock.connect_ex((OUTSIDE, 80)), 0)
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
            self._refused(sock.sendto, b"x", (OUTSIDE, 53))
            self._refused(sock.sendto, b"x", 0, (OUTSIDE, 53))
            self._refused(sock.sendmsg, [b"x"], [], 0, (OUTSIDE, 53))
        self._refused(socket.create_connection, (OUTSIDE, 80), 1)

    def test_other_spellings_refused(self):
        """The same address as a number, in IPv6 or as bytes is refused as well."""
        for host in ("3405803777", "0xcb007101", "::ffff:203.0.113.1", "2001:db8::1"):
            self._refused(guard.check_address, host, 80)
        self._refused(guard.check_address, "169.254.169.254", 80)

    def test_name_is_not_looked_up(self):
        """An outside name isn't even asked for; libraries see an ordinary network error."""
        for call in (socket.gethostbyname, socket.gethostbyname_ex, socket.gethostbyaddr):
            self._refused(call, "example.com")
        self._refused(socket.getaddrinfo, "example.com", 443)
        self._refused(socket.getaddrinfo, b"EXAMPLE.com.", "443")
        with self.assertRaises(socket.gaierror):
            socket.getaddrinfo("例子.测试", 80)
        session = requests.Session()
        with (
            patch.object(session, "send", requests.adapters.HTTPAdapter().send),
            self.assertRaises(requests.exceptions.ConnectionError) as caught,
        ):
            session.send(requests.Request("GET", "http://example.com/").prepare())
        self.assertIn("example.com was blocked", str(caught.exception))

    def test_loopback_passes(self):
        """The machine itself is always reachable, by address and by name."""
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = server.getsockname()[1]
            for host in ("127.0.0.1", "localhost"):
                with closing(socket.create_connection((host, port), timeout=5)):
                    pass
        socket.getaddrinfo(socket.gethostname(), None, socket.AF_UNSPEC)
        left, right = socket.socketpair()
        with closing(left), closing(right):
            left.sendall(b"x")
            self.assertEqual(right.recv(1), b"x")

    def test_helper_thread(self):
        """A thread that was started for a database is judged like it."""
        caught = []

        def call():
            try:
                socket.create_connection((OUTSIDE, 80), 1)
            except OSError as error:
                caught.append(type(error))

        thread = threading.Thread(target=call)
        thread.start()
        thread.join()
        self.assertEqual(caught, [guard.OutsideCallRefusedError])

    def test_put_in_once(self):
        """Putting the guard in again changes nothing."""
        before = (socket.socket.connect, socket.getaddrinfo)
        guard.install()
        self.assertEqual((socket.socket.connect, socket.getaddrinfo), before)


@tagged("post_install", "-at_install")
class TestGuardPolicy(GuardCase):
    """Which hosts are open."""

    def test_allowed_hosts(self):
        """Names, sub-domains, networks and ports of the list pass, at once and no more."""
        self._refused(self._passes, "203.0.113.9")
        self._allow(
            "api.example.com", "*.example.org:443", "203.0.113.8/31  # bank", "2001:db8::/32"
        )
        for host in ("api.example.com", "API.Example.COM.", "a.b.example.org", "203.0.113.9",
                     "2001:db8::5"):  # fmt: skip
            self._passes(host)
        for host in ("example.com", "xapi.example.com", "example.org", "203.0.113.10"):
            self._refused(self._passes, host)
        self._refused(self._passes, "a.example.org", 80)
        self._allow()
        guard.forget(self.dbname)
        self._refused(self._passes, "api.example.com")

    def test_found_address_passes(self):
        """The addresses that an allowed name has are open, with the same port only."""
        self._allow("api.example.com:443")
        answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (OUTSIDE, 443))]
        lookup = guard._guard_getaddrinfo(lambda *args: answer)
        self._refused(self._passes, OUTSIDE)
        self.assertEqual(lookup("api.example.com", 443), answer)
        self._passes(OUTSIDE)
        self._refused(self._passes, OUTSIDE, 80)

    def test_mail_servers_pass(self):
        """The company's own mail server is open without a list; an archived one isn't."""
        self._refused(self._passes, "smtp.example.net", 587)
        server = self.env["ir.mail_server"].create(
            {"name": "Mail", "smtp_host": "smtp.example.net", "smtp_port": 587}
        )
        self._passes("smtp.example.net", 587)
        server.active = False
        guard.forget(self.dbname)
        self._refused(self._passes, "smtp.example.net", 587)

    def test_incoming_mail_servers_pass(self):
        """The same for servers that mail is fetched from."""
        self.env["fetchmail.server"].create(
            {"name": "In", "server_type": "imap", "server": "imap.example.net"}
        )
        self._passes("imap.example.net", 993)

    def test_private_networks(self):
        """The local network is inside until the administrator closes it."""
        inside = ("10.1.2.3", "172.16.0.9", "192.168.1.20", "fd00::1", "printer")
        for host in inside:
            self._passes(host)
        self._refused(self._passes, "172.32.0.1")
        self.env["ir.config_parameter"].set_param(PRIVATE_KEY, True)
        guard.forget(self.dbname)
        for host in inside:
            self._refused(self._passes, host)
        self._passes("127.0.0.1")
        self._allow("192.168.1.20")
        self._passes("192.168.1.20")

    def test_other_databases_are_free(self):
        """A database without this addon isn't touched."""
        with patch.object(guard, "_read", lambda dbname: Policy(guarded=False)):
            guard.forget(self.dbname)
            self._passes(OUTSIDE)
            self._passes("example.com")
        self.env["ir.module.module"]._get("suite_base").state = "uninstalled"
        guard.forget(self.dbname)
        self._passes(OUTSIDE)

    def test_unreadable_list_stays_closed(self):
        """If the list can't be read, a database with the addon is closed."""
        with patch.object(guard, "_read", lambda dbname: None):
            guard.forget(self.dbname)
            self._refused(self._passes, OUTSIDE)

    def test_message_in_chinese(self):
        """The refusal is translated."""
        text = guard._REFUSED._translate("zh_CN")
        self.assertIn("允许", text)

    def test_lines(self):
        """Lines of the list are understood, or refused."""
        self.assertEqual(parse_entry("[2001:db8::1]:25").port, 25)
        self.assertEqual(parse_entry("Host.Example.com:8443").name, "host.example.com")
        for line in ("http://example.com", "a b", "a:99999", "*", "1.2.3.4/99", "a.*.com", ""):
            with self.subTest(line=line), self.assertRaises(ValueError):
                parse_entry(line)
        self.assertIsNone(numeric_address("example.com"))


@tagged("post_install", "-at_install")
class TestGuardReal(HttpCase):
    """The guard with the list read from the database as in production."""

    def test_list_of_the_database(self):
        """What the settings hold decides; the framework's own requests to itself pass."""
        self.addCleanup(guard.forget, self.env.cr.dbname)
        guard.forget(self.env.cr.dbname)
        self.assertEqual(self.url_open("/web/login").status_code, 200)
        with mute_logger(LOGGER), self.assertRaises(guard.OutsideCallRefusedError):
            guard.check_address(OUTSIDE, 443)
        self.env["ir.config_parameter"].set_param(ALLOWED_KEY, OUTSIDE)
        self.env.flush_all()
        guard.check_address(OUTSIDE, 443)
