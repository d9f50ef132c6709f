from odoo import api, fields, models
from odoo.tools import SQL


class SupplyOrderCost(models.Model):
    """One row for each confirmed order line with a planned cost; all amounts in the currency of
    its company, without taxes. A row has the id of its order line."""

    _name = "supply.order.cost"
    _description = "Order Costs"
    _auto = False
    _order = "date_order DESC, order_id DESC, id"
    _rec_name = "product_id"

    sale_line_id = fields.Many2one("sale.order.line", "Order Line", readonly=True)
    order_id = fields.Many2one("sale.order", "Sales Order", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one("product.category", "Product Category", readonly=True)
    date_order = fields.Datetime("Order Date", readonly=True)
    closed = fields.Boolean("Delivered in Full", readonly=True)
    uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    quantity = fields.Float("Ordered", digits="Product Unit", readonly=True)
    delivered = fields.Float(digits="Product Unit", readonly=True)
    amount = fields.Monetary("Untaxed Amount", readonly=True)
    planned_cost = fields.Monetary(readonly=True)
    planned_margin = fields.Monetary(readonly=True)
    delivered_amount = fields.Monetary("Delivered Amount", readonly=True)
    planned_cost_delivered = fields.Monetary("Planned for Delivered", readonly=True)
    actual_cost = fields.Monetary(readonly=True)
    actual_margin = fields.Monetary(readonly=True)
    variance = fields.Monetary(
        "Difference", readonly=True, help="Actual cost less the planned cost of what was delivered."
    )
    variance_price = fields.Monetary("By Price", readonly=True)
    variance_quantity = fields.Monetary("By Quantity", readonly=True)
    variance_time = fields.Monetary("By Time", readonly=True)
    part_ids = fields.Many2many("supply.cost.part", string="Parts", compute="_compute_part_ids")

    def _compute_part_ids(self):
        parts = self.env["supply.cost.part"].search([("sale_line_id", "in", self.ids)])
        own = parts.grouped(lambda part: part.sale_line_id.id)
        for row in self:
            row.part_ids = own.get(row.id, parts.browse())

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.*,
                   row.amount - row.planned_cost AS planned_margin,
                   row.delivered_amount - row.actual_cost AS actual_margin
              FROM (
            SELECT l.id, l.id AS sale_line_id, o.id AS order_id, o.partner_id, o.user_id, o.team_id,
                   o.company_id, c.currency_id, l.product_id, t.categ_id, o.date_order,
                   o.costs_closed_on IS NOT NULL AS closed, l.product_uom_id AS uom_id,
                   l.product_uom_qty AS quantity, l.qty_delivered AS delivered,
                   round(l.price_subtotal / rate.value, m.decimal_places) AS amount,
                   round(COALESCE(l.planned_cost, 0) * l.product_uom_qty / l.planned_cost_quantity,
                         m.decimal_places) AS planned_cost,
                   round(l.price_subtotal / rate.value * l.qty_delivered
                         / NULLIF(l.product_uom_qty, 0), m.decimal_places) AS delivered_amount,
                   COALESCE(l.planned_cost_delivered, 0) AS planned_cost_delivered,
                   COALESCE(l.actual_cost, 0) AS actual_cost,
                   COALESCE(l.cost_variance, 0) AS variance,
                   COALESCE(l.cost_variance_price, 0) AS variance_price,
                   COALESCE(l.cost_variance_quantity, 0) AS variance_quantity,
                   COALESCE(l.cost_variance_time, 0) AS variance_time
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id
              JOIN res_company c ON c.id = o.company_id
              JOIN res_currency m ON m.id = c.currency_id
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             CROSS JOIN LATERAL (
                   SELECT CASE WHEN o.currency_rate > 0 THEN o.currency_rate ELSE 1 END AS value
                   ) rate
             WHERE o.state = 'sale' AND l.planned_cost_quantity > 0
                   ) row
            """
        )

    @api.model
    def _search(self, domain, *args, **kwargs):
        """The rows are read by SQL from order lines: what is pending there comes first."""
        self.env["sale.order.line"].flush_model()
        self.env["sale.order"].flush_model()
        return super()._search(domain, *args, **kwargs)

    def action_open_order(self):
        """Open the sales order of the row."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }
