"""The part of ./scripts/i18n that runs inside Odoo (`odoo shell`): export, compare, merge."""

import io
import json
from pathlib import Path

LANGUAGE = "zh_CN"
#: Odoo's own modules whose Chinese is taken over for a term that is the same there.
MEMORY = ("base", "mail", "sale", "stock", "purchase", "mrp", "account", "crm")


def run(env, orders):
    """Do every addon and write what was found to the file that the caller reads."""
    installed = set(env["ir.module.module"].search([("state", "=", "installed")]).mapped("name"))
    memory = {} if orders["check"] else _memory()
    found = {
        addon: _one(env, addon, orders["check"], memory)
        if addon in installed
        else {"error": "isn't installed in this database"}
        for addon in orders["addons"]
    }
    Path(orders["result"]).write_text(json.dumps(found), encoding="utf-8")


def _one(env, addon, check, memory):
    import polib

    from odoo.modules import get_module_path

    folder = Path(get_module_path(addon)) / "i18n"
    template = folder / f"{addon}.pot"
    fresh = _export(env, addon)
    old = polib.pofile(str(template)) if template.exists() else polib.POFile()
    found = _differences(old, fresh)
    found["terms"] = len(fresh)
    target = folder / f"{LANGUAGE}.po"
    translated = polib.pofile(str(target)) if target.exists() else polib.POFile()
    merged, found["filled"] = _merge(fresh, translated, memory)
    found["untranslated"] = [entry.msgid for entry in merged if not entry.msgstr]
    if not check:
        folder.mkdir(exist_ok=True)
        if found["new"] or found["gone"] or found["moved"]:
            _write(template, str(fresh))
        if _content(merged) != _content(translated):
            _write(target, str(merged))
    return found


def _export(env, addon):
    import polib

    from odoo.tools.translate import trans_export

    buffer = io.BytesIO()
    trans_export(None, [addon], buffer, "po", env)
    return polib.pofile(buffer.getvalue().decode())


def _places(catalogue):
    return {entry.msgid: (sorted(entry.occurrences), entry.comment) for entry in catalogue}


def _content(catalogue):
    return [(e.msgid, e.msgstr, sorted(e.occurrences), e.comment, e.flags) for e in catalogue]


def _differences(old, fresh):
    before, now = _places(old), _places(fresh)
    return {
        "new": sorted(set(now) - set(before)),
        "gone": sorted(set(before) - set(now)),
        "moved": sorted(term for term in set(now) & set(before) if now[term] != before[term]),
    }


def _merge(fresh, translated, memory):
    """The fresh terms with the translations there are; also the terms filled from memory."""
    import polib

    known = {e.msgid: e.msgstr for e in translated if e.msgstr and not e.obsolete and not e.fuzzy}
    merged, filled = polib.POFile(), []
    merged.header = fresh.header
    merged.metadata = {
        **fresh.metadata,
        **{key: value for key, value in translated.metadata.items() if value},
        "Language": LANGUAGE,
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for term in fresh:
        words = known.get(term.msgid)
        if not words and term.msgid in memory:
            words = memory[term.msgid]
            filled.append(term.msgid)
        merged.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=words or "",
                comment=term.comment,
                occurrences=term.occurrences,
            )
        )
    return merged, filled


def _memory():
    import polib

    from odoo.modules import get_module_path

    words = {}
    for module in reversed(MEMORY):
        path = Path(get_module_path(module)) / "i18n" / f"{LANGUAGE}.po"
        if path.exists():
            words.update({e.msgid: e.msgstr for e in polib.pofile(str(path)) if e.translated()})
    return words


def _write(path, text):
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
