"""Names and readability of records mentioned by a decision, checked in one batch a model."""

from collections import defaultdict


class RecordReader:
    """What the current user may see of some records, given as ``(model, id)`` pairs.

    Unknown models, deleted records and records out of reach are all allowed: they get a
    neutral name and no values.
    """

    def __init__(self, env, references):
        self.env = env
        wanted = defaultdict(set)
        for model, record_id in references:
            if model and isinstance(record_id, int) and self._is_table(model):
                wanted[model].add(record_id)
        self._existing = {
            name: env[name].with_context(active_test=False).browse(ids).exists()
            for name, ids in wanted.items()
        }
        self._readable = {
            name: records._filtered_access("read") for name, records in self._existing.items()
        }

    def _is_table(self, model):
        return model in self.env and not self.env[model]._abstract

    def record(self, model, record_id):
        """The record if the user may read it, else None."""
        records = self._readable.get(model)
        if records is None or record_id not in records._ids:
            return None
        return records.browse(record_id).with_prefetch(records._ids)

    def exists(self, model, record_id):
        """Whether the record is (still) there, readable or not."""
        return model in self._existing and record_id in self._existing[model]._ids

    def model_label(self, model):
        """The model's name in the reader's language."""
        if not model or model not in self.env:
            return model or ""
        return self.env["ir.model"]._get(model).sudo().name

    def name(self, model, record_id):
        """Display name, or a neutral one when the record is gone or out of reach."""
        record = self.record(model, record_id)
        if record is not None:
            return record.display_name or f"{self.model_label(model)} #{record_id}"
        values = {"model": self.model_label(model), "number": record_id}
        if self.exists(model, record_id):
            return self.env._("%(model)s (protected)", **values)
        return self.env._("%(model)s #%(number)s (deleted)", **values)
