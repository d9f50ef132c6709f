"""Databases: cached templates and quick copies of them.

Three templates, each built on the one before: `stock` (the Odoo modules that ours stand on, with
Chinese), `base` (plus our addons) and `demo` (plus the demo company). A template's name carries a
digest of what went into it, so it's remade exactly when that changes. A template under
construction has another name: a killed set-up leaves nothing that looks finished.
"""

import os
import shutil

from . import odoo_process, odoo_tree, postgres
from .console import ProblemError, step
from .layout import (
    ADDONS,
    CHECKOUT,
    DATA,
    DEMO_ADDONS,
    SUITE_ADDONS,
    check_database_name,
    digest,
    exclusive,
    tree_digest,
)

STOCK_MODULES = (
    "crm",
    "l10n_cn",
    "mrp_account",
    "mrp_subcontracting_purchase",
    "purchase_mrp",
    "purchase_requisition",
    "sale_crm",
    "sale_management",
    "sale_mrp",
    "sale_purchase_stock",
    "stock_picking_batch",
)
#: The first one is the language of new records; both are ready to be chosen.
LANGUAGES = "en_US,zh_CN"
PREFIX = f"tw_{CHECKOUT[:6]}"
#: Bundles are made once here: the first page of every copy then opens at once.
PREGENERATE = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


def _key(kind):
    stock = digest(odoo_tree.version_key(), STOCK_MODULES, LANGUAGES)
    if kind == "stock":
        return stock
    suite = [ADDONS / name for name in SUITE_ADDONS]
    if kind == "demo":
        suite += [ADDONS / name for name in DEMO_ADDONS]
    return digest(stock, tree_digest(*[path for path in suite if path.exists()]))


def template_name(kind):
    return f"{PREFIX}_{kind}_{_key(kind)}"


def names():
    return set(postgres.psql("postgres", "SELECT datname FROM pg_database"))


def exists(name):
    return name in names()


def drop(name):
    """Drop a database and its files; whoever is connected is sent away."""
    postgres.psql("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(DATA / "filestore" / name, ignore_errors=True)


def template(kind):
    """The name of the template of this kind, made first when it's missing."""
    name = template_name(kind)
    if exists(name):
        return name
    with exclusive(f"template-{kind}"):
        if not exists(name):
            _make_template(kind, name)
    return name


def _make_template(kind, name):
    part = f"{name}_part"
    build, title = {
        "stock": (_build_stock, "Odoo's own modules in a template database"),
        "base": (_build_base, "Our addons in a template database"),
        "demo": (_build_demo, "The demo company"),
    }[kind]
    below = {"base": "stock", "demo": "base"}.get(kind)
    source = template(below) if below else None
    with step(title):
        drop(part)
        if source:
            copy(source, part)
        build(part)
        _finish(part, name)
    _drop_stale(kind, name)


def _finish(part, name):
    """The name that others look for comes last: what has it is whole."""
    _move_files(part, name)
    postgres.psql("postgres", f'ALTER DATABASE "{part}" RENAME TO "{name}"')


def _build_stock(name):
    postgres.psql(
        "postgres",
        f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'",
    )
    postgres.psql(name, "CREATE EXTENSION IF NOT EXISTS pg_trgm", check=False)
    _install(name, STOCK_MODULES, f"--load-language={LANGUAGES}")


def _build_base(name):
    present = [addon for addon in SUITE_ADDONS if (ADDONS / addon).exists()]
    _install(name, present)
    odoo_process.run("shell", "-d", name, "--no-http", log="assets.log", script=PREGENERATE)


def _build_demo(name):
    _install(name, DEMO_ADDONS)
    odoo_process.run("shell", "-d", name, "--no-http", log="assets.log", script=PREGENERATE)


def _install(name, modules, *more):
    odoo_process.run(
        "-d",
        name,
        "-i",
        ",".join(modules),
        "--stop-after-init",
        "--no-http",
        "--max-cron-threads=0",
        *more,
        log=f"install-{name}.log",
    )


def copy(source, target):
    """Copy a database and its files (hard links: Odoo never changes a stored file)."""
    try:
        postgres.psql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    except ProblemError as problem:
        if "being accessed by other users" not in problem.why:
            raise
        postgres.psql(
            "postgres",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{source}' AND pid <> pg_backend_pid()",
        )
        postgres.psql("postgres", f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    files = DATA / "filestore" / source
    if files.exists():
        shutil.rmtree(DATA / "filestore" / target, ignore_errors=True)
        shutil.copytree(files, DATA / "filestore" / target, copy_function=_link)
    postgres.psql(
        target,
        "UPDATE ir_config_parameter SET value = gen_random_uuid()::text "
        "WHERE key IN ('database.uuid', 'database.secret')",
        check=False,
    )


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _move_files(source, target):
    files = DATA / "filestore" / source
    if files.exists():
        shutil.rmtree(DATA / "filestore" / target, ignore_errors=True)
        files.rename(DATA / "filestore" / target)


def _drop_stale(kind, current):
    for name in names():
        if name.startswith(f"{PREFIX}_{kind}_") and name != current:
            drop(name)


def create(name, demo=False, stock=False):
    """Make database `name` afresh (an old one of that name is replaced)."""
    check_database_name(name)
    if demo and not all((ADDONS / addon).exists() for addon in DEMO_ADDONS):
        raise ProblemError(
            "The demo company isn't in this checkout", "addons/suite_demo is missing."
        )
    source = template("stock" if stock else "demo" if demo else "base")
    with step(f"Database {name}"):
        part = f"{PREFIX}_new_{name}"[:63]
        drop(name)
        drop(part)
        copy(source, part)
        _finish(part, name)


def in_use(name):
    """How many connections a database has: refuse to replace one that people work in."""
    rows = postgres.psql(
        "postgres", f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    return int(rows[0])
