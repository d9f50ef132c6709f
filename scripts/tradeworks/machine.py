"""What the machine must have: Debian packages, disk, network, free ports."""

import glob
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from .console import ProblemError, step
from .layout import HOME, LOGS

#: Debian package → a file (or pattern of one) that shows it is there.
SERVE_PACKAGES = {
    "postgresql-15": "/usr/lib/postgresql/15/bin/initdb",
    "postgresql-client-15": "/usr/lib/postgresql/15/bin/psql",
    "python3-venv": None,
    "ca-certificates": "/etc/ssl/certs/ca-certificates.crt",
    # Printing: WeasyPrint draws with Pango, in fonts that know Chinese.
    "libpango-1.0-0": "/usr/lib/*/libpango-1.0.so.0",
    "libpangoft2-1.0-0": "/usr/lib/*/libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "/usr/lib/*/libharfbuzz-subset.so.0",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
}
#: Not needed where the user's own database server is used.
SERVER_PACKAGES = ("postgresql-15", "postgresql-client-15")
TEST_PACKAGES = {"chromium": "/usr/bin/chromium"}
PYTHON_VERSION = (3, 11)
DISK_NEEDED = 3 * 1024**3


def as_root(arguments):
    """The command with root's rights, or None when there is no way to get them."""
    if os.geteuid() == 0:
        return arguments
    if shutil.which("sudo"):
        return ["sudo", *arguments]
    return None


def check_python():
    if sys.version_info[:2] != PYTHON_VERSION:
        raise ProblemError(
            f"python3 is {sys.version.split()[0]}",
            "The Python packages are locked, with their hashes, for Python 3.11.",
            "Run with Debian 12's own: PATH=/usr/bin:$PATH ./scripts/serve",
        )


def check_disk():
    """Set-up needs about 2 GiB; a database server that runs out of disk is worse than a no."""
    HOME.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(HOME).free
    if free < DISK_NEEDED:
        raise ProblemError(
            f"Only {free / 1024**3:.1f} GiB are free on the disk of {HOME}",
            "Odoo, its Python packages and the databases need 3 GiB.",
            "Free some space, or put them elsewhere: TRADEWORKS_HOME=/big/disk ./scripts/setup",
        )


def _has_venv():
    try:
        import ensurepip  # noqa: F401, PLC0415 - its absence is what Debian splits off
    except ImportError:
        return False
    return True


def serve_packages(own_server):
    """What serving needs; the database server only when we run one ourselves."""
    return {
        name: sign
        for name, sign in SERVE_PACKAGES.items()
        if own_server or name not in SERVER_PACKAGES
    }


def missing_packages(wanted):
    return [
        name
        for name, sign in wanted.items()
        if not (_has_venv() if sign is None else glob.glob(sign))
    ]


def install_packages(wanted, title):
    """Install the Debian packages that are missing; say so when that isn't possible."""
    missing = missing_packages(wanted)
    if not missing:
        return
    todo = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if not shutil.which("apt-get"):
        raise ProblemError(
            f"Missing: {', '.join(missing)}",
            "This machine has no apt-get, so they can't be installed for you.",
            "Install PostgreSQL 15 and the like with your system's own means, then run again.",
        )
    if as_root([]) is None:
        raise ProblemError(
            f"Missing Debian packages: {', '.join(missing)}",
            "Installing them needs root, and there is no sudo here.",
            f"As root, run: {todo}",
        )
    with step(title) as this, _no_stray_cluster(missing):
        _apt(["update"])
        _apt(["install", "-y", "--no-install-recommends", *missing])
        this.note(" ".join(missing))


class _no_stray_cluster:
    """Debian's PostgreSQL package would make and start a server of its own; we start ours."""

    folder = Path("/etc/postgresql-common/createcluster.d")

    def __init__(self, missing):
        self.needed = "postgresql-15" in missing
        self.file = self.folder / "tradeworks.conf"

    def __enter__(self):
        if self.needed:
            script = f"mkdir -p {self.folder} && echo create_main_cluster=false > {self.file}"
            subprocess.run(as_root(["sh", "-c", script]), check=False)

    def __exit__(self, *exc):
        if self.needed:
            subprocess.run(as_root(["rm", "-f", str(self.file)]), check=False)


def _apt(arguments):
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "apt.log"
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    with open(log, "ab") as output:
        code = subprocess.run(
            as_root(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *arguments]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            check=False,
        ).returncode
    if code:
        raise ProblemError(
            f"apt-get {arguments[0]} failed",
            last_lines(log),
            "Check that this machine reaches its Debian mirror, then run again; "
            f"the whole log: {log}",
        )


def last_lines(log, count=3):
    """The last words of a log, on one line, for a problem's 'Why'."""
    lines = Path(log).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return " | ".join(line.strip() for line in lines[-count:])


def check_port_free(port, variable="TRADEWORKS_PORT"):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise ProblemError(
                f"Port {port} is taken on this machine",
                "Another program listens there (perhaps another checkout of Tradeworks).",
                f"Stop it, or choose another: {variable}={port + 1} ./scripts/serve",
            ) from error


def writable_by_other(user, folder):
    """Can `user` reach and write `folder`? (A clone in root's home can't be reached.)"""
    folder.mkdir(parents=True, exist_ok=True)
    probe = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "test", "-x", folder]
    return subprocess.run(list(map(str, probe)), check=False).returncode == 0


def scratch():
    HOME.mkdir(parents=True, exist_ok=True)
    return tempfile.mkdtemp(prefix="part-", dir=HOME)
