"""Rules for every file: nothing of the maker's machine, no old forms, nothing unfinished."""

import re

import pytest
from quality import tree

MAX_LINES = 400
#: Written in pieces, so that this file doesn't hold what it forbids.
REGISTRIES = [
    ("deb", "debian", "org"),
    ("ftp", "debian", "org"),
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("registry", "npmjs"),
    ("registry", "yarnpkg"),
    ("hub", "docker", "com"),
]
MACHINE_FOLDERS = ("work", "farm", "root")
UNFINISHED = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")
OLD_FORMS = {
    r"_sql_constraints": "models.Constraint or models.UniqueIndex",
    r"<tree": "<list>",
    r"\battrs\s*=\s*[\"']": "invisible=, readonly=, required=",
    r"view_mode.*\btree\b": "list",
    r"\bgroups_id\b": "group_ids",
    r"procurement\.group": "stock.reference and stock.rule.run",
    r"type\s*=\s*[\"']json[\"']\s*[,)]": 'type="jsonrpc"',
    r"odoo\.osv": "odoo.fields.Domain",
    r"\bself\._(cr|uid|context)\b": "self.env.cr, self.env.uid, self.env.context",
    r"\b(numbercall|doall)\b": "nothing: crons of Odoo 19 have no such field",
    r"\bdef name_get\b": "_compute_display_name",
    r"(?<![_\w])read_group\(": "_read_group or formatted_read_group",
    r"t-name=[\"']kanban-box[\"']": 't-name="card"',
    r"\b_t\(\s*`[^`]*\$\{": '_t("… %s", value)',
}
BYPASS = r"context\.get\(\s*[\"'](bypass|skip|force|no|without|ignore)(_[a-z_]*)?[\"']"
VACUOUS = (
    r"assertTrue\([^()]*, *[^\"')][^)]*\)$",
    r"assertTrue\(True\)",
    r"\bassert True$",
)
SKIPS = r"skipTest\(|@unittest\.skip|pytest\.mark\.skip|pytest\.skip\("


def test_no_registry_host_is_named():
    """Every mirror and index comes from the machine's own settings."""
    hosts = "|".join(re.escape(".".join(parts)) for parts in REGISTRIES)
    found = tree.grep(hosts, tree.files())
    assert not found, f"a registry's host name stands in the repository:{tree.lines(found)}"


def test_lock_files_name_no_address():
    """A lock file holds versions and hashes; where to fetch them is the machine's business."""
    locks = [name for name in tree.files() if "requirements" in name or name == "package-lock.json"]
    found = tree.grep(r"--index-url|--extra-index-url|--find-links|\"resolved\"", locks)
    assert not found, f"a lock file names an address:{tree.lines(found)}"


def test_no_path_of_the_makers_machine():
    folders = "|".join(MACHINE_FOLDERS)
    names = [name for name in tree.files() if not name.startswith("docker/")]
    found = tree.grep(rf"(^|[^A-Za-z0-9._-])/({folders})/", names)
    assert not found, f"a path of one machine stands in the repository:{tree.lines(found)}"


def test_files_are_short_enough_to_read():
    names = [
        name
        for name in tree.under("addons", "scripts", "tests")
        if name.endswith(".py") or name.startswith("scripts/")
    ]
    found = [
        f"{name}: {count} lines"
        for name in names
        if (count := len(tree.text(name).splitlines())) > MAX_LINES
    ]
    assert not found, f"files over {MAX_LINES} lines:{tree.lines(found)}"


def test_nothing_is_left_unfinished():
    found = tree.grep(rf"\b({'|'.join(UNFINISHED)})\b", tree.under("addons", "scripts"))
    assert not found, f"unfinished places:{tree.lines(found)}"


@pytest.mark.parametrize("pattern", OLD_FORMS)
def test_no_form_that_odoo_19_ignores_or_rejects(pattern):
    found = tree.grep(pattern, [name for name in tree.under("addons") if _is_source(name)])
    assert not found, f"use {OLD_FORMS[pattern]} instead:{tree.lines(found)}"


def _is_source(name):
    return name.endswith((".py", ".xml", ".js", ".csv"))


def test_no_context_key_passes_by_a_check():
    """A context comes with the RPC call: whoever calls could set the key."""
    found = tree.grep(BYPASS, tree.under("addons"))
    assert not found, f"a context key that may pass by a check:{tree.lines(found)}"


def test_assertions_compare_something():
    names = [n for n in tree.under("addons", "tests", "scripts") if n.endswith(".py")]
    names = [name for name in names if not name.endswith("quality/test_repository.py")]
    found = [hit for pattern in VACUOUS for hit in tree.grep(pattern, names)]
    assert not found, f"assertions that compare nothing:{tree.lines(found)}"


def test_no_test_is_skipped():
    names = [n for n in tree.under("addons", "tests") if n.endswith(".py")]
    names = [name for name in names if not name.endswith("quality/test_repository.py")]
    found = tree.grep(SKIPS, names)
    assert not found, f"skipped tests:{tree.lines(found)}"


def test_text_files_are_clean():
    """Unix line ends, an end of line at the end, no conflict marks."""
    found = []
    for name in tree.files():
        content = tree.text(name)
        if not content or "/static/lib/" in name:
            continue
        if "\r" in content:
            found.append(f"{name}: carriage returns")
        if not content.endswith("\n"):
            found.append(f"{name}: no end of line at the end")
        if re.search(r"^(<{7}|>{7})( |$)", content, re.MULTILINE):
            found.append(f"{name}: conflict marks")
    assert not found, tree.lines(found)


def test_commands_can_be_run():
    """A file with a first line for the shell has the right to be executed."""
    found = [
        name
        for name in tree.files()
        if (tree.text(name) or "").startswith("#!")
        and not (tree.ROOT / name).stat().st_mode & 0o100
    ]
    assert not found, f"not executable (chmod +x):{tree.lines(found)}"


def test_readme_names_the_two_commands():
    content = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    assert "./scripts/serve" in content
    assert "./scripts/test" in content


def test_ci_runs_the_tests_and_nothing_else():
    lines = (tree.ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    acting = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    acting = [line for line in acting if not line.strip().startswith(("set ", "cd "))]
    assert len(acting) == 1, f".ci/run does more than one thing:{tree.lines(acting)}"
    assert "scripts/test" in acting[0]
