from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine import insight_vendor

#: Received lines that a lead time needs before it is proposed.
LEAD_LINES = 3


class SupplyVendorPerformance(models.Model):
    """What vendors promised and what they did: one row for each confirmed purchase line of goods.

    A line is judged once nothing is to come any more, or once its day has passed: what is open
    then is late as of today. Receipts in parts count by their quantity. Every line counts the
    same in the rates of a group; price deviations are weighted by value.
    """

    _name = "supply.vendor.performance"
    _description = "Vendor Performance"
    _auto = False
    _order = "date_due desc, id desc"
    _rec_name = "line_id"
    _depends = {
        "purchase.order.line": [
            *("product_id", "product_qty", "product_uom_id", "date_planned", "price_unit"),
            *("discount", "price_subtotal", "date_promised_first", "supply_price_listed"),
            *("supply_lead_listed", "order_id"),
        ],
        "purchase.order": ["state", "partner_id", "date_approve", "currency_rate", "user_id"],
        "stock.move": ["state", "quantity", "product_uom", "purchase_line_id", "date"],
        "stock.picking": ["date_done"],
        "account.move.line": ["purchase_line_id", "balance", "quantity", "parent_state"],
        "res.company": ["supply_vendor_tolerance", "supply_vendor_basis"],
        "res.partner": ["commercial_partner_id", "tz"],
    }

    line_id = fields.Many2one("purchase.order.line", "Purchase Line", readonly=True)
    order_id = fields.Many2one("purchase.order", "Purchase Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    vendor_id = fields.Many2one("res.partner", "Vendor", readonly=True)
    user_id = fields.Many2one("res.users", "Buyer", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one("product.template", "Product Template", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    currency_id = fields.Many2one("res.currency", "Currency", readonly=True)
    date_due = fields.Date(
        "Promised",
        readonly=True,
        help="The day the line is measured by: the first promised or the latest one, as the"
        " company says in its settings.",
    )
    date_first = fields.Date("First Promised", readonly=True)
    date_latest = fields.Date("Latest Promised", readonly=True)
    date_confirmed = fields.Date("Ordered", readonly=True)
    date_received = fields.Date("Last Receipt", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Not due yet"),
            ("overdue", "Overdue"),
            ("on_time", "On time"),
            ("late", "Late or missing"),
        ],
        "Status",
        readonly=True,
    )
    lines = fields.Integer("Lines", readonly=True)
    lines_due = fields.Integer("Lines Due", readonly=True)
    receipts = fields.Integer(readonly=True)
    ordered = fields.Float("Ordered Qty", digits="Product Unit", readonly=True, aggregator=None)
    received = fields.Float("Received Qty", digits="Product Unit", readonly=True, aggregator=None)
    returned = fields.Float("Returned Qty", digits="Product Unit", readonly=True, aggregator=None)
    on_time_rate = fields.Float(
        "On Time",
        readonly=True,
        aggregator="avg",
        help="Share of the ordered quantity that came by the promised day and the tolerance.",
    )
    days_late = fields.Float(
        "Days Late",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Mean over the quantity; what is open after its day is late as of today.",
    )
    days_late_median = fields.Float(
        "Days Late, Median", digits=(16, 1), readonly=True, aggregator="avg"
    )
    days_late_p90 = fields.Float(
        "Days Late, 9 of 10",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Nine of ten lines came at most this late.",
    )
    quantity_rate = fields.Float(
        "Quantity Accuracy",
        readonly=True,
        aggregator="avg",
        help="100 % less the share that was missing, too much, or sent back. Only of lines that"
        " nothing is to come for.",
    )
    amount = fields.Monetary("Value", readonly=True, help="Ordered, in company currency.")
    list_base = fields.Monetary("At List Price", readonly=True)
    list_difference = fields.Monetary("Above List Price", readonly=True)
    list_rate = fields.Float(
        "Order Above List",
        readonly=True,
        aggregator="avg",
        help="Price of the order against the vendor's price list on the day of the order.",
    )
    bill_base = fields.Monetary("Billed at Order Price", readonly=True)
    bill_difference = fields.Monetary("Billed Above Order", readonly=True)
    bill_rate = fields.Float(
        "Bill Above Order",
        readonly=True,
        aggregator="avg",
        help="Price of the bills against the order, both at the rate of the bill's day.",
    )
    lead_listed = fields.Integer(
        "Lead Time Listed",
        readonly=True,
        aggregator="avg",
        help="Days that the vendor's price list said when the order was confirmed.",
    )
    lead_days = fields.Float(
        "Lead Time Taken",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Days from confirmation to receipt. Not of lines that were ordered with time to"
        " spare and came in time: they say nothing about the vendor.",
    )
    lead_p90 = fields.Float("Lead Time, 9 of 10", digits=(16, 1), readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return insight_vendor.query(fields.Datetime.now())

    def _read_group_select(self, aggregate_spec, query):
        """Medians, percentiles and price deviations of a group aren't means of its lines."""
        name, _colon, function = aggregate_spec.partition(":")
        if function == "avg" and name in insight_vendor.AGGREGATES:
            super()._read_group_select(aggregate_spec, query)  # checks access to the field
            return insight_vendor.aggregate(self._table, name)
        return super()._read_group_select(aggregate_spec, query)

    # -- actions --------------------------------------------------------------------------------

    def action_open_order(self):
        """Open the purchase order of the line."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "purchase.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    # -- business -------------------------------------------------------------------------------

    @api.model
    def _lead_times(self, vendors, templates, companies):
        """Days that nine of ten receipts of the last year took:
        ``{(vendor, product template): days}``, only where enough lines were received.

        :param vendors: commercial partners
        :param companies: those of them that plan count
        """
        found = self._measure(
            SQL(
                "SELECT r.vendor_id, r.product_tmpl_id, %s",
                insight_vendor.aggregate("r", "lead_p90"),
            ),
            SQL(
                "WHERE r.lead_days IS NOT NULL AND r.date_received >= %s"
                " GROUP BY r.vendor_id, r.product_tmpl_id HAVING count(*) >= %s",
                self._year_ago(),
                LEAD_LINES,
            ),
            companies,
            vendors=vendors,
            templates=templates,
        )
        return {(vendor, template): days for vendor, template, days in found}

    @api.model
    def _on_time_rates(self, vendors):
        """``{commercial partner: share on time of the last year}`` in the user's companies, of
        those that plan."""
        found = self._measure(
            SQL("SELECT r.vendor_id, avg(r.on_time_rate)"),
            SQL(
                "WHERE r.lines_due = 1 AND r.date_due >= %s GROUP BY r.vendor_id", self._year_ago()
            ),
            self.env.companies,
            vendors=vendors,
        )
        return {vendor: float(rate) for vendor, rate in found}

    def _measure(self, select, where, companies, **only):
        """Rows of the report's own query, which reads the history of these records alone; none
        where nobody plans."""
        companies = companies.sudo().filtered("supply_planning")
        if not companies or not all(only.values()):
            return []
        lines = insight_vendor.query(fields.Datetime.now(), companies=companies, **only)
        return self.env.execute_query(
            SQL("%s FROM (%s) r %s", select, lines, where, to_flush=self._table_sql.to_flush)
        )

    def _year_ago(self):
        return fields.Date.context_today(self) - relativedelta(years=1)
