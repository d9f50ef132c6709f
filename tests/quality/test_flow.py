"""docs/flow.md tells which event runs which method; these tests keep it true."""

import re

from quality import tree

FLOW = tree.ROOT / "docs" / "flow.md"
HEAD = ["Event", "Method", "Addon", "What it does"]
#: Overrides that only answer a question or shape a value: they start nothing.
ANSWERS = (
    "_compute_",
    "_search_",
    "_inverse_",
    "_get_",
    "_prepare_",
    "_default_",
    "_onchange_",
    "_check_",
    "_add_",
    "_track_",
    "_mail_",
    "_field_",
    "_read_",
    "_is_",
    "_has_",
    "_can_",
    "_select_",
    "_from_",
    "_group_by_",
    "get_",
)
PLAIN = {
    "default_get",
    "fields_get",
    "init",
    "_auto_init",
    "_register_hook",
    "copy_data",
    "_commercial_fields",
}
#: Hooks that change what everybody does with a record: also on models of our own.
ALWAYS = {"create", "write", "unlink", "copy"}


def rows():
    """The table rows as (event, model, method, addon, words)."""
    found = []
    for line in FLOW.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.lstrip().startswith("|") or len(cells) != len(HEAD):
            continue
        if cells[0].lower() == "event" or set("".join(cells)) <= set(":- "):
            continue
        for reference in re.findall(r"`([a-z0-9_.]+)\.([A-Za-z0-9_]+)(?:\(\))?`", cells[1]):
            found.append((cells[0], *reference, cells[2].strip("`"), cells[3]))
        if "`" not in cells[1]:
            found.append((cells[0], "", cells[1], cells[2].strip("`"), cells[3]))
    return found


def _defined(addon):
    """Every `model.method` that an addon's source has, mixins under their own name."""
    return {
        f"{model}.{method.name}"
        for model_class in tree.model_classes(addon)
        for model in {model_class.model, *model_class.inherits}
        for method in model_class.methods
    }


def test_the_table_is_there():
    assert FLOW.is_file(), "docs/flow.md is missing"
    assert rows(), f"docs/flow.md has no table with the columns {' | '.join(HEAD)}"


def test_every_row_names_a_method_that_exists():
    defined = {addon: _defined(addon) for addon in tree.NAMES}
    problems = [
        f"{event}: `{model}.{method}` isn't a method in addons/{addon}"
        for event, model, method, addon, _words in rows()
        if f"{model}.{method}" not in defined.get(addon, ())
    ]
    assert not problems, f"docs/flow.md is out of date:{tree.lines(problems)}"


def test_every_row_says_what_it_does():
    empty = [f"{event}: {method}" for event, _m, method, _a, words in rows() if not words]
    assert not empty, tree.lines(empty)


def _made_here():
    """Models and methods of our own: what one addon adds to another's is no surprise."""
    classes = [model_class for addon in tree.NAMES for model_class in tree.model_classes(addon)]
    models = {model_class.model for model_class in classes if not model_class.extends}
    methods = {
        (model_class.model, method.name)
        for model_class in classes
        for method in model_class.methods
        if not tree.calls_super(method)
    }
    return models, methods


def _starts_something(model_class, method, made_here):
    if method.name in ALWAYS:
        return True
    models, methods = made_here
    return (
        model_class.extends
        and model_class.model not in models
        and (model_class.model, method.name) not in methods
        and tree.calls_super(method)
        and not method.name.startswith(ANSWERS)
        and method.name not in PLAIN
    )


def test_every_override_that_acts_has_a_row():
    """Who reads only Odoo's source would not expect these: the table is where he finds them."""
    made_here = _made_here()
    listed = {(model, method, addon) for _e, model, method, addon, _w in rows()}
    missing = [
        f"| … | `{model_class.model}.{method.name}` | {addon} | … |"
        for addon in tree.NAMES
        if addon != "suite_demo"
        for model_class in tree.model_classes(addon)
        for method in model_class.methods
        if _starts_something(model_class, method, made_here)
        and (model_class.model, method.name, addon) not in listed
    ]
    assert not missing, f"docs/flow.md lacks rows for these overrides:{tree.lines(missing)}"
