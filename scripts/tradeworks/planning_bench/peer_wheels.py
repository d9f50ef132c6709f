"""The peer's wheels: OCA's mrp_multi_level, from PyPI when the benchmark runs.

They go into our home and are never a dependency; only free licences are run.
"""

import subprocess
from email import message_from_string
from pathlib import Path

PACKAGES = (
    "odoo-addon-mrp-multi-level",
    "odoo-addon-mrp-warehouse-calendar",
    "odoo-addon-stock-warehouse-calendar",
)
FREE = ("LGPL", "AGPL", "GPL")


def fetch(python, folder, packages=PACKAGES):
    """Download the peer into a folder; ``{name: version, licence}`` of its packages.

    :raise OSError: PyPI can't be reached, or a package isn't under a free licence
    """
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "--no-deps", "--upgrade", "--target", folder]
        + [f"{name}==19.*" for name in packages],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OSError(done.stderr.strip().splitlines()[-1] if done.stderr else "pip failed")
    return {
        data["Name"]: {"version": data["Version"], "licence": _licence(data)}
        for data in map(_metadata, sorted(Path(folder).glob("odoo_addon_*.dist-info")))
    }


def _metadata(folder):
    return message_from_string((folder / "METADATA").read_text(encoding="utf-8"))


def _licence(data):
    licence = data["License-Expression"] or data["License"] or ""
    if not licence.startswith(FREE):
        raise OSError(f"{data['Name']} is under {licence or 'no licence'}: not run")
    return licence
