"""What bills of materials and productions add to the planning engine, and readiness."""

from . import above, losses, productions, readiness, readiness_reads, reads, recipes, subcontracts
