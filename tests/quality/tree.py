"""What the checks look at: the files of the repository and the source of the addons."""

import ast
import functools
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ROOT / "addons"

#: The addons and what each stands on: the design, not a copy of the manifests.
DEPENDS = {
    "suite_base": {"base", "mail"},
    "crm_ext": {"suite_base", "sale_crm", "sale_management"},
    # the plan draws on purchase agreements
    "inventory_link": {"suite_base", "sale_purchase_stock", "purchase_requisition"},
    # it plans what subcontractors get, and orders from them
    "production_order": {
        "inventory_link",
        "sale_mrp",
        "mrp_account",
        "purchase_mrp",
        "mrp_subcontracting_purchase",
    },
    "credit_risk": {"suite_base", "sale_stock", "account"},
    "suite_demo": {
        "suite_base",
        "crm_ext",
        "inventory_link",
        "production_order",
        "credit_risk",
        "l10n_cn",
    },
}
NAMES = sorted(DEPENDS)
MODEL_BASES = {"Model", "TransientModel", "AbstractModel"}


@functools.cache
def files():
    """Every file that is or would be committed, as a path from the repository's root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    return sorted(name for name in set(listed) if name and (ROOT / name).is_file())


@functools.cache
def text(name):
    """The text of a file, or None when it isn't text."""
    data = (ROOT / name).read_bytes()
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def under(*folders):
    """The text files of folders, but not what others wrote (static/lib)."""
    starts = tuple(f"{folder}/" for folder in folders)
    return [
        name
        for name in files()
        if name.startswith(starts) and "/static/lib/" not in name and text(name) is not None
    ]


def grep(pattern, names):
    """`file:line: text` of every line that matches."""
    expression = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name in names
        for number, line in enumerate((text(name) or "").splitlines(), 1)
        if expression.search(line)
    ]


def python_files(addon):
    return [name for name in under(f"addons/{addon}") if name.endswith(".py")]


@functools.cache
def parsed(name):
    return ast.parse(text(name), name)


def manifest(addon):
    return ast.literal_eval(text(f"addons/{addon}/__manifest__.py"))


class ModelClass:
    """One Python class of a model: where it stands, which models it makes or extends."""

    def __init__(self, addon, file, node):
        self.addon, self.file, self.node = addon, file, node
        self.own_name = self._assigned("_name")
        inherited = self._assigned("_inherit") or []
        self.inherits = [inherited] if isinstance(inherited, str) else list(inherited)

    def _assigned(self, name):
        for statement in self.node.body:
            if isinstance(statement, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in statement.targets
            ):
                try:
                    return ast.literal_eval(statement.value)
                except ValueError:
                    return None
        return None

    @property
    def model(self):
        """The model that the class is of: its own name, else the one it extends."""
        return self.own_name or (self.inherits[0] if self.inherits else None)

    @property
    def extends(self):
        """True when the model was there before this class."""
        return self.model in self.inherits

    @property
    def methods(self):
        return [node for node in self.node.body if isinstance(node, ast.FunctionDef)]


def _is_model(node):
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Attribute) and base.attr in MODEL_BASES for base in node.bases
    )


@functools.cache
def model_classes(addon):
    """The model classes of an addon, its tests left out."""
    return [
        ModelClass(addon, name, node)
        for name in python_files(addon)
        if "/tests/" not in name
        for node in parsed(name).body
        if _is_model(node)
    ]


def calls_super(method):
    """Does the method hand on to the method of the same name that it overrides?"""
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == method.name
        and isinstance(node.func.value, ast.Call)
        and isinstance(node.func.value.func, ast.Name)
        and node.func.value.func.id == "super"
        for node in ast.walk(method)
    )


def lines(problems):
    """An assertion message: one problem a line."""
    return "\n  " + "\n  ".join(problems)
