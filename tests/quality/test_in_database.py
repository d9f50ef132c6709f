"""Checks of the addons as Odoo loads them: the term templates, and Odoo's rules for its own."""

import json

import pytest
from quality import tree

SUITE = sorted(set(tree.NAMES) - {"suite_demo"})
SHELL = """
import sys
sys.path.insert(0, {folder!r})
from quality import odoo_rules
odoo_rules.run(env, {addons!r})
"""


def test_the_templates_are_those_of_the_source(command, database):
    """A term that isn't in the .pot can't be translated."""
    done = command("i18n", "--check", "-d", database, *SUITE)
    assert done.returncode == 0, done.stdout


def test_the_template_of_the_demo_company_is_that_of_its_source(command):
    done = command("i18n", "--check", "suite_demo")
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def rules(command, database):
    script = SHELL.format(folder=str(tree.ROOT / "tests"), addons=SUITE)
    done = command("odoo", "shell", "-d", database, "--no-http", "--log-level=error", text=script)
    found = [line for line in done.stdout.splitlines() if "ODOO-RULES " in line]
    assert found, done.stdout
    return json.loads(found[0].partition("ODOO-RULES ")[2])


@pytest.mark.parametrize("rule", ["signatures", "rpc", "indexes", "onchange"])
def test_the_rules_that_odoo_has_for_its_own_addons(rules, rule):
    assert not rules[rule], tree.lines(rules[rule])


def test_every_model_of_a_company_has_a_rule_for_companies(rules):
    assert not rules["companies"], (
        f"no global ir.rule on company_ids:{tree.lines(rules['companies'])}"
    )
