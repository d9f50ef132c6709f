"""The documents name only what is there."""

import re

import pytest
from quality import tree

DOCUMENTS = [name for name in tree.files() if name.endswith(".md")]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?<![\w/])\./((?:scripts|tests|docker)/[\w./-]*\w)")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    folder = (tree.ROOT / document).parent
    broken = [
        target for target in LINK.findall(tree.text(document)) if not (folder / target).exists()
    ]
    assert not broken, tree.lines(broken)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist(document):
    missing = [
        name for name in COMMAND.findall(tree.text(document)) if not (tree.ROOT / name).is_file()
    ]
    assert not missing, tree.lines(missing)
