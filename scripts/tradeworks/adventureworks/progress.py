"""A bar on one line at a terminal; a line at the quarters in a log."""

import os
import sys
import time

WIDTH = 24
LONG = 5.0


class Bar:
    def __init__(self, title, total, known=0):
        self.title, self.total, self.known = title, total, known
        self.count, self.quarter = 0, 0
        self.started = time.monotonic()
        self.live = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
        self._draw()

    def advance(self, count):
        self.count += count
        quarter = self.count * 4 // self.total if self.total else 4
        long = time.monotonic() - self.started > LONG
        if not self.live and quarter > self.quarter and quarter < 4 and long:
            print(f"    {self.title}: {self.count} of {self.total}", flush=True)
        self.quarter = quarter
        self._draw()

    def _draw(self):
        if self.live and self.total:
            full = WIDTH * self.count // self.total
            bar = "█" * full + "·" * (WIDTH - full)
            print(f"\r  … {self.title:<34}{bar} {self.count}/{self.total}", end="", flush=True)

    def done(self, note=""):
        seconds = time.monotonic() - self.started
        known = f", {self.known} there before" if self.known else ""
        tail = note or f"{self.count} new{known}"
        start = "\r\033[K" if self.live else ""
        print(f"{start}  ✓ {self.title:<34}{seconds:7.1f} s  ({tail})", flush=True)
