"""What bills of materials and productions add to the planning engine, readiness, capacity."""

from . import (
    above,
    capacity,
    capacity_jobs,
    capacity_promises,
    capacity_quotes,
    capacity_reads,
    capacity_rows,
    capacity_times,
    losses,
    productions,
    readiness,
    readiness_reads,
    reads,
    recipes,
    subcontracts,
)
