"""The values a decision was made from, as far as a reader may see them."""

from odoo.tools import format_amount, format_date, format_datetime

from .numbers import format_number
from .reader import RecordReader


def readable_inputs(reader, lines, reads_all):
    """The recorded lines; a value out of the reader's reach is replaced by None and marked.

    A reader without audit rights sees a value if he may read that field of that record now.
    """
    return [
        line if reads_all or _may_read(reader, line) else {**line, "value": None, "hidden": True}
        for line in lines
    ]


def _may_read(reader, line):
    record = reader.record(line.get("model"), line.get("id"))
    if record is None:
        # nothing to protect when the line belongs to no record (a constant of the rule)
        return not line.get("model") or not line.get("id")
    field = record._fields.get(line.get("field"))
    return field is None or record._has_field_access(field, "read")


def input_lines(reader, inputs):
    """Lines for the dialog: names, field labels and formatted values, in reading order."""
    return [_input_line(reader, line) for line in inputs]


def _input_line(reader, line):
    model, record_id, name = line.get("model"), line.get("id"), line.get("field") or ""
    record = reader.record(model, record_id)
    field = reader.env[model]._fields.get(name) if model in reader.env else None
    hidden = bool(line.get("hidden"))
    return {
        "model": model,
        "id": record_id,
        "record": reader.name(model, record_id) if model and record_id else "",
        "model_label": reader.model_label(model),
        "label": _field_label(reader.env, field, line),
        "value": "" if hidden else _format(reader.env, record, field, line.get("value")),
        "hidden": hidden,
        "link": record is not None,
    }


def _field_label(env, field, line):
    if line.get("label"):
        return line["label"]
    if field is not None:
        return field.get_description(env, ["string"])["string"]
    return (line.get("field") or "").replace("_", " ").capitalize()


def _format(env, record, field, value):
    if isinstance(value, bool) and (field is None or field.type == "boolean"):
        return env._("yes") if value else env._("no")
    if value is None or value is False or value == "":
        return "–"
    render = _RENDERERS.get(field.type) if field is not None else None
    try:
        if render:
            return render(env, record, field, value)
    except (TypeError, ValueError, KeyError):
        pass  # recorded in another form than the field has today: shown plainly
    if isinstance(value, (int, float)):
        return format_number(env, value)
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)


def _monetary(env, record, field, value):
    currency_name = field.get_currency_field(env[field.model_name])
    currency = record is not None and currency_name and record.sudo()[currency_name]
    if not currency:
        return format_number(env, value, digits=2)
    return format_amount(env, value, currency)


def _many2one(env, record, field, value):
    record_id = value[0] if isinstance(value, list) else value
    return RecordReader(env, [(field.comodel_name, record_id)]).name(field.comodel_name, record_id)


def _selection(env, record, field, value):
    return dict(field.get_description(env, ["selection"])["selection"]).get(value, value)


_RENDERERS = {
    "monetary": _monetary,
    "many2one": _many2one,
    "selection": _selection,
    "date": lambda env, record, field, value: format_date(env, value),
    "datetime": lambda env, record, field, value: format_datetime(env, value),
}
