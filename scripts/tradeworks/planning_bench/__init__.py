"""Synthetic worlds for the planning benchmark, its measurements and its peer."""
