"""What the person at the terminal sees: one line a step, and problems that say what to do."""

import contextlib
import errno
import functools
import os
import sys
import time


class ProblemError(Exception):
    """Something the person can mend: what happened, why, and what to do about it."""

    def __init__(self, what, why="", todo=""):
        super().__init__(what)
        self.what, self.why, self.todo = what, why, todo

    def __str__(self):
        lines = [f"✗ {self.what}"]
        if self.why:
            lines.append(f"  Why:  {self.why}")
        if self.todo:
            lines.append(f"  Do:   {self.todo}")
        return "\n".join(lines)


def say(text=""):
    """Print at once, also when the output is a pipe."""
    print(text, flush=True)


def _live():
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextlib.contextmanager
def step(name):
    """One progress line: the name while it runs, then how long it took.

    The object yielded has `note(text)`, shown behind the time; a step that finds its work
    already done stays silent when `note` was called with None.
    """
    started = time.monotonic()
    notes = []
    quiet = []

    class Notes:
        @staticmethod
        def note(text):
            (quiet if text is None else notes).append(text)

    if _live():
        print(f"  … {name}", end="", flush=True)
    try:
        yield Notes
    except BaseException:
        print(f"{chr(13) if _live() else ''}  ✗ {name}", flush=True)
        raise
    if quiet and not notes:
        if _live():
            print("\r" + " " * (len(name) + 6) + "\r", end="", flush=True)
        return
    tail = f"  ({notes[-1]})" if notes else ""
    seconds = time.monotonic() - started
    print(f"{chr(13) if _live() else ''}  ✓ {name:<46}{seconds:6.1f} s{tail}", flush=True)


def _told(error):
    """What a refusal of the operating system means to a person; None when we can't tell."""
    if isinstance(error, PermissionError):
        return ProblemError(
            f"{error.filename} can't be read or written by you",
            "It belongs to another account: the set-up was probably made as root, or without it.",
            "Run as the account that made it, or give yourself a place of your own: "
            "TRADEWORKS_HOME=~/tradeworks",
        )
    if error.errno == errno.ENOSPC:
        return ProblemError(
            "The disk is full",
            f"Nothing more can be written ({error.filename or 'a file'}).",
            "Free some space and run again: what was finished is kept.",
        )
    return None


def command(function):
    """Turn `function(argv)` into a command: problems and Ctrl-C become exit codes."""

    @functools.wraps(function)
    def run(argv=None):
        try:
            code = function(sys.argv[1:] if argv is None else argv)
        except ProblemError as problem:
            print(problem, file=sys.stderr, flush=True)
            code = 1
        except KeyboardInterrupt:
            print("\nStopped.", file=sys.stderr, flush=True)
            code = 130
        except BrokenPipeError:
            code = 141
        except OSError as error:
            problem = _told(error)
            if problem is None:
                raise
            print(problem, file=sys.stderr, flush=True)
            code = 1
        sys.exit(code or 0)

    return run
