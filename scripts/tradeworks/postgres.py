"""A private PostgreSQL server on a socket, or the one that the user already has.

Our own server listens on no network port; its files stand under HOME, or, when the account that
runs it can't reach HOME (a clone inside root's home), under /var/lib/tradeworks.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from . import machine
from .console import ProblemError, say, step
from .layout import CHECKOUT, HOME, exclusive, existing_server

BIN = Path("/usr/lib/postgresql/15/bin")
ROLE = "tradeworks"
#: PostgreSQL refuses socket paths longer than 107 bytes.
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432")

SETTINGS = """
# Written by scripts/tradeworks/postgres.py
listen_addresses = ''
unix_socket_directories = '{socket}'
max_connections = 200
shared_buffers = 512MB
work_mem = 16MB
maintenance_work_mem = 256MB
# A power cut may lose the last half second of work, never the database itself.
synchronous_commit = off
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_min_messages = warning
"""


def _account():
    """The account that runs the server: who made its files, and never root, which it refuses."""
    if os.geteuid():
        return pwd.getpwuid(os.geteuid()).pw_name
    data = HOME / "postgres" / "data"
    if data.exists() and data.stat().st_uid:
        return pwd.getpwuid(data.stat().st_uid).pw_name
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError as error:
        raise ProblemError(
            "There is no account 'postgres' on this machine",
            "The database server must not run as root.",
            "Install Debian's postgresql-15 (it makes the account), or run as another user.",
        ) from error


def folder():
    """Where the server's files stand."""
    home = HOME / "postgres"
    if os.geteuid() == 0 and not (home / "data").exists():
        other = Path("/var/lib/tradeworks") / CHECKOUT
        if (other / "data").exists() or not machine.writable_by_other(_account(), home):
            return other
    return home


def socket_folder():
    inside = folder() / "run"
    return inside if len(str(inside)) <= SOCKET_LIMIT else Path("/tmp") / f"tradeworks-{CHECKOUT}"  # noqa: S108


def environment():
    """libpq variables with which every command of ours reaches the server."""
    given = existing_server()
    if given is not None:
        return given
    return {"PGHOST": str(socket_folder()), "PGPORT": "5432", "PGUSER": ROLE}


def psql(database, statement, check=True):
    """Run one statement and return its rows as lines of text."""
    done = subprocess.run(
        [_client("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database]
        + ["-c", statement],
        capture_output=True,
        text=True,
        env={**os.environ, **environment()},
        check=False,
    )
    if done.returncode and check:
        raise ProblemError(
            "PostgreSQL refused a statement",
            done.stderr.strip(),
            "See the message above; the server's log is " + str(folder() / "server.log"),
        )
    return done.stdout.splitlines()


def _client(name):
    own = BIN / name
    return str(own) if own.exists() else name


def running():
    if existing_server() is not None:
        return True
    done = subprocess.run(
        [_client("pg_isready"), "-q", "-h", str(socket_folder()), "-p", "5432"],
        check=False,
        capture_output=True,
    )
    return done.returncode == 0


def ensure():
    """Make the server if it's missing and start it; True when this call started it."""
    if existing_server() is not None:
        _check_existing()
        return False
    if running():
        return False
    with exclusive("postgres"):
        if running():
            return False
        _initialise()
        with step("PostgreSQL (private, on a socket)"):
            _start()
    return True


def _check_existing():
    if not shutil.which(_client("psql")):
        raise ProblemError(
            "There is no psql on this machine",
            "The commands talk to your PostgreSQL server with it.",
            "Install PostgreSQL's client programs (Debian: postgresql-client).",
        )
    rows = psql("postgres", "SELECT current_setting('server_version_num')::int", check=False)
    if not rows:
        raise ProblemError(
            f"The PostgreSQL server at {environment()['PGHOST']} doesn't answer",
            "PGHOST or config/odoo.conf (db_host) names it, so no server of our own is used.",
            "Start it, correct the name, or unset PGHOST to use a private server.",
        )
    if int(rows[0]) < 130000:
        raise ProblemError(
            f"The PostgreSQL server at {environment()['PGHOST']} is too old",
            f"Its version number is {rows[0]}; Odoo 19 needs 13 or newer.",
            "Upgrade it, or unset PGHOST to use a private server.",
        )


def _as_account(arguments):
    account = _account()
    arguments = list(map(str, arguments))
    if os.geteuid():
        return arguments
    return ["setpriv", "--reuid", account, "--regid", account, "--init-groups", *arguments]


def _own(path):
    """Give a folder to the server's account; nobody else may look in."""
    path.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(path, _account(), _account())
    path.chmod(0o700)


def _initialise():
    base = folder()
    data = base / "data"
    if not (data / "READY").exists():
        with step("PostgreSQL database cluster"):
            base.mkdir(parents=True, exist_ok=True)
            if os.geteuid() == 0:
                # A strict umask must not keep the server's account out of its own folder.
                if base.parent != HOME:
                    base.parent.chmod(0o755)
                shutil.chown(base, _account(), _account())
            shutil.rmtree(data, ignore_errors=True)
            _own(data)
            command = [BIN / "initdb", "-D", data, "-U", "postgres", "--auth=trust"]
            command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
            _check_run(_as_account(command), "initdb")
            (data / "READY").touch()
    settings = SETTINGS.format(socket=socket_folder())
    (data / "tradeworks.conf").write_text(settings, encoding="utf-8")
    main = data / "postgresql.conf"
    if "tradeworks.conf" not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as handle:
            handle.write("\ninclude 'tradeworks.conf'\n")


def _start():
    base = folder()
    _own(socket_folder())
    command = [BIN / "pg_ctl", "-D", base / "data", "-l", base / "server.log", "-w", "-t", "90"]
    _check_run(_as_account([*command, "start"]), "start", base / "server.log")
    role = (
        f"DO $$BEGIN CREATE ROLE {ROLE} LOGIN CREATEDB; EXCEPTION WHEN duplicate_object THEN END$$"
    )
    _check_run(
        [BIN / "psql", "-X", "-q", "-h", socket_folder(), "-U", "postgres", "-c", role, "postgres"],
        "make the role",
    )


def _check_run(arguments, what, log=None):
    # Files, not pipes: the server would inherit a pipe and never let it end.
    with open(HOME / "postgres-command.log", "w+", encoding="utf-8") as output:
        code = subprocess.run(
            list(map(str, arguments)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            check=False,
        ).returncode
    if code:
        source = log if log and Path(log).exists() else output.name
        raise ProblemError(
            f"PostgreSQL: {what} failed",
            machine.last_lines(source),
            f"See {source}. The server runs as '{_account()}' on the files in {folder()}.",
        )


def stop():
    """Stop our own server at once (open work is rolled back, nothing committed is lost)."""
    if existing_server() is None and running():
        command = [BIN / "pg_ctl", "-D", folder() / "data", "-m", "fast", "-w", "stop"]
        _check_run(_as_account(command), "stop")


@contextmanager
def session():
    """The server for as long as a command runs; the last such command stops what one started.

    A server that `./scripts/setup`, `db` or `odoo` left running stays: people work with it.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "postgres-users.lock", "w", encoding="utf-8") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        started = ensure()
        mark = HOME / "postgres-stop-when-free"
        if started:
            mark.touch()
        try:
            yield
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                if mark.exists():
                    mark.unlink()
                    stop()


def keep_running():
    """A command that leaves the server to its user: nobody's end may stop it any more."""
    (HOME / "postgres-stop-when-free").unlink(missing_ok=True)


def write_psql():
    """`.local/psql DB`: a client that is already pointed at the server."""
    script = HOME / "psql"
    exports = "\n".join(f"export {k}='{v}'" for k, v in environment().items() if k != "PGPASSWORD")
    script.write_text(f'#!/bin/sh\n{exports}\nexec {_client("psql")} "$@"\n', encoding="utf-8")
    script.chmod(0o755)


def wait_for_exit(process, seconds):
    """Wait for a child to end; kill it when it doesn't."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    if process.poll() is None:
        process.kill()
        say("  ! the server didn't stop by itself and was killed")
    return process.wait()
