"""The running suite with the demo company: one server process on this machine only."""

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request

from . import database, machine, odoo_process, postgres, setup
from .console import ProblemError, say, step
from .layout import ADDONS, LOGS, SUITE_ADDONS, port, tree_digest

DATABASE = "tradeworks"
PASSWORD = "demo"  # noqa: S105 - printed for everyone: the demo company on 127.0.0.1
#: Login → what this person does (users.csv of suite_demo makes them).
ROLES = {
    "sales": "salesperson: customers, quotations, promise dates",
    "manager": "sales manager: the team's pipeline and pools",
    "finance": "finance: receivables; reads orders, can't change them",
    "credit": "credit controller: hold queue, release",
    "creditmanager": "credit manager: limits and policies",
    "planner": "planner: purchase and production plan",
    "warehouse": "warehouse: receipts, shipments and their locks",
    "production": "production: production orders by readiness",
    "owner": "owner: everything, decisions and ledger",
}
START_LIMIT = 120


class _StopRequestError(Exception):
    """SIGTERM or a closed terminal: end like Ctrl-C does."""


def _stop_request(_number, _frame):
    raise _StopRequestError


def run(name=DATABASE, fresh=False):
    """Set up what is missing, serve until Ctrl-C, stop everything this call started."""
    machine.check_python()
    number = port()
    machine.check_port_free(number)
    for number_of_signal in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number_of_signal, _stop_request)
    say("Tradeworks")
    try:
        setup.ensure_tools()
        with postgres.session():
            _prepare(name, fresh)
            _serve(name, number)
    except _StopRequestError:
        say("Stopped.")
    return 0


def _prepare(name, fresh):
    """The database that is served: made from the demo template once, then kept and updated."""
    if fresh or not database.exists(name):
        database.create(name, demo=True)
        _remember(name)
    elif _remembered(name) != _addons_key():
        with step("Bringing the database up to this version"):
            odoo_process.run(
                "-d",
                name,
                "-u",
                ",".join(SUITE_ADDONS),
                "--stop-after-init",
                "--no-http",
                log="upgrade.log",
            )
        _remember(name)


def _addons_key():
    return tree_digest(*[ADDONS / addon for addon in SUITE_ADDONS])


def _remembered(name):
    query = "SELECT value FROM ir_config_parameter WHERE key = 'tradeworks.addons_digest'"
    return "".join(postgres.psql(name, query))


def _remember(name):
    key = _addons_key()
    postgres.psql(
        name,
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('tradeworks.addons_digest', '{key}') "
        f"ON CONFLICT (key) DO UPDATE SET value = '{key}'",
    )


def start(name, number, log, *more):
    """Start an Odoo server on this machine's own address; it logs to `log`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    arguments = odoo_process.arguments(
        *("-d", name, f"--db-filter=^{name}$", "--http-interface=127.0.0.1"),
        *(f"--http-port={number}", "--max-cron-threads=1", "--limit-time-real=600", *more),
    )
    with open(LOGS / log, "wb") as output:
        # Its own group: Ctrl-C reaches us first, and we end it in good order.
        return subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=odoo_process.environment(),
            cwd=LOGS.parent,
            start_new_session=True,
        )


def wait_until_up(process, number, log):
    """Return when the server answers; tell why when it doesn't."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ProblemError(
                "Odoo ended while starting",
                machine.last_lines(LOGS / log),
                f"The whole log: {LOGS / log}",
            )
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{number}/web/login", timeout=60):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise ProblemError(
        f"Odoo doesn't answer after {START_LIMIT} s",
        machine.last_lines(LOGS / log),
        f"The whole log: {LOGS / log}",
    )


def stop(process):
    """End a server of `start`: politely, then for good."""
    if process.poll() is None:
        process.terminate()
        postgres.wait_for_exit(process, 15)


def _serve(name, number):
    """Serve until Ctrl-C; whatever ends this also ends the server."""
    process = None
    try:
        with step("Server"):
            process = start(name, number, "serve.log")
            wait_until_up(process, number, "serve.log")
        _print_logins(name, number)
        code = process.wait()
        raise ProblemError(
            f"Odoo ended by itself (code {code})",
            machine.last_lines(LOGS / "serve.log"),
            f"Start again; the whole log: {LOGS / 'serve.log'}",
        )
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if process is not None:
            stop(process)
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _print_logins(name, number):
    logins = set(postgres.psql(name, "SELECT login FROM res_users WHERE active"))
    say()
    say(f"  Open  http://127.0.0.1:{number}/odoo")
    say()
    say(f"  {'login':<15}{'password':<11}role")
    for login, role in ROLES.items():
        if login in logins:
            say(f"  {login:<15}{PASSWORD:<11}{role}")
    say()
    say(f"  Ctrl-C stops everything. Log: {os.path.relpath(LOGS / 'serve.log')}")
