"""How products are made: the first bill that fits, kits flattened over all levels."""

from collections import defaultdict
from fractions import Fraction

from odoo.addons.inventory_link.engine.netting import Recipe

from . import reads


def fraction(number):
    """A database number as an exact fraction of what it shows (0.1 is one tenth)."""
    return Fraction(repr(float(number)))


class RecipeBook:
    """Bills of materials of one read, asked per company."""

    def __init__(self, cr, product_ids):
        self.boms = reads.boms(cr, product_ids)
        templates = {row[2] for row in self.boms}
        self.variants = {
            pid: (tmpl, set(values or ())) for pid, tmpl, values in reads.variants(cr, templates)
        }
        self.bought = reads.bought_templates(cr, templates)
        self.lines = defaultdict(list)
        for bom, component, quantity, unit, base, values in reads.bom_lines(
            cr, [row[0] for row in self.boms]
        ):
            amount = fraction(quantity) * fraction(unit) / fraction(base)
            self.lines[bom].append((component, amount, values))
        self.by_template = defaultdict(list)
        for row in self.boms:
            self.by_template[row[2]].append(row)
        self.memo = {}

    def find(self, product, company, kind):
        """The bill of this type that Odoo would choose, or ``None``."""
        template, _values = self.variants.get(product, (None, None))
        for row in self.by_template.get(template, ()):
            _bom, bom_type, _tmpl, variant, owner = row[:5]
            if bom_type == kind and variant in (None, product) and owner in (None, company):
                return row
        return None

    def recipe(self, product, company):
        """``(bill id, lead days, {component: quantity for one})`` of a made product, or ``None``.

        A product with only a buying route of its own is bought.
        """
        template, _values = self.variants.get(product, (None, None))
        row = None if template in self.bought else self.find(product, company, "normal")
        if row is None:
            return None
        return row[0], row[5], self._components(row, product, company, frozenset({product}))

    def _components(self, row, product, company, above):
        key = row[0], product, company
        if key in self.memo:
            return self.memo[key]
        made = fraction(row[6]) * fraction(row[7]) / fraction(row[8])
        result = defaultdict(Fraction)
        for component, amount, values in self.lines[row[0]]:
            if values and not self._fits(product, values):
                continue
            kit = self.find(component, company, "phantom")
            if kit is None or component in above:
                result[component] += amount / made
                continue
            for part, per_kit in self._components(
                kit, component, company, above | {component}
            ).items():
                result[part] += amount / made * per_kit
        self.memo[key] = dict(result)
        return self.memo[key]

    def _fits(self, product, values):
        """A line limited to variant values fits when each attribute has one of its values."""
        _template, own = self.variants[product]
        wanted = defaultdict(set)
        for attribute, value in values:
            wanted[attribute].add(value)
        return all(options & own for options in wanted.values())


def load(scope):
    """Set the recipe of every made product in the scope."""
    book = RecipeBook(scope.env.cr, scope.closure)
    for (wid, pid), item in scope.items.items():
        found = book.recipe(pid, scope.warehouses[wid].company)
        if found:
            bom, lead, components = found
            item.recipe = Recipe(
                bom, lead, tuple(((wid, part), ratio) for part, ratio in sorted(components.items()))
            )
