"""What the suite ships with may be used by a company that keeps its own addons to itself."""

import re
from importlib.metadata import distribution

from quality import tree

#: Strong copyleft that isn't (or needn't be) so, with the reason. Names as in the lock file.
EXCEPTIONS = {
    "docutils": "public domain and BSD; one optional Emacs file, which nothing here loads, is GPL",
    "pyphen": "free choice of GPL, LGPL and MPL, given as three classifiers; we choose MPL",
    "pytest-odoo": "runs the tests on the maker's machine; no part of what a company installs",
}
STRONG = re.compile(r"\b(A?GPL)|Affero|(?<!Lesser )General Public License", re.IGNORECASE)
WEAK = re.compile(r"LGPL|Lesser General Public|Library General Public", re.IGNORECASE)
LOCKS = ("requirements.txt", "requirements-test.txt")


def _locked():
    names = set()
    for lock in LOCKS:
        content = (tree.ROOT / "config" / lock).read_text(encoding="utf-8")
        names |= set(re.findall(r"^([A-Za-z0-9_.-]+)==", content, re.MULTILINE))
    return sorted(names)


def _licence(name):
    """What the package says of itself: its expression, else classifiers, else the old field."""
    data = distribution(name).metadata
    if data.get("License-Expression"):
        return [data["License-Expression"]]
    said = [text for text in data.get_all("Classifier") or [] if text.startswith("License ::")]
    return said or (data.get("License") or "").splitlines()[:1]


def _is_strong(text):
    """One free choice is enough (`MIT OR GPL-2.0-only`), but only an expression says "or"."""
    return all(STRONG.search(part) and not WEAK.search(part) for part in text.split(" OR "))


def _strong(name):
    return [text for text in _licence(name) if _is_strong(text)]


def test_every_package_names_its_licence():
    silent = [name for name in _locked() if not _licence(name) and name not in EXCEPTIONS]
    assert not silent, f"no licence in the metadata:{tree.lines(silent)}"


def test_no_package_is_under_a_strong_copyleft():
    """The lint tools (config/requirements-lint.txt) are programs that we run, never part of it."""
    found = [
        f"{name}: {'; '.join(_strong(name))}"
        for name in _locked()
        if name not in EXCEPTIONS and _strong(name)
    ]
    assert not found, tree.lines(found)


def test_every_exception_is_still_needed():
    needed = {name for name in _locked() if _strong(name) or not _licence(name)}
    assert set(EXCEPTIONS) <= needed, f"not needed: {sorted(set(EXCEPTIONS) - needed)}"
