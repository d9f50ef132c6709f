"""Pieces of the credit benchmark: its worlds, measurements, peers and goals."""
