from odoo import fields, models


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

    _production_idx = models.Index("(production_id) WHERE production_id IS NOT NULL")
    _purchase_line_idx = models.Index("(purchase_line_id) WHERE purchase_line_id IS NOT NULL")

    def _keep(self, came, claims):
        """Share out what came in over the order lines that waited for it, earliest need first.

        :param dict came: ``{(field, id): (product, company, quantity)}`` of documents
        :param dict claims: ``{(field, id): [(order line id, quantity)]}``
        """
        values = []
        for (field, ref), (product, company, quantity) in came.items():
            for line, wanted in claims.get((field, ref), ()):
                taken = min(wanted, quantity)
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
                    }
                )
        return self.sudo().create(values)
