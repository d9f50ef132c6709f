from odoo import api, fields, models

from ..engine import explain
from ..tools.fields import PlainMany2one, clean_after_delete


class SupplyPeg(models.Model):
    """Which supply covers which demand, with the quantity. Written by the planner alone."""

    _name = "supply.peg"
    _description = "Peg"
    _order = "date, id"
    _log_access = False
    _rec_name = "product_id"

    product_id = PlainMany2one(
        "product.product", required=True, readonly=True, ondelete="cascade", index=True
    )
    warehouse_id = PlainMany2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", related="warehouse_id.company_id")
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    quantity = fields.Float(digits="Product Unit", readonly=True)
    date = fields.Date("Needed", readonly=True)
    feasible_date = fields.Date("Possible", readonly=True)
    earliest_date = fields.Date(
        "Earliest",
        readonly=True,
        help="For what is late even so: the day when open orders move as the messages ask.",
    )
    claim_date = fields.Date(
        "Takes Its Turn",
        readonly=True,
        help="Of what was promised: by this day it takes among all needs, and it leaves to others"
        " what comes later.",
    )
    driver_data = fields.Json(readonly=True)
    driver = fields.Char("Reason", compute="_compute_driver")
    tentative = fields.Boolean(readonly=True, help="For an order that isn't confirmed.")
    sale_line_id = PlainMany2one(
        "sale.order.line", "Order Line", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    sale_order_id = fields.Many2one("sale.order", "Sales Order", related="sale_line_id.order_id")
    plan_line_id = PlainMany2one(
        "supply.plan.line",
        "Component of",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    move_id = PlainMany2one(
        "stock.move", "Other Need", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    purchase_line_id = PlainMany2one(
        "purchase.order.line",
        "Sent for Purchase Line",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Component that the subcontractor of this purchase line gets.",
    )
    forecast_id = PlainMany2one(
        "supply.forecast", "Forecast", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    safety = fields.Boolean("Safety Stock", readonly=True)
    substitute_for_id = PlainMany2one(
        "product.product",
        "Instead of",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    substitute_quantity = fields.Float("Quantity Replaced", digits="Product Unit", readonly=True)
    supply = fields.Selection(
        [
            ("stock", "Stock"),
            ("plan", "Plan line"),
            ("purchase", "Purchase order"),
            ("production", "Production order"),
            ("transfer", "Open receipt"),
        ],
        "Covered By",
        required=True,
        readonly=True,
    )
    supply_plan_line_id = PlainMany2one(
        "supply.plan.line", "Plan Line", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    supply_purchase_line_id = PlainMany2one(
        "purchase.order.line",
        "Purchase Line",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    supply_move_id = PlainMany2one(
        "stock.move", "Receipt", readonly=True, ondelete="cascade", index="btree_not_null"
    )

    def init(self):
        """What a foreign key does on deletion, see :class:`PlainMany2one`."""
        self.pool.post_init(clean_after_delete, self)

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("driver_data")
    def _compute_driver(self):
        texts = explain.tell(self.env, [peg.driver_data for peg in self])
        for peg, text in zip(self, texts, strict=True):
            peg.driver = text

    @api.model
    def _sale_lines_of(self, column, ids):
        """Order lines behind a document, through all levels: ``{id: sale.order.line ids}``.

        :param str column: supply column of the document, say ``supply_purchase_line_id``
        """
        found = self._roots(column, list(ids))
        return {number: sorted(found.get(number, ())) for number in ids}

    def _roots(self, column, ids):
        """Walk the pegs upwards from supplies to the sale lines they end at, in one query."""
        if not ids:
            return {}
        self.env["supply.peg"].flush_model()
        query, params = self._roots_query(column), {"ids": ids}
        result = {}
        self.env.cr.execute(query, params)
        for number, sale_line in self.env.cr.fetchall():
            result.setdefault(number, set()).add(sale_line)
        return result

    def _roots_query(self, column):
        links = " OR ".join(f"g.{supply} = up.{demand}" for demand, supply in self._chain_columns())
        demands = ", ".join(f"g.{demand}" for demand, _supply in self._chain_columns())
        return f"""
            WITH RECURSIVE up AS (
                SELECT g.{column} AS origin, g.id, g.sale_line_id, {demands}
                  FROM supply_peg g WHERE g.{column} = ANY(%(ids)s)
                 UNION
                SELECT up.origin, g.id, g.sale_line_id, {demands}
                  FROM supply_peg g JOIN up ON {links}
            )
            SELECT DISTINCT origin, sale_line_id FROM up WHERE sale_line_id IS NOT NULL
        """  # noqa: S608 - column names of this model, never input

    def _demand_owners(self):
        """Products whose plan lines ask for these components."""
        return self.plan_line_id.product_id

    @api.model
    def _chain_columns(self):
        """Pairs (demand column, supply column) through which pegs hang together."""
        return [
            ("plan_line_id", "supply_plan_line_id"),
            ("purchase_line_id", "supply_purchase_line_id"),
        ]

    @api.model
    def _documents_of(self, sale_line_ids):
        """All pegs below these order lines, over all levels."""
        if not sale_line_ids:
            return self.browse()
        links = " OR ".join(
            f"g.{demand} = down.{supply}" for demand, supply in self._chain_columns()
        )
        supplies = ", ".join(f"g.{supply}" for _demand, supply in self._chain_columns())
        self.env.cr.execute(
            f"""
            WITH RECURSIVE down AS (
                SELECT g.id, {supplies} FROM supply_peg g WHERE g.sale_line_id = ANY(%(ids)s)
                 UNION
                SELECT g.id, {supplies} FROM supply_peg g JOIN down ON {links}
            )
            SELECT id FROM down
            """,  # noqa: S608 - column names of this model, never input
            {"ids": list(sale_line_ids)},
        )
        return self.browse(row[0] for row in self.env.cr.fetchall())
