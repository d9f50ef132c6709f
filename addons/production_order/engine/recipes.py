"""How products are made: the first bill that fits, kits flattened over all levels."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

from odoo.addons.inventory_link.engine.loader import lead_days
from odoo.addons.inventory_link.engine.objects import Recipe

from . import reads
from .losses import fraction, surcharge, usable_share


class RecipeBook:
    """Bills of materials of one read, asked per company."""

    def __init__(self, cr, product_ids, vendor_ids=()):
        self.boms = reads.boms(cr, product_ids)
        templates = {row[2] for row in self.boms}
        self.variants = {
            pid: (tmpl, set(values or ())) for pid, tmpl, values in reads.variants(cr, templates)
        }
        self.bought = reads.bought_templates(cr, templates)
        self.rules = reads.scrap_rules(cr)
        self.archived = defaultdict(set)
        self.lines = defaultdict(list)
        for bom, component, quantity, unit, base, scrap, archived, values in reads.bom_lines(
            cr, [row[0] for row in self.boms]
        ):
            amount = fraction(quantity)
            if unit != base:
                amount = amount * fraction(unit) / fraction(base)
            self.lines[bom].append((component, amount, scrap, values))
            if archived:
                self.archived[bom].add(component)
        self.by_template = defaultdict(list)
        for row in self.boms:
            self.by_template[row[2]].append(row)
        self.vendors = defaultdict(list)
        subcontracted = [row[0] for row in self.boms if row[1] == "subcontract"]
        if subcontracted and vendor_ids:
            for bom, vendor in reads.subcontractors(cr, subcontracted, vendor_ids):
                self.vendors[bom].append(vendor)
        self.memo = {}

    def find(self, product, company, kinds, warehouse=None):
        """The bills of these types that fit, in the order in which Odoo would choose them."""
        template, _values = self.variants.get(product, (None, None))
        return [
            row
            for row in self.by_template.get(template, ())
            if row[1] in kinds
            and row[3] in (None, product)
            and row[4] in (None, company)
            and (warehouse is None or row[11] in (None, warehouse))
        ]

    def is_bought(self, product):
        """A product with only a buying route of its own is bought, whatever bills it has."""
        template, _values = self.variants.get(product, (None, None))
        return template in self.bought

    def components(self, row, product, company, above=frozenset()):
        """``{component: quantity for one started unit, scrap included}`` of a bill."""
        key = row[0], product, company
        if key in self.memo:
            return self.memo[key]
        made = fraction(row[6])
        if row[7] != row[8]:
            made = made * fraction(row[7]) / fraction(row[8])
        rule = self.rules.get(company, "divide")
        above = above | {product}
        result = defaultdict(Fraction)
        for component, amount, scrap, values in self.lines[row[0]]:
            if values and not self._fits(product, values):
                continue
            share = amount if made == 1 else amount / made
            if scrap:
                share *= surcharge(scrap, rule)
            kits = () if component in above else self.find(component, company, ("phantom",))
            if not kits:
                result[component] = result[component] + share if component in result else share
                continue
            for part, per_kit in self.components(kits[0], component, company, above).items():
                result[part] += share * per_kit
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
    """Set how every product in the scope is made, and what its subcontractors are sent."""
    vendors = {offer.vendor for item in scope.items.values() for offer in item.offers}
    book = RecipeBook(scope.env.cr, scope.closure, vendors)
    for item in scope.items.values():
        _load_item(scope, book, item)
    _add_material_cost(scope)


def _load_item(scope, book, item):
    warehouse = scope.warehouses[item.key[0]]
    rows = book.find(item.key[1], warehouse.company, ("normal", "subcontract"), item.key[0])
    if not rows:
        return
    normal = [row for row in rows if row[1] == "normal"]
    if normal and not book.is_bought(item.key[1]):
        item.recipes = tuple(_recipe(scope, book, item, row) for row in normal)
        # the bill that comes first decides between making and subcontracting
        item.recipe = item.recipes[0] if rows[0][1] == "normal" else None
    for row in rows:
        for vendor in book.vendors.get(row[0], ()):
            item.subcontract.setdefault(vendor, _recipe(scope, book, item, row))
    if not item.subcontract and item.recipes:
        item.recipe = item.recipes[0]


def _recipe(scope, book, item, row):
    wid, pid = item.key
    warehouse = scope.warehouses[wid]
    components = book.components(row, pid, warehouse.company)
    for component in book.archived.get(row[0], ()):
        scope.report("archived_component", item.key, component)
    return Recipe(
        row[0],
        lead_days(scope, item.key, "make_lead", row[5]),
        tuple(
            ((wid, part), share.numerator, share.denominator)
            for part, share in sorted(components.items())
        ),
        good=usable_share(row[9], book.rules.get(warehouse.company, "divide")),
        calendar=scope.calendars.get(("calendar", warehouse.calendar)),
        max_lot=scope.units(row[10]),
    )


def _add_material_cost(scope):
    """A subcontractor's price counts with the cost of what he is sent for one unit."""
    items = [item for item in scope.items.values() if item.subcontract]
    if not items:
        return
    parts = {
        key[1]
        for item in items
        for recipe in item.subcontract.values()
        for key, _units, _per in recipe.components
    }
    companies = {warehouse.company for warehouse in scope.warehouses.values()}
    costs = reads.standard_costs(scope.env.cr, parts, companies)
    for item in items:
        company = scope.warehouses[item.key[0]].company
        item.offers = tuple(
            _with_material(offer, item.subcontract.get(offer.vendor), costs, company)
            for offer in item.offers
        )


def _with_material(offer, recipe, costs, company):
    if recipe is None:
        return offer
    cost = sum(
        units / per * costs.get((key[1], company), 0.0) for key, units, per in recipe.components
    )
    return replace(offer, material=cost)
