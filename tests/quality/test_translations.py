"""Chinese is complete, says the same as the English, and has one word for one thing."""

import csv
import functools
import re
from collections import Counter

import polib
import pytest
from quality import tree

HERE = tree.ROOT / "tests" / "quality"
CHINESE = r"[\u4e00-\u9fff]"
PLACEHOLDER = re.compile(r"%\([^)]+\)[a-z]|%[sdfr]|\{[A-Za-z_0-9]*\}|\$\{[^}]+\}")
TAG = re.compile(r"</?[a-z][^>]*>")
#: Words inside a tag are translated too.
WORDS = re.compile(r'\b(title|alt|aria-label|placeholder)="[^"]*"')
ENGLISH_SENTENCE = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{2,}){3,}")
HALF_WIDTH = re.compile(rf"{CHINESE}[,;!?]")


@functools.cache
def catalogue(addon, name="zh_CN.po"):
    path = tree.ADDONS / addon / "i18n" / name
    assert path.is_file(), f"{path.relative_to(tree.ROOT)} is missing: run ./scripts/i18n {addon}"
    return polib.pofile(str(path))


@functools.cache
def same_in_both():
    """Terms that are written the same in both languages: codes and product names."""
    content = (HERE / "same_in_both.txt").read_text(encoding="utf-8").splitlines()
    return {line for line in content if line and not line.startswith("#")}


@functools.cache
def vocabulary():
    with open(HERE / "vocabulary.csv", encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _shown(term):
    return repr(term if len(term) < 100 else term[:97] + "…")


@pytest.mark.parametrize("addon", tree.NAMES)
def test_chinese_has_exactly_the_terms_of_the_template(addon):
    wanted = {entry.msgid for entry in catalogue(addon, f"{addon}.pot")}
    present = {entry.msgid for entry in catalogue(addon) if not entry.obsolete}
    missing = [f"missing: {_shown(term)}" for term in sorted(wanted - present)]
    extra = [f"not in the template: {_shown(term)}" for term in sorted(present - wanted)]
    assert not missing + extra, f"run ./scripts/i18n {addon}:{tree.lines(missing + extra)}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_no_term_is_there_twice(addon):
    for name in (f"{addon}.pot", "zh_CN.po"):
        count = Counter(entry.msgid for entry in catalogue(addon, name))
        twice = [_shown(term) for term, number in count.items() if number > 1]
        assert not twice, f"{name}:{tree.lines(twice)}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_every_term_is_translated(addon):
    problems = [
        f"{'doubtful (fuzzy)' if entry.fuzzy else 'no longer used' if entry.obsolete else 'empty'}"
        f": {_shown(entry.msgid)}"
        for entry in catalogue(addon)
        if entry.obsolete or entry.fuzzy or not entry.msgstr.strip()
    ]
    assert not problems, tree.lines(problems)


def _found(pattern, text):
    return Counter(pattern.findall(WORDS.sub(r"\1", text)))


@pytest.mark.parametrize("addon", tree.NAMES)
def test_placeholders_and_tags_are_the_same(addon):
    """A lost placeholder is an error at the moment when the message is shown."""
    problems = [
        f"{_shown(entry.msgid)} → {_shown(entry.msgstr)}"
        for entry in catalogue(addon)
        for pattern in (PLACEHOLDER, TAG)
        if _found(pattern, entry.msgid) != _found(pattern, entry.msgstr)
    ]
    assert not problems, tree.lines(problems)


def _is_left_english(entry):
    if entry.msgid in same_in_both():
        return False
    if re.search(CHINESE, entry.msgstr):
        text = PLACEHOLDER.sub("", TAG.sub("", entry.msgstr))
        return bool(ENGLISH_SENTENCE.search(text))
    if re.search(CHINESE, entry.msgid):
        return False
    return bool(re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", TAG.sub("", entry.msgid))))


@pytest.mark.parametrize("addon", tree.NAMES)
def test_no_english_is_left_in_the_chinese(addon):
    problems = [
        f"{_shown(entry.msgid)} → {_shown(entry.msgstr)}"
        for entry in catalogue(addon)
        if _is_left_english(entry)
    ]
    assert not problems, (
        "translate, or list the term in tests/quality/same_in_both.txt:" + tree.lines(problems)
    )


@pytest.mark.parametrize("addon", tree.NAMES)
def test_chinese_has_chinese_punctuation(addon):
    problems = [
        _shown(entry.msgstr) for entry in catalogue(addon) if HALF_WIDTH.search(entry.msgstr)
    ]
    assert not problems, f"use ，；！？ after Chinese:{tree.lines(problems)}"


def _uses(word, text):
    return re.search(rf"(?<![\w-]){word}(?![\w-])", text, re.IGNORECASE)


def _vocabulary_problem(row, entry):
    if not _uses(row["english"], entry.msgid):
        return None
    if row["unless"] and re.search(row["unless"], entry.msgid, re.IGNORECASE):
        return None
    good = [row["chinese"], *filter(None, row["also"].split("|"))]
    if any(word in entry.msgstr for word in good):
        return None
    rule = f"{row['english']} is {' or '.join(good)}"
    return f"{rule}: {_shown(entry.msgid)} → {_shown(entry.msgstr)}"


@pytest.mark.parametrize("addon", tree.NAMES)
def test_one_word_for_one_thing(addon):
    """The words of the house (vocabulary.csv): one Chinese word for one English word."""
    problems = [
        problem
        for entry in catalogue(addon)
        if entry.msgstr and entry.msgid not in same_in_both()
        for row in vocabulary()
        if (problem := _vocabulary_problem(row, entry))
    ]
    assert not problems, tree.lines(problems)


@pytest.mark.parametrize("addon", tree.NAMES)
def test_no_other_word_for_it(addon):
    never = {word: row for row in vocabulary() for word in filter(None, row["never"].split("|"))}
    problems = [
        f"{word} → {never[word]['chinese']}: {_shown(entry.msgstr)}"
        for entry in catalogue(addon)
        for word in never
        if word in entry.msgstr
    ]
    assert not problems, tree.lines(problems)
