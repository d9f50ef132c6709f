"""What one planning run did, counted while it runs."""

import time
from collections import Counter, defaultdict

#: Key of the running recorder in the cursor's cache.
RECORDER = "inventory_link.recorder"
COUNTS = ("inserted", "updated", "deleted", "messages", "late")
LINES_KEPT = 200


class Recorder:
    """Counts by warehouse of the plans made between start and end of one run."""

    def __init__(self, cr, kind):
        self.kind = kind
        self.counts = defaultdict(Counter)
        self.days = {}
        self.checks = {}
        self.lines = defaultdict(list)
        self.notes = defaultdict(list)
        self._cursor, self._began, self._statements = cr, time.monotonic(), cr.sql_log_count

    @property
    def seconds(self):
        return round(time.monotonic() - self._began, 3)

    @property
    def statements(self):
        return self._cursor.sql_log_count - self._statements

    def add(self, warehouse, **counts):
        self.counts[warehouse].update(counts)

    def add_lines(self, warehouse, ids):
        kept = self.lines[warehouse]
        kept += ids[: LINES_KEPT - len(kept)]

    def told(self):
        """``{warehouse: counts}`` where lines or messages changed."""
        return {
            warehouse: counts
            for warehouse, counts in self.counts.items()
            if any(counts[name] for name in COUNTS[:4])
        }
