"""Odoo's own tests of the modules that we touch, with our addons installed.

What already fails on a plain build with demo data (config/core-known.txt) is no news; everything
else is. Takes about ten minutes, so it isn't part of the default run.
"""

import re
import subprocess

from . import database, odoo_process, postgres, python_env, setup
from .console import ProblemError, say, step
from .layout import ADDONS, CONFIG, LOGS, SUITE_ADDONS

MODULES = ("sale_stock", "sale_mrp", "purchase_stock", "sale_crm", "crm", "sale_purchase")
#: Hangs on a plain build too: its clock is frozen while a browser waits.
LEFT_OUT = ("/purchase_stock:TestPurchaseOrderSuggest",)
FAILURE = re.compile(r"\b(?:FAIL|ERROR): (\w+\.\w+)")


def run():
    """0 when nothing fails that didn't fail before us."""
    setup.ensure_tools()
    python_env.ensure_test_tools()
    with postgres.session():
        name = f"{database.PREFIX}_core"
        _make(name)
        say(f"Odoo's own tests of {', '.join(MODULES)} …")
        text = _test(name)
    failed = sorted(set(FAILURE.findall(text)))
    known = set((CONFIG / "core-known.txt").read_text(encoding="utf-8").split())
    news = [test for test in failed if test not in known]
    counted = re.findall(r"(\d+) tests? .*?post-tests|odoo\.tests\.result: .* of (\d+) tests", text)
    total = max((int(number) for pair in counted for number in pair if number), default=0)
    if not total:
        raise ProblemError("Odoo ran no test", "", f"See {LOGS / 'core.log'}")
    for test in failed:
        say(f"  {'✗ new' if test in news else '· known'}  {test}")
    say(f"{total - len(failed)} passed, {len(news)} failed, {len(failed) - len(news)} known")
    return 1 if news else 0


def _make(name):
    """Stock modules with Odoo's demo data, then our addons: as an existing customer would."""
    with step("Odoo's modules with demo data, and our addons"):
        database.drop(name)
        postgres.psql(
            "postgres",
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'",
        )
        stop = ("--stop-after-init", "--no-http", "--max-cron-threads=0")
        modules = ",".join(dict.fromkeys((*database.STOCK_MODULES, *MODULES)))
        odoo_process.run("-d", name, "-i", modules, "--with-demo", *stop, log="core-stock.log")
        ours = ",".join(addon for addon in SUITE_ADDONS if (ADDONS / addon).exists())
        odoo_process.run("-d", name, "-i", ours, *stop, log="core-ours.log")


def _test(name):
    tags = [f"/{module}" for module in MODULES] + [f"-{left}" for left in LEFT_OUT]
    log = LOGS / "core.log"
    with open(log, "wb") as output:
        subprocess.run(
            odoo_process.arguments(
                *("-d", name, "-u", ",".join(MODULES), "--test-tags", ",".join(tags)),
                *("--stop-after-init", "--max-cron-threads=0", "--http-port=8068"),
                "--log-level=info",
            ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=odoo_process.environment(),
            check=False,
        )
    return log.read_text(encoding="utf-8", errors="replace")
