"""Odoo 19 from Debian's package: downloaded with an apt list of our own, unpacked, not installed.

The machine's own apt state isn't touched and Debian's signature is checked. ODOO_HOME names a
tree that the user already has (a git checkout or the official image) and wins.
"""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from .console import ProblemError, say, step
from .layout import CONFIG, HOME, LOGS, digest, put_stamp, stamped
from .machine import last_lines

TREE = HOME / "odoo"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
STUB = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
LOCK = json.loads((CONFIG / "odoo.lock.json").read_text(encoding="utf-8"))


def packages_folder():
    """The folder that goes on Python's path so that `import odoo` finds Odoo."""
    given = os.environ.get("ODOO_HOME")
    if not given:
        return TREE / "usr/lib/python3/dist-packages"
    for candidate in (Path(given), Path(given) / "usr/lib/python3/dist-packages"):
        if (candidate / "odoo" / "release.py").is_file():
            return candidate.resolve()
    raise ProblemError(
        f"ODOO_HOME is {given}, but no odoo/release.py is in it",
        "It must name a folder that holds Odoo 19's Python package 'odoo'.",
        "Correct ODOO_HOME, or unset it: Odoo is then downloaded.",
    )


def version_key():
    """Changes when another build of Odoo is used: templates depend on it."""
    release = packages_folder() / "odoo" / "release.py"
    return digest(release.read_text(encoding="utf-8"), LOCK["version"])


def ensure():
    if os.environ.get("ODOO_HOME"):
        packages_folder()
        return
    key = digest(json.dumps(LOCK, sort_keys=True))
    if stamped(TREE, key) and (TREE / "usr").is_dir():
        return
    with step("Odoo 19 from Debian's package") as this:
        part = HOME / "odoo.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        downloads = HOME / "downloads"
        version = _download(downloads)
        for package in sorted(downloads.glob("*.deb")):
            _run(["dpkg", "-x", package, part], "unpack")
        _mend(part)
        shutil.rmtree(TREE, ignore_errors=True)
        part.rename(TREE)
        put_stamp(TREE, key)
        shutil.rmtree(downloads)
        this.note(version)


def _download(downloads):
    """Fetch Odoo and one font from sid, the other assets from the machine's own suite."""
    downloads.mkdir(parents=True, exist_ok=True)
    for old in downloads.glob("*.deb"):
        old.unlink()
    own = _own_lists()
    _run(["apt-get", *own, "update"], "update")
    _run(["apt-get", *own, "download", *LOCK["from_sid"]], "download", cwd=downloads)
    # The machine's lists may be absent on a bare image: take the assets from a list of our own.
    stable = _own_lists(LOCK["suite"])
    _run(["apt-get", *stable, "update"], "update")
    _run(["apt-get", *stable, "download", *LOCK["from_stable"]], "download", cwd=downloads)
    archive = next(downloads.glob("odoo-19_*.deb"))
    version = archive.name.split("_")[1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if version == LOCK["version"] and found != LOCK["sha256"]:
        raise ProblemError(
            f"{archive.name} isn't the file that this version of Tradeworks was tested with",
            f"Its SHA-256 is {found}, expected {LOCK['sha256']}.",
            "Don't use it. Try again later or from another mirror; if it stays, tell us.",
        )
    if version != LOCK["version"]:
        say(f"  ! Debian now has Odoo {version}; Tradeworks was tested with {LOCK['version']}.")
    return version


def _own_lists(suite="sid"):
    """apt options for a package list of our own, beside the machine's."""
    apt = HOME / "apt" / suite
    for name in ("lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True, exist_ok=True)
    signed = f"[signed-by={KEYRING}] " if Path(KEYRING).exists() else ""
    (apt / "sources.list").write_text(f"deb {signed}{_mirror()} {suite} main\n", encoding="utf-8")
    return [
        "-q",
        "-o",
        f"Dir::Etc::SourceList={apt}/sources.list",
        "-o",
        "Dir::Etc::SourceParts=/dev/null",
        "-o",
        f"Dir::State::Lists={apt}/lists",
        "-o",
        f"Dir::Cache={apt}/cache",
        "-o",
        "APT::Sandbox::User=root",
        # A mirror or clock that lags does no harm: the signature is still checked, and the build
        # of Odoo that we know is checked by its SHA-256.
        "-o",
        "Acquire::Check-Valid-Until=false",
        "-o",
        "Acquire::Check-Date=false",
    ]


def _mirror():
    """The Debian mirror that this machine itself uses."""
    command = ["apt-get", "indextargets", "--format", "$(REPO_URI) $(LABEL)"]
    command.append("Created-By: Packages")
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    for line in found.splitlines():
        uri, _space, label = line.partition(" ")
        if label == "Debian":
            return uri
    for line in found.splitlines():
        return line.split()[0]
    raise ProblemError(
        "This machine has no Debian package source",
        "Odoo 19 is taken from Debian's archive through the machine's own mirror.",
        "Add Debian's source to /etc/apt, or give an Odoo 19 tree: ODOO_HOME=/path/to/odoo",
    )


def _run(arguments, what, cwd=None):
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "odoo-download.log"
    with open(log, "ab") as output:
        done = subprocess.run(
            list(map(str, arguments)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=cwd,
            check=False,
        )
    if done.returncode:
        raise ProblemError(
            f"Odoo 19 could not be had ({what})",
            last_lines(log),
            "Check the network to the Debian mirror and run again (what is done is kept). "
            f"Without a network: ODOO_HOME=/path/to/odoo. Log: {log}",
        )


def _mend(tree):
    """What the package leaves out: a script without which every page of the mail addon fails."""
    stub = tree / "usr/lib/python3/dist-packages/odoo/addons" / STUB
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text("", encoding="utf-8")
