from collections import defaultdict

from odoo import fields, models

from ...engine.costs_actual import DOCUMENTS

#: Claims are shares of documents: equal to this many digits they are the same.
DIGITS = 6


class SupplyCostSource(models.Model):
    """What a production or a purchase brought in for an order line: pegs end when goods are there,
    and this is what is left of them to tell what the line's goods really cost."""

    _name = "supply.cost.source"
    _description = "Cost Source"
    _order = "id"
    _rec_name = "product_id"
    _log_access = False

    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    production_id = fields.Many2one(
        "mrp.production", "Production Order", readonly=True, ondelete="cascade"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", "Purchase Line", readonly=True, ondelete="cascade"
    )
    quantity = fields.Float(
        min_display_digits="Product Unit",
        readonly=True,
        help="In the product's unit, this line's share.",
    )
    claimed = fields.Float(
        "Still Wanted",
        readonly=True,
        help="What the line still waited for of the document by the plan, when this came in.",
    )

    _production_idx = models.Index("(production_id) WHERE production_id IS NOT NULL")
    _purchase_line_idx = models.Index("(purchase_line_id) WHERE purchase_line_id IS NOT NULL")

    def _keep(self, came, claims):
        """Share out what came in over the order lines that waited for it, earliest need first.
        A claim that is the same as last time hasn't been planned anew since: what the line has got
        on it meanwhile is taken off.

        :param dict came: ``{(field, id): (product, company, quantity)}`` of documents
        :param dict claims: ``{(field, id): [(order line id, quantity)]}``
        """
        values = []
        got = self._got_by_claim(claims)
        for (field, ref), (product, company, quantity) in came.items():
            own = claims.get((field, ref), ())
            claimed = defaultdict(float)
            for line, wanted in own:
                claimed[line] += wanted
            for line, wanted in own:
                key = (field, ref, line, round(claimed[line], DIGITS))
                had = min(got[key], wanted)
                got[key] -= had
                taken = min(wanted - had, quantity)
                if taken <= 1e-9:
                    continue
                quantity -= taken
                values.append(
                    {
                        "sale_line_id": line,
                        "company_id": company,
                        "product_id": product,
                        field: ref,
                        "quantity": taken,
                        "claimed": claimed[line],
                    }
                )
        return self.sudo().create(values)

    def _got_by_claim(self, claims):
        """``{(field, id, order line id, claim): quantity}`` that came in before."""
        ids = {name: [ref for field, ref in claims if field == name] for name in DOCUMENTS}
        domain = fields.Domain.OR([(name, "in", refs)] for name, refs in ids.items())
        got = defaultdict(float)
        for row in self.sudo().search(domain):
            name = next(name for name in DOCUMENTS if row[name])
            key = (name, row[name].id, row.sale_line_id.id, round(row.claimed, DIGITS))
            got[key] += row.quantity
        return got
