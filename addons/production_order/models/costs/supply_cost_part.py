from odoo import api, fields, models


class SupplyCostPart(models.Model):
    """What one order line costs of one component, operation or subcontractor's fee: as planned
    when the order was confirmed, and as it really was for what has been delivered.

    Quantities are in ``uom_id`` (operations in hours), prices and amounts in company currency.
    ``variance_price + variance_quantity + variance_time = actual_cost - expected_cost``, exactly.
    """

    _name = "supply.cost.part"
    _description = "Cost Part"
    _order = "sale_line_id, kind, id"
    _log_access = False

    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one("res.currency", related="company_id.currency_id")
    root_product_id = fields.Many2one(
        "product.product",
        "Delivered Product",
        readonly=True,
        ondelete="cascade",
        help="The product of the order line, or the part of its kit.",
    )
    root_quantity = fields.Float(
        "Planned For",
        min_display_digits="Product Unit",
        readonly=True,
        help="How much of the delivered product the planned part is for.",
    )
    kind = fields.Selection(
        [("material", "Material"), ("fee", "Subcontracting"), ("operation", "Operation")],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one(
        "product.product",
        readonly=True,
        ondelete="cascade",
        help="The component, or the product that is made.",
    )
    operation_id = fields.Many2one(
        "mrp.routing.workcenter", "Operation", readonly=True, ondelete="set null"
    )
    operation_ref = fields.Integer(readonly=True, help="The operation, also when it is deleted.")
    name = fields.Char("Part", compute="_compute_name")
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    planned_quantity = fields.Float(min_display_digits="Product Unit", readonly=True)
    planned_price = fields.Float(digits="Product Price", readonly=True)
    planned_cost = fields.Monetary(readonly=True)
    expected_quantity = fields.Float(
        "Planned for Delivered (Quantity)",
        min_display_digits="Product Unit",
        readonly=True,
        help="The planned quantity for what has been delivered so far.",
    )
    expected_cost = fields.Monetary("Planned for Delivered", readonly=True)
    actual_quantity = fields.Float(min_display_digits="Product Unit", readonly=True)
    actual_price = fields.Float(digits="Product Price", readonly=True)
    actual_cost = fields.Monetary(readonly=True)
    variance = fields.Monetary("Difference", readonly=True, help="Actual less planned.")
    variance_price = fields.Monetary("By Price", readonly=True)
    variance_quantity = fields.Monetary("By Quantity", readonly=True)
    variance_time = fields.Monetary("By Time", readonly=True)

    @api.depends_context("lang")
    @api.depends("kind", "product_id", "operation_id")
    def _compute_name(self):
        """The component; an operation or a fee with what it is for."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for part in self.sudo():
            product = part.product_id.display_name
            if part.kind == "material":
                part.name = product
            else:
                part.name = f"{part.operation_id.name or kinds[part.kind]} · {product}"

    def _key(self):
        """The part's key of :mod:`~odoo.addons.production_order.engine.costs`."""
        return (self.root_product_id.id, self.kind, self.product_id.id, self.operation_ref)

    def _prepare_part(self, line, key, uom_id):
        """Values that name a part of an order line."""
        root, kind, product, operation = key
        return {
            "sale_line_id": line.id,
            "company_id": line.company_id.id,
            "root_product_id": root,
            "kind": kind,
            "product_id": product,
            "operation_id": operation,
            "operation_ref": operation,
            "uom_id": uom_id,
        }
