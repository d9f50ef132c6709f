"""Running Odoo: its configuration file, its environment, its messages."""

import os
import secrets
import subprocess

from . import postgres
from .console import ProblemError
from .layout import ADDONS, DATA, HOME, LOGS, ODOO_LAUNCHER, PYTHON
from .machine import last_lines

CONF = HOME / "odoo.conf"


def write_conf():
    """Write the configuration that every command of ours gives to Odoo."""
    DATA.mkdir(parents=True, exist_ok=True)
    connection = postgres.environment()
    options = {
        "addons_path": ADDONS,
        "data_dir": DATA,
        "db_host": connection["PGHOST"],
        "db_port": connection.get("PGPORT", "5432"),
        "db_user": connection.get("PGUSER", ""),
        "db_password": connection.get("PGPASSWORD", ""),
        "http_interface": "127.0.0.1",
        "list_db": "False",
        "admin_passwd": _master_password(),
    }
    lines = [f"{name} = {value}" for name, value in options.items() if value != ""]
    CONF.write_text("\n".join(["[options]", *lines, ""]), encoding="utf-8")
    CONF.chmod(0o600)


def _master_password():
    """A secret of this checkout: the database manager is never open with a known password."""
    if CONF.exists():
        for line in CONF.read_text(encoding="utf-8").splitlines():
            if line.startswith("admin_passwd = "):
                return line.removeprefix("admin_passwd = ")
    return secrets.token_urlsafe(24)


def environment():
    """The environment of an Odoo process: our configuration, our server, no stray settings."""
    # An ODOO_RC of the caller stays: tests bring their own.
    return {"ODOO_RC": str(CONF), **os.environ, **postgres.environment()}


def arguments(*args):
    return [str(PYTHON), str(ODOO_LAUNCHER), *map(str, args)]


def run(*args, log, script=None):
    """Run Odoo to its end; a failure names the reason found in its log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    path = LOGS / log
    with open(path, "wb") as output:
        code = subprocess.run(
            arguments(*args),
            input=script.encode() if script else b"",
            stdout=output,
            stderr=output,
            env=environment(),
            cwd=HOME,
            check=False,
        ).returncode
    text = path.read_text(encoding="utf-8", errors="replace")
    failed = code or " CRITICAL " in text or "Traceback (most recent call last)" in text
    if failed:
        raise ProblemError(
            f"Odoo failed (odoo {' '.join(map(str, args))[:120]})",
            _reason(text) or last_lines(path),
            f"The whole log: {path}",
        )
    return text


def _reason(text):
    """The last line of the last traceback, or the last line that is an error."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for line in reversed(lines):
        name = line.split(":", 1)[0]
        if name.endswith(("Error", "Exception")) and " " not in name:
            return line
    errors = [line for line in lines if " ERROR " in line or " CRITICAL " in line]
    return errors[-1] if errors else ""
