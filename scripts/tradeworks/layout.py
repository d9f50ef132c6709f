"""Where things live. Everything that is made stands under HOME; nothing else is written."""

import configparser
import fcntl
import hashlib
import os
import re
from contextlib import contextmanager
from pathlib import Path

from .console import ProblemError, say

ROOT = Path(__file__).resolve().parents[2]
HOME = Path(os.environ.get("TRADEWORKS_HOME") or ROOT / ".local").resolve()
ADDONS = ROOT / "addons"
CONFIG = ROOT / "config"

VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
DATA = HOME / "data"
LOGS = HOME / "log"
ODOO_LAUNCHER = ROOT / "scripts" / "tradeworks" / "odoo_launcher.py"

#: A short name of this checkout: keeps several checkouts on one machine apart.
CHECKOUT = hashlib.sha256(str(HOME).encode()).hexdigest()[:10]

SUITE_ADDONS = ("suite_base", "crm_ext", "inventory_link", "production_order", "credit_risk")
DEMO_ADDONS = ("suite_demo",)

_NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$")


def port():
    """The port that ./scripts/serve listens on."""
    text = os.environ.get("TRADEWORKS_PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise ProblemError(
            f"TRADEWORKS_PORT is {text!r}",
            "A port is a number from 1 to 65535.",
            "Set it to a free port, for example: TRADEWORKS_PORT=8070 ./scripts/serve",
        )
    return int(text)


def check_database_name(name):
    """Refuse a name that PostgreSQL, Odoo or a file system would stumble on."""
    if not _NAME.match(name or ""):
        raise ProblemError(
            f"{name!r} can't be a database name",
            "A name has letters, digits, '_', '-' or '.', and at most 63 characters.",
            "Choose another name, for example: ./scripts/db trial --demo",
        )
    if name.startswith("tw_") or name in {"postgres", "template0", "template1"}:
        raise ProblemError(
            f"The name {name!r} is taken by the system",
            "Databases whose names start with 'tw_' are templates that the scripts make.",
            "Choose another name.",
        )
    return name


def existing_server():
    """Connection of a PostgreSQL server that the user already has, or None for our own.

    PGHOST wins; else `db_host` in config/odoo.conf. Returned as libpq variables.
    """
    if os.environ.get("PGHOST"):
        keys = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
        return {key: os.environ[key] for key in keys if os.environ.get(key)}
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(CONFIG / "odoo.conf", encoding="utf-8")
    options = dict(parser["options"]) if parser.has_section("options") else {}
    names = {
        "PGHOST": "db_host",
        "PGPORT": "db_port",
        "PGUSER": "db_user",
        "PGPASSWORD": "db_password",
    }
    found = {
        variable: options[option].strip()
        for variable, option in names.items()
        if options.get(option, "").strip().lower() not in ("", "false", "none")
    }
    return found if "PGHOST" in found else None


def digest(*parts):
    """Short stable name of anything printable, for stamps and template names."""
    return hashlib.sha256("\x00".join(map(str, parts)).encode()).hexdigest()[:12]


def tree_digest(*folders):
    """Digest of the files of folders: what decides whether a template is still true."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and "tests" not in path.parts:
                total.update(str(path.relative_to(folder)).encode())
                total.update(path.read_bytes())
    return total.hexdigest()[:12]


def stamped(folder, key):
    """True when `folder` was finished for exactly this key (a killed step leaves no stamp)."""
    stamp = folder / ".done"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == key


def put_stamp(folder, key):
    (folder / ".done").write_text(key, encoding="utf-8")


@contextmanager
def exclusive(name):
    """One process at a time does `name` in this checkout; the others wait and are told."""
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / f"{name}.lock", "w", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  … another command is busy with the {name} of this checkout: waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
