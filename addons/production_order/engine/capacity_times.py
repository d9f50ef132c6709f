"""How long the operations of a bill take, by the rules of Odoo's work orders
(``mrp.workorder._get_duration_expected``): setup and cleanup, cycles of what the centre makes at
once, efficiency of the centre. Minutes on the clock.
"""

from collections import defaultdict
from math import ceil

from . import capacity_reads
from .capacity import Operation


class Routings:
    """Operations of some bills, asked by product and quantity."""

    def __init__(self, cr, bom_ids, product_ids):
        self.cr = cr
        self.operations = defaultdict(list)
        rows = capacity_reads.operations(cr, sorted(bom_ids)) if bom_ids else ()
        for bom, *values in rows:
            self.operations[bom].append(values)
        self.products = (
            {row[0]: row[1:] for row in capacity_reads.units(cr, sorted(product_ids))}
            if rows
            else {}
        )
        centres = sorted({row[3] for row in rows})
        self.times = {row[0]: row[1:] for row in capacity_reads.centre_times(cr, centres)}
        self.capacities = defaultdict(list)
        for centre, *values in capacity_reads.centre_capacities(cr, centres) if centres else ():
            self.capacities[centre].append(values)
        self.measured = self._measure([row for row in rows if row[4]])

    def of(self, bom, product, quantity):
        """New operations for a quantity in the product's unit."""
        if not self.operations.get(bom):
            return []
        unit, factor, own = self.products.get(product, (None, 1.0, None))
        values = set(own or ())
        result = []
        for number, name, centre, auto, manual, _batch, default, limits in self.operations[bom]:
            if limits and not _fits(values, limits):
                continue
            cycle = self.measured.get(number, manual) if auto else manual
            size, setup, cleanup = self._capacity(centre, product, unit, factor, default or 1)
            efficiency = self.times[centre][2] or 100.0
            minutes = setup + cleanup + cycles(quantity, size) * cycle * 100.0 / efficiency
            result.append(Operation(centre, max(round(minutes), 0), 0, name))
        return result

    def _capacity(self, centre, product, unit, factor, default):
        """What the centre makes at once, with setup and cleanup minutes; as ``_get_capacity``."""
        rules = [
            rule
            for rule in self.capacities.get(centre, ())
            if rule[1] == unit and rule[0] in (None, product)
        ]
        if not rules:
            setup, cleanup, _efficiency = self.times[centre]
            return default, setup, cleanup
        rule = min(rules, key=lambda rule: rule[0] is None)
        size = rule[3] * rule[2] / factor if rule[3] else default
        return size, rule[4], rule[5]

    def _measure(self, rows):
        """Minutes of one cycle by the last finished work orders."""
        default = {row[1]: row[7] for row in rows}
        if not default:
            return {}
        found = capacity_reads.finished_work(self.cr, sorted(default))
        missing = {row[4] for row in found} - self.products.keys()
        known = self.products | (
            {row[0]: row[1:] for row in capacity_reads.units(self.cr, sorted(missing))}
            if missing
            else {}
        )
        minutes, rounds = defaultdict(float), defaultdict(int)
        for number, duration, made, centre, product, unit in found:
            if centre not in self.times:
                continue
            factor = known[product][1] if unit == known[product][0] else 1.0
            size, _setup, _cleanup = self._capacity(
                centre, product, unit, factor, default[number] or 1
            )
            minutes[number] += duration or 0.0
            rounds[number] += cycles(made, size)
        return {number: minutes[number] / rounds[number] for number in minutes if rounds[number]}


def cycles(quantity, size):
    """Whole rounds for a quantity."""
    return ceil(round(quantity / size, 6)) if size else 0


def _fits(own, limits):
    """One of the values of each attribute, as Odoo skips operations of other variants."""
    wanted = defaultdict(set)
    for attribute, value in limits:
        wanted[attribute].add(value)
    return all(options & own for options in wanted.values())
