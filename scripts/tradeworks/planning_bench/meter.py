"""What a piece of work costs: wall, CPU of Python and of its database backend, SQL statements,
rows written, memory."""

import gc
import os
import re
import resource
import time
from collections import defaultdict
from pathlib import Path

from psycopg2.extensions import cursor

TABLES = ("supply_plan_line", "supply_peg", "supply_message")
TICKS = os.sysconf("SC_CLK_TCK")


class _Counting(cursor):
    """Counts and times every statement, COPY included, which Odoo's own counter doesn't see."""

    def _timed(self, call, text, *args, **kwargs):
        start = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            entry = self.log[_shape(text)]
            entry[0] += 1
            entry[1] += time.perf_counter() - start

    def execute(self, query, vars=None):  # noqa: A002 - psycopg2's name
        return self._timed(super().execute, query, query, vars)

    def executemany(self, query, vars_list):
        return self._timed(super().executemany, query, query, vars_list)

    def copy_expert(self, sql, file, size=8192):
        return self._timed(super().copy_expert, sql, sql, file, size)

    def copy_from(self, file, table, **kwargs):
        return self._timed(super().copy_from, f"COPY {table}", file, table, **kwargs)


def _shape(query):
    text = query.decode(errors="replace") if isinstance(query, bytes) else str(query)
    return re.sub(r"\s+", " ", text[:400]).strip()[:160]


class Meter:
    """``with Meter(env) as cost: …``, then ``cost.result`` (a dict) and ``cost.sql``."""

    def __init__(self, env):
        self.cr = env.cr
        self.result, self.sql = {}, []

    def __enter__(self):
        self.cr.execute("SELECT pg_backend_pid()")
        self.pid = self.cr.fetchone()[0]
        self.own = self.cr._obj
        self.cr._obj = counting = self.cr._cnx.cursor(cursor_factory=_Counting)
        counting.log = defaultdict(lambda: [0, 0.0])
        self.before = _written(self.own)
        gc.collect()
        self.rss, self.backend = rss_now(), _backend_cpu(self.pid)
        self.python, self.start = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *exc):
        wall = time.perf_counter() - self.start
        python, backend = time.process_time() - self.python, _backend_cpu(self.pid) - self.backend
        log = self.cr._obj.log
        self.cr._obj.close()
        self.cr._obj = self.own
        self.sql = sorted(
            ((seconds, count, text) for text, (count, seconds) in log.items()), reverse=True
        )
        self.result = {
            "seconds": round(wall, 3),
            "cpu_python": round(python, 3),
            "cpu_database": round(backend, 3),
            "statements": sum(count for count, _seconds in log.values()),
            "rss_before_mb": self.rss,
            "rss_peak_mb": rss_peak(),
        }
        if not any(exc):
            after = _written(self.own)
            self.result["rows_written"] = sum(after) - sum(self.before)


def _written(cr):
    """Rows inserted, updated, deleted in the plan's tables by this transaction so far."""
    cr.execute(
        "SELECT COALESCE(sum(n_tup_ins), 0), COALESCE(sum(n_tup_upd), 0),"
        " COALESCE(sum(n_tup_del), 0) FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
        [list(TABLES)],
    )
    return [int(value) for value in cr.fetchone()]


def _backend_cpu(pid):
    """CPU seconds of a backend; 0 when the server runs elsewhere."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return 0.0
    fields = text.rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss_now():
    """Memory of this process in MB."""
    text = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) // 1024


def rss_peak():
    """The most memory this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def load_average():
    return [round(value, 2) for value in os.getloadavg()]
