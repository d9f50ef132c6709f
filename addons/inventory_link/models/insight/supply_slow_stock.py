from odoo import api, fields, models
from odoo.fields import Domain

from ...engine import insight_slow, insight_suggestions

VALUE_GROUPS = (
    "stock.group_stock_manager,inventory_link.group_supply_planner,"
    "purchase.group_purchase_user,account.group_account_invoice"
)


class SupplySlowStock(models.Model):
    """Stock of each product and warehouse: what it is worth, how long it rests, how long it
    lasts, and what to do about it. See ``engine/insight_slow.py`` for the rules."""

    _name = "supply.slow.stock"
    _description = "Dead and Slow Stock"
    _auto = False
    _order = "idle_days desc, id"
    _rec_name = "product_id"
    _depends = {
        "stock.quant": ["product_id", "location_id", "quantity", "in_date", "owner_id"],
        "stock.move": ["state", "quantity", "product_uom", "date", "product_id"],
        "stock.location": ["usage", "warehouse_id"],
        "product.product": ["standard_price"],
        "product.template": ["is_storable", "categ_id", "uom_id"],
        "res.company": ["supply_slow_days", "supply_slow_months"],
        "res.partner": ["tz"],
    }

    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product Template", readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    on_hand = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary(
        readonly=True, groups=VALUE_GROUPS, help="At the product's cost, in company currency."
    )
    needed = fields.Float(
        "Needed by the Plan",
        digits="Product Unit",
        readonly=True,
        help="Pegged by the plan, safety stock left out.",
    )
    free = fields.Float(digits="Product Unit", readonly=True, help="Not needed by the plan.")
    free_value = fields.Monetary(
        readonly=True, groups=VALUE_GROUPS, help="Of the stock that the plan doesn't need."
    )
    last_use = fields.Date(
        readonly=True, help="Last delivery, consumption or transfer to another warehouse."
    )
    stock_since = fields.Date("Oldest Stock", readonly=True)
    idle_since = fields.Date(
        "Resting Since", readonly=True, help="The later of last use and arrival of the stock."
    )
    idle_days = fields.Integer("Days at Rest", readonly=True, aggregator="max")
    used_month = fields.Float(
        "Use a Month",
        digits="Product Unit",
        readonly=True,
        help="Average over the days after which stock is dead, with consumption in production.",
    )
    cover = fields.Float(
        "Cover (Months)",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="How long the stock lasts at this use; empty without any use.",
    )
    state = fields.Selection(
        [("active", "Active"), ("slow", "Slow"), ("dead", "Dead")], "Class", readonly=True
    )
    suggestion = fields.Char(compute="_compute_suggestion")

    @property
    def _table_query(self):
        return insight_slow.query(fields.Datetime.now())

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_suggestion(self):
        resting = self.sudo().filtered(lambda row: row.state != "active")
        texts = insight_suggestions.tell(self.env, resting)
        for row in self:
            row.suggestion = " ".join(texts.get((row.product_id.id, row.warehouse_id.id), ()))

    def action_open_purchases(self):
        """The purchase orders and requests by which still more of it comes."""
        self.check_access("read")
        orders = insight_suggestions.incoming_orders(self.sudo())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Still Coming"),
            "res_model": "purchase.order",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", orders)],
            "help": self.env._("No purchase order brings more of it."),
        }

    def action_open_plan(self):
        """The plan lines for these products."""
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "inventory_link.supply_plan_line_action"
        )
        domain = Domain("product_id", "in", self.product_id.ids)
        return action | {"domain": list(domain), "context": {"search_default_open": 1}}
