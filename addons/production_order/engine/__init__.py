"""What bills of materials and productions add to the planning engine, and readiness."""

from . import productions, readiness, reads, recipes
