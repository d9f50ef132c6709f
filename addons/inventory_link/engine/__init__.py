"""The planning engine: plain Python and SQL, no business documents are created here.

``objects``       what netting works on
``levels``        parents before components, loops
``keys``          identity of plan lines over re-runs
``netting``       netting, pegs, recommendations (no ORM, no database)
``handover``      products that leave the plan
``lots``          lot sizes and vendor choice
``workdays``      working days and closing days
``dates``         feasible days and their reasons
``reads…``        one statement a query, set-based
``scope``         everything one run works on
``loader…``       from rows to the items of a run
``texts``         rows as text: exact comparison, and what COPY takes
``rows_…``        from a netted plan to rows
``writer``        writes only what differs from what is stored
``explain…``      reasons kept as code and arguments, rendered in the reader's language
"""

from . import (
    dates,
    explain,
    explain_problems,
    handover,
    keys,
    levels,
    loader,
    loader_needs,
    lots,
    netting,
    objects,
    reads,
    reads_needs,
    reads_plan,
    rows_lines,
    rows_messages,
    rows_pegs,
    scope,
    texts,
    workdays,
    writer,
)
