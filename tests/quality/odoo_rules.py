"""Runs inside `odoo shell`: the rules that Odoo has for its own addons (test_lint), for ours.

Prints one JSON line with, for each rule, the problems found in our addons.
"""

import ast
import importlib
import inspect
import json
import sys
import types
from pathlib import Path

from odoo.modules import get_module_path

TESTS = "odoo.addons.test_lint.tests"


def lint_module(name):
    """One module of Odoo's lint tests, without its neighbours, which want tools we don't have."""
    if TESTS not in sys.modules:
        package = types.ModuleType(TESTS)
        package.__path__ = [str(Path(get_module_path("test_lint")) / "tests")]
        sys.modules[TESTS] = package
    return importlib.import_module(f"{TESTS}.{name}")


test_index = lint_module("test_index")
test_onchange_domains = lint_module("test_onchange_domains")
signatures = lint_module("test_override_signatures")

MARK = "ODOO-RULES "
RPC_NAMES = {"ids", "context"}


def module_of(model_class):
    return signatures.get_odoo_module_name(model_class.__module__)


def overrides(env, ours):
    """Every pair of an original and an override of it in one of our addons."""
    for model_name, model_class in env.registry.items():
        classes = list(reversed(model_class.mro()[1:-1]))
        if not any(module_of(child) in ours for child in classes):
            continue
        for method_name, _method in inspect.getmembers(model_class, inspect.isroutine):
            if method_name.startswith("__") or method_name in signatures.METHODS_TO_IGNORE:
                continue
            holders = [child for child in classes if method_name in vars(child)]
            for child in holders[1:]:
                if module_of(child) in ours:
                    yield model_name, method_name, holders[0], child


def signature_problems(env, ours):
    """An override takes what the original takes: another addon may call it either way."""
    problems = []
    for model_name, method_name, parent, child in overrides(env, ours):
        original, override = getattr(parent, method_name), getattr(child, method_name)
        private = method_name.startswith("_")
        try:
            signatures.assert_valid_override(
                inspect.signature(original), inspect.signature(override), is_private=private
            )
            signatures.assert_attribute_override(original, override, is_private=private)
        except AssertionError as problem:
            problems.append(f"{module_of(child)}: {model_name}.{method_name}: {problem.args[0]}")
    return problems


def rpc_problems(env, ours):
    """`ids` and `context` are parameters of the RPC call itself."""
    return [
        f"{module_of(child)}: {model_name}.{method_name}"
        for model_name, model_class in env.registry.items()
        for child in model_class.mro()[1:-1]
        if module_of(child) in ours
        for method_name, method in vars(child).items()
        if inspect.isfunction(method)
        and not method_name.startswith("_")
        and not getattr(method, "_api_private", False)
        and RPC_NAMES & set(inspect.signature(method).parameters)
    ]


def _needs_index(env, field):
    inverse = field.inverse_name and env[field.comodel_name]._fields.get(field.inverse_name)
    if not inverse:
        return None
    inverse = inverse.base_field
    model = env[inverse.model_name]
    stored = model._auto and not model._abstract and not model.is_transient()
    stored = stored and inverse.store and inverse.column_type
    known = (
        inverse.index in test_index.BTREE_INDEX_PY_DEFS
        or inverse.model_name in test_index.BTREE_INDEX_IGNORE_MODELS
        or str(inverse) in test_index.BTREE_INDEX_IGNORE_FIELDS
    )
    return inverse if stored and not known else None


def _covered(env, inverse):
    """An index of our own whose first column is the field serves as well."""
    env.cr.execute(
        """
        SELECT 1
          FROM pg_index i
          JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = %s::regclass AND a.attname = %s
        """,
        (env[inverse.model_name]._table, inverse.name),
    )
    return bool(env.cr.fetchone())


def index_problems(env, ours):
    """The many2one behind a one2many is indexed: opening the list would scan the table."""
    problems = set()
    for model_name in env.registry:
        for field in env[model_name]._fields.values():
            if field.type == "one2many" and not field.related and field._module in ours:
                inverse = _needs_index(env, field)
                if inverse is not None and not _covered(env, inverse):
                    problems.add(f"{field._module}: {inverse} (inverse of {field})")
    return sorted(problems)


def onchange_problems(_env, ours):
    """A domain returned by an onchange is gone in the next view."""
    checker = test_onchange_domains.OnchangeChecker()
    return [
        f"{path}:{node.lineno}"
        for addon in ours
        for path in sorted(Path(get_module_path(addon)).rglob("*.py"))
        for node in checker.visit(ast.parse(path.read_text(encoding="utf-8")))
    ]


def company_problems(env, ours):
    """What belongs to a company is seen by that company's people only."""
    guarded = {
        rule.model_id.model
        for rule in env["ir.rule"].search([])
        if not rule.groups and "company_ids" in (rule.domain_force or "")
    }
    return sorted(
        f"{model._original_module}: {model._name}"
        for model in map(env.__getitem__, env.registry)
        if model._original_module in ours
        and model._auto
        and not (model._abstract or model.is_transient())
        and "company_id" in model._fields
        and model._fields["company_id"].store
        and model._name not in guarded
    )


RULES = {
    "signatures": signature_problems,
    "rpc": rpc_problems,
    "indexes": index_problems,
    "onchange": onchange_problems,
    "companies": company_problems,
}


def run(env, ours):
    print(MARK + json.dumps({name: rule(env, set(ours)) for name, rule in RULES.items()}))
