from odoo import fields, models
from odoo.tools import SQL


class MrpProductionTree(models.Model):
    """The productions below a production over all levels, one row for each place in the tree.

    Read from the pegs, never stored. ``supply_tree_root`` in the context says which tree is read,
    without it there are no rows; it opens nothing: rows follow the rights on productions. The id of
    a row comes from its place, so that it stays the same whatever happens around it.
    """

    _name = "mrp.production.tree"
    _description = "Production Tree"
    _auto = False
    _order = "root_id, path"
    _rec_name = "production_id"

    root_id = fields.Many2one("mrp.production", "Top Production", readonly=True)
    parent_id = fields.Many2one("mrp.production", "Needed By", readonly=True)
    production_id = fields.Many2one("mrp.production", "Production Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    level = fields.Integer(readonly=True, help="0 is the production itself.")
    path = fields.Char(readonly=True)
    quantity = fields.Float(
        "Quantity For It",
        digits="Product Unit",
        readonly=True,
        help="What the production above gets of it.",
    )
    name = fields.Char("Production", compute="_compute_name")
    product_id = fields.Many2one("product.product", related="production_id.product_id")
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    date_start = fields.Datetime("Start", related="production_id.date_start")
    date_finished = fields.Datetime("End", related="production_id.date_finished")
    state = fields.Selection(related="production_id.state")
    kit_rate = fields.Float(related="production_id.kit_rate")
    ready_date = fields.Date(related="production_id.ready_date")
    readiness_state = fields.Selection(related="production_id.readiness_state")

    def _compute_name(self):
        """Indented by level."""
        for row in self:
            row.name = "\u2003" * row.level + ("└ " if row.level else "") + row.production_id.name

    def action_open(self):
        """The production of this row."""
        self.ensure_one()
        self.check_access("read")
        return self.production_id.action_floor_open()

    @property
    def _table_query(self):
        root = self.env.context.get("supply_tree_root")
        if not isinstance(root, int):
            root = 0
        return SQL(
            """
            WITH RECURSIVE link AS (
                SELECT production_id AS parent, supply_production_id AS child,
                       sum(quantity) AS quantity
                  FROM supply_peg
                 WHERE production_id IS NOT NULL AND supply_production_id IS NOT NULL
                 GROUP BY 1, 2
            ), tree AS (
                SELECT mo.id AS root_id, NULL::int AS parent_id, mo.id AS production_id,
                       0 AS level, ARRAY[mo.id] AS ids,
                       mo.product_uom_qty::float AS quantity
                  FROM mrp_production mo
                 WHERE mo.id = %s AND mo.state != 'cancel'
                 UNION ALL
                SELECT tree.root_id, link.parent, link.child, tree.level + 1,
                       tree.ids || link.child, link.quantity::float
                  FROM tree
                  JOIN link ON link.parent = tree.production_id
                 WHERE NOT link.child = ANY(tree.ids)
            )
            SELECT ('x' || left(md5(array_to_string(tree.ids, '/')), 13))::bit(52)::bigint AS id,
                   tree.root_id, tree.parent_id, tree.production_id, mo.company_id, tree.level,
                   array_to_string(
                       ARRAY(SELECT lpad(n::text, 10, '0') FROM unnest(tree.ids) n), '/') AS path,
                   tree.quantity
              FROM tree
              JOIN mrp_production mo ON mo.id = tree.production_id
            """,
            root,
        )
