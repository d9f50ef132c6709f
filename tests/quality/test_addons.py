"""Each addon has the form of the house, so that whoever knows one knows them all."""

import ast
import re
from pathlib import Path

import pytest
from lxml import etree
from quality import tree

MANIFEST_KEYS = {"name", "summary", "version", "author", "license", "category", "depends"}
OPTIONAL_KEYS = {
    "application",
    "assets",
    "auto_install",
    "data",
    "demo",
    "external_dependencies",
    "installable",
    "post_init_hook",
    "post_load",
    "pre_init_hook",
    "uninstall_hook",
}
DEFAULTS = {
    "application": False,
    "auto_install": False,
    "data": [],
    "demo": [],
    "installable": True,
}
#: The ORM's own: what they mean is known.
ORM = {"copy", "create", "default_get", "unlink", "write"}
DATA_FOLDERS = ("data", "demo", "report", "security", "views", "wizards")
SECTIONS = ["What", "Who", "Flow", "Settings", "Extend here", "Not covered"]
#: A section starts with a heading or with its name in bold.
HEADING = re.compile(r"^(?:## +|\*\*)([^*\n]+?)\.?(?:\*\*|$)", re.MULTILINE)
SCREEN = 80


def test_the_addons_are_those_of_the_design():
    found = sorted(path.parent.name for path in tree.ADDONS.glob("*/__manifest__.py"))
    assert found == tree.NAMES


@pytest.mark.parametrize("addon", tree.NAMES)
def test_manifest(addon):
    content = tree.manifest(addon)
    assert set(content) >= MANIFEST_KEYS, f"missing: {sorted(MANIFEST_KEYS - set(content))}"
    unknown = set(content) - MANIFEST_KEYS - OPTIONAL_KEYS
    assert not unknown, f"unknown keys: {sorted(unknown)}"
    at_default = [key for key, value in DEFAULTS.items() if content.get(key, ...) == value]
    assert not at_default, f"keys that only repeat the default: {at_default}"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", content["version"])
    assert content["license"] == "LGPL-3"
    assert content["author"] == "Tradeworks"
    assert set(content["depends"]) == tree.DEPENDS[addon]
    assert len(content["depends"]) == len(set(content["depends"]))


@pytest.mark.parametrize("addon", tree.NAMES)
def test_every_data_file_is_listed_once_and_exists(addon):
    content = tree.manifest(addon)
    listed = content.get("data", []) + content.get("demo", [])
    assert sorted(set(listed)) == sorted(listed), "a data file is listed twice"
    present = {
        name.removeprefix(f"addons/{addon}/")
        for name in tree.files()
        if name.startswith(tuple(f"addons/{addon}/{folder}/" for folder in DATA_FOLDERS))
        and name.endswith((".xml", ".csv"))
    }
    missing = sorted(set(listed) - present)
    assert not missing, f"listed but not there: {missing}"
    # Files that Python reads by itself (a loader's tables) are named in its source.
    source = "".join(tree.text(name) for name in tree.python_files(addon))
    forgotten = sorted(f for f in present - set(listed) if Path(f).name not in source)
    assert not forgotten, f"there but neither in data nor in demo: {forgotten}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_readme_fits_one_screen_and_has_its_sections(addon):
    assert (tree.ADDONS / addon / "README.md").is_file(), "README.md is missing"
    content = tree.text(f"addons/{addon}/README.md")
    pieces = HEADING.split(content)[1:]
    words = dict(zip(pieces[::2], map(str.strip, pieces[1::2]), strict=True))
    found = [name for name in words if name in SECTIONS]
    assert found == SECTIONS, f"its sections are {list(words)}, expected {SECTIONS} in this order"
    empty = [name for name, text in words.items() if not text]
    assert not empty, f"empty sections: {empty}"
    assert len(content.splitlines()) <= SCREEN


@pytest.mark.parametrize("addon", tree.NAMES)
def test_needed_files_are_there(addon):
    wanted = ["__init__.py", f"i18n/{addon}.pot", "i18n/zh_CN.po", "tests/__init__.py"]
    missing = [name for name in wanted if not (tree.ADDONS / addon / name).is_file()]
    assert not missing, f"missing: {missing}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_every_test_file_is_loaded(addon):
    """Odoo runs only what tests/__init__.py imports: a forgotten file passes for ever."""
    folder = tree.ADDONS / addon / "tests"
    imported = {
        alias.name
        for node in ast.walk(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    present = {path.stem for path in folder.glob("test_*.py")}
    assert present, "an addon without tests"
    assert present <= imported, f"never imported: {sorted(present - imported)}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_one_model_a_file_named_after_it(addon):
    """A long model may have further files, one a theme: supply_plan_line_release.py."""
    problems, seen = [], {}
    names = {(each.model or "").replace(".", "_") for each in tree.model_classes(addon)}
    for model_class in tree.model_classes(addon):
        stem = Path(model_class.file).stem
        name = (model_class.model or "").replace(".", "_")
        is_part = stem.startswith(f"{name}_") and stem not in names
        if model_class.model and stem != name and not is_part:
            problems.append(f"{model_class.file}: holds {model_class.model}")
        if model_class.file in seen:
            problems.append(f"{model_class.file}: {seen[model_class.file]} and {model_class.model}")
        seen[model_class.file] = model_class.model
    assert not problems, f"one model a file, the file named after it:{tree.lines(problems)}"


def _closure(addon):
    own = tree.DEPENDS[addon] & set(tree.NAMES)
    return own.union({addon}, *(_closure(name) for name in own))


@pytest.mark.parametrize("addon", tree.NAMES)
def test_an_addon_imports_only_what_it_depends_on(addon):
    """crm_ext, inventory_link and credit_risk stand beside each other, not on each other."""
    strangers = sorted(set(tree.NAMES) - _closure(addon))
    if not strangers:
        assert addon == "suite_demo", "only the demo company stands on everything"
        return
    pattern = rf"odoo\.addons\.({'|'.join(strangers)})\b"
    found = tree.grep(pattern, tree.python_files(addon))
    pattern = rf"(ref|id|inherit_id|parent|action|groups)=\"!?({'|'.join(strangers)})\."
    found += tree.grep(pattern, [n for n in tree.under(f"addons/{addon}") if n.endswith(".xml")])
    assert not found, f"{addon} doesn't depend on what it names:{tree.lines(found)}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_public_methods_say_what_they_mean(addon):
    """Every public method can be called from outside; an override keeps the original's words."""
    problems = [
        f"{model_class.file}:{method.lineno}: {model_class.model}.{method.name}"
        for model_class in tree.model_classes(addon)
        for method in model_class.methods
        if not method.name.startswith("_")
        and method.name not in ORM
        and not ast.get_docstring(method)
        and not tree.calls_super(method)
    ]
    assert not problems, f"public methods without a docstring:{tree.lines(problems)}"


def _records(addon):
    for name in tree.under(f"addons/{addon}"):
        if not name.endswith(".xml") or "/static/" in name:
            continue
        for node in etree.fromstring(tree.text(name).encode()).iter("record", "menuitem"):
            yield name, node


def _value(record, field):
    nodes = record.xpath(f"./field[@name='{field}']")
    return (nodes[0].text or nodes[0].get("ref") or "").strip() if nodes else ""


def _id_problem(record):
    identifier, model = record.get("id", ""), record.get("model")
    if "." in identifier:
        return None  # changes a record of another addon
    if record.tag == "menuitem":
        return None if "_menu" in identifier else "a menu's id holds _menu"
    prefixes = {
        "ir.ui.view": (_value(record, "model"), "_view_"),
        "ir.actions.act_window": (_value(record, "res_model"), "_action"),
        "ir.rule": (_value(record, "model_id").rpartition("model_")[2], "_rule_"),
    }
    if model == "res.groups":
        return None if identifier.startswith("group_") else "a group's id starts with group_"
    if model not in prefixes:
        return None
    target, part = prefixes[model]
    if target and not identifier.startswith(f"{target.replace('.', '_')}{part}"):
        return f"its id starts with {target.replace('.', '_')}{part}"
    return None


@pytest.mark.parametrize("addon", tree.NAMES)
def test_ids_follow_the_house_form(addon):
    problems = [
        f"{name}:{record.sourceline}: {record.get('id')}: {problem}"
        for name, record in _records(addon)
        if (problem := _id_problem(record))
    ]
    assert not problems, tree.lines(problems)


@pytest.mark.parametrize("addon", tree.NAMES)
def test_inheriting_views_are_named_after_their_addon(addon):
    problems = []
    for name, record in _records(addon):
        if record.get("model") == "ir.ui.view" and record.xpath("./field[@name='inherit_id']"):
            title = _value(record, "name")
            model = _value(record, "model")
            if model and not re.fullmatch(rf"{re.escape(model)}\.\w+\.inherit\.{addon}", title):
                problems.append(f"{name}:{record.sourceline}: {title!r}")
    assert not problems, f"expected <model>.<view>.inherit.{addon}:{tree.lines(problems)}"
