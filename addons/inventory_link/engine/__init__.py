"""The planning engine: plain Python and SQL, no business documents are created here.

``netting``  levels, netting, pegs, messages (no ORM, no database)
``lots``     lot sizes and vendor choice
``dates``    feasible days and their reasons
``reads``    one statement a query, set-based
``loader``   from rows to the items of a run
``rows``     from a netted plan to rows
``writer``   writes only what differs from what is stored
``handover`` products that leave the plan
``explain``  reasons kept as code and arguments, rendered in the reader's language
"""

from . import dates, explain, handover, loader, lots, netting, reads, rows, writer
