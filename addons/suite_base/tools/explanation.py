"""Explanations are stored as module, source text and arguments, and told in the reader's
language and number formats."""

import logging

from odoo.tools import format_amount, format_date, format_datetime, format_list
from odoo.tools.translate import LazyGettext, code_translations

from .numbers import format_number
from .reader import RecordReader

_logger = logging.getLogger(__name__)


def pack_explanation(explanation):
    """``(module, source, args)`` of a lazy text; a plain text has no module and is shown as is."""
    if isinstance(explanation, LazyGettext):
        args = explanation._args
        if not isinstance(args, dict):
            args = {str(index): value for index, value in enumerate(args)}
        packed = {key: _pack_argument(value) for key, value in args.items()}
        return explanation._module, explanation._source, packed
    return False, str(explanation or ""), {}


def _pack_argument(value):
    if isinstance(value, LazyGettext):
        module, source, args = pack_explanation(value)
        return {"text": source, "module": module, "args": args}
    if isinstance(value, (list, tuple)):
        return [_pack_argument(item) for item in value]
    return value


def render_explanation(env, stored):
    """One text for each stored ``(module, source, args)``, in the language of ``env``."""
    reader = RecordReader(env, [ref for __, __, args in stored for ref in _references(args)])
    renderer = _Renderer(env, reader)
    return [renderer.text(module, source, args) for module, source, args in stored]


def _references(value):
    if isinstance(value, dict):
        if "model" in value and "id" in value:
            yield value["model"], value["id"]
        elif value.get("currency_id"):
            yield "res.currency", value["currency_id"]
        elif value.get("uom_id"):
            yield "uom.uom", value["uom_id"]
        else:
            value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _references(item)


class _Renderer:
    def __init__(self, env, reader):
        self.env = env
        self.reader = reader
        self.lang = env.lang or "en_US"

    def text(self, module, source, args):
        source = source or ""
        translated = self._translate(module, source)
        if not args:
            # without arguments "%" is an ordinary character, as in the framework
            return translated
        shown = {key: self.argument(value) for key, value in args.items()}
        for template, values in ((translated, shown), (source, shown), (source, args)):
            try:
                return template % self._positional(values)
            except (TypeError, ValueError, KeyError, IndexError):
                continue
        _logger.warning("The arguments %s don't fit the explanation %r", list(args), source)
        return source

    @staticmethod
    def _positional(values):
        if values and all(key.isdecimal() for key in values):
            return tuple(value for __, value in sorted(values.items(), key=lambda kv: int(kv[0])))
        return values

    def _translate(self, module, source):
        if not module or self.lang == "en_US":
            return source
        # A module that is gone from the disk has no translations; then the source is told.
        return code_translations.get_python_translations(module, self.lang).get(source, source)

    def argument(self, value):
        """Text of one argument, see ``suite.decision._record`` for the forms."""
        if isinstance(value, dict):
            for key, render in self._FORMS.items():
                if key in value:
                    return render(self, value)
            return str(value)
        if isinstance(value, list):
            return format_list(self.env, [self.argument(item) for item in value])
        if isinstance(value, bool):
            return self.env._("yes") if value else self.env._("no")
        if isinstance(value, (int, float)):
            return format_number(self.env, value)
        return "" if value is None else str(value)

    def _amount(self, value):
        currency = self.reader.record("res.currency", value.get("currency_id"))
        if currency is None:
            return format_number(self.env, value["amount"], digits=2)
        return format_amount(self.env, value["amount"], currency)

    def _quantity(self, value):
        number = format_number(self.env, value["quantity"])
        unit = self.reader.record("uom.uom", value.get("uom_id"))
        return f"{number} {unit.display_name}" if unit is not None else number

    def _date(self, value):
        return format_date(self.env, value["date"]) if value["date"] else ""

    def _datetime(self, value):
        return format_datetime(self.env, value["datetime"]) if value["datetime"] else ""

    def _percent(self, value):
        return f"{format_number(self.env, value['percent'])}%"

    def _named(self, value):
        name = self.reader.name(value["model"], value["id"])
        if value.get("name") and not self.reader.exists(value["model"], value["id"]):
            return value["name"]
        return name

    def _nested(self, value):
        return self.text(value.get("module"), value["text"], value.get("args"))

    _FORMS = {
        "amount": _amount,
        "quantity": _quantity,
        "date": _date,
        "datetime": _datetime,
        "percent": _percent,
        "text": _nested,
        "model": _named,
    }
