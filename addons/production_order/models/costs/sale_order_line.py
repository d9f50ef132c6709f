from collections import defaultdict

from odoo import api, fields, models

from ...engine import costs, costs_actual, costs_planned, reads

#: Who sees what an order line costs: a plain salesperson doesn't.
COST_GROUPS = (
    "sales_team.group_sale_manager,account.group_account_invoice,"
    "inventory_link.group_supply_planner,mrp.group_mrp_manager"
)
COST_FIELDS = {
    "planned_cost",
    "planned_cost_quantity",
    "planned_cost_delivered",
    "actual_cost",
    "cost_variance",
    "cost_variance_price",
    "cost_variance_quantity",
    "cost_variance_time",
    "cost_part_ids",
}


class SaleOrderLine(models.Model):
    """Cost and margin of an order line, in company currency, planned and as it really was.

    The planned cost is fixed when the line is confirmed. The actual one is for what has been
    delivered less what came back, and is compared with the planned cost of just that.
    """

    _inherit = "sale.order.line"

    company_currency_id = fields.Many2one(
        "res.currency", "Company Currency", related="company_id.currency_id"
    )
    planned_cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the line was to cost when it was confirmed, without taxes: stock at its"
        " standard price, purchases with freight and duty, components and operations over all"
        " levels. It stays as it was.",
    )
    planned_cost_quantity = fields.Float(
        "Quantity at Confirmation",
        digits="Product Unit",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the planned cost is for, in the line's unit.",
    )
    planned_cost_delivered = fields.Monetary(
        "Planned for Delivered",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="The planned cost of what has been delivered so far.",
    )
    actual_cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="What the goods delivered so far really cost: components and working time of their"
        " productions, prices of their bills; what can't be traced has the value of its delivery.",
    )
    cost_variance = fields.Monetary(
        "Cost Difference",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="Actual cost less the planned cost of what has been delivered.",
    )
    cost_variance_price = fields.Monetary(
        "By Price",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="Other prices and hourly rates than planned, for what was really taken.",
    )
    cost_variance_quantity = fields.Monetary(
        "By Quantity",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="More or less taken than planned, at the planned price.",
    )
    cost_variance_time = fields.Monetary(
        "By Time",
        currency_field="company_currency_id",
        readonly=True,
        copy=False,
        groups=COST_GROUPS,
        help="Longer or shorter work than planned, at the planned rate.",
    )
    planned_margin = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_cost_margins",
        groups=COST_GROUPS,
        help="The line's amount without taxes, in company currency, less its planned cost.",
    )
    actual_margin = fields.Monetary(
        currency_field="company_currency_id",
        compute="_compute_cost_margins",
        groups=COST_GROUPS,
        help="The amount of what has been delivered, without taxes and in company currency, less"
        " its actual cost.",
    )
    cost_part_ids = fields.One2many(
        "supply.cost.part", "sale_line_id", "Cost Parts", readonly=True, groups=COST_GROUPS
    )

    @api.depends(
        "price_subtotal",
        "product_uom_qty",
        "qty_delivered",
        "planned_cost",
        "planned_cost_quantity",
        "actual_cost",
        "order_id.currency_rate",
    )
    def _compute_cost_margins(self):
        for line in self:
            quantity, planned_for = line.product_uom_qty, line.planned_cost_quantity
            if not planned_for:  # nobody knows its cost
                line.planned_margin = line.actual_margin = 0.0
                continue
            money = line.company_currency_id.round
            amount = line.price_subtotal / (line.order_id.currency_rate or 1.0)
            planned = line.planned_cost * quantity / planned_for
            delivered = amount * line.qty_delivered / quantity if quantity else 0.0
            line.planned_margin = money(amount) - money(planned)
            line.actual_margin = money(delivered) - line.actual_cost

    def _has_field_access(self, field, operation):
        """Costs come from documents: nobody writes one by hand."""
        if operation == "write" and field.name in COST_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """The plan for a confirmed line stands now: that is its planned cost."""
        result = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        self._fix_planned_costs()
        return result

    # -- planned --------------------------------------------------------------------------------

    def _fix_planned_costs(self):
        """Keep what these confirmed lines of companies that plan will cost, once. See
        :func:`~odoo.addons.production_order.engine.costs_planned.read` for how."""
        # planning has just emptied the caches: read the lines together, not one by one
        lines = self.sudo().browse(self.ids)
        lines = lines.filtered(
            lambda line: (
                line.company_id.supply_planning
                and line.state == "sale"
                and line.product_id
                and not line.display_type
                and not line.is_downpayment
                and not line.planned_cost_quantity
                and line.product_uom_qty > 0
            )
        )
        for company, own in lines.grouped("company_id").items():
            own.with_company(company)._fix_company_costs(company)

    def _fix_company_costs(self, company):
        needs = self._cost_needs()
        products = {product for parts in needs.values() for product, _quantity in parts}
        planned = costs_planned.read(self.env, company, self.ids, products)
        parts = {line: planned.parts(line.id, needs[line.id]) for line in self}
        units = self._part_units(parts.values())
        rows = []
        for line, own in parts.items():
            wanted = defaultdict(float)
            for product, quantity in needs[line.id]:
                wanted[product] += quantity
            rows += [line._prepare_planned_part(key, own[key], wanted, units) for key in own]
        created = self.env["supply.cost.part"].create(rows)
        totals = {
            line: sum(rows.mapped("planned_cost"))
            for line, rows in created.grouped("sale_line_id").items()
        }
        for line in self:
            line.planned_cost = company.currency_id.round(totals.get(line, 0.0))
            line.planned_cost_quantity = line.product_uom_qty

    def _cost_needs(self):
        """What each line takes, services too: ``{line id: [(product id, quantity)]}``."""
        return {
            number: [(product.id, quantity) for product, quantity in parts]
            for number, parts in self._promise_components().items()
        }

    def _prepare_planned_part(self, key, part, wanted, units):
        quantity, cost = part
        return self.env["supply.cost.part"]._prepare_part(self, key, units[key]) | {
            "root_quantity": wanted.get(key[0], 0.0),
            "planned_quantity": quantity,
            "planned_price": cost / quantity if quantity else 0.0,
            "planned_cost": self.company_currency_id.round(cost),
        }

    def _part_units(self, all_parts):
        """``{key: unit id}``: operations are counted in hours."""
        keys = {key for parts in all_parts for key in parts}
        products = self.env["product.product"].browse(sorted({key[2] for key in keys}))
        units = {product.id: product.uom_id.id for product in products}
        hour = self.env.ref("uom.product_uom_hour").id
        return {key: hour if key[1] == "operation" else units[key[2]] for key in keys}

    def _forget_costs(self):
        """Lines that aren't confirmed any more have no planned cost; a new confirmation fixes it
        anew."""
        lines = self.sudo().filtered("planned_cost_quantity")
        lines.cost_part_ids.unlink()
        lines.write(dict.fromkeys(COST_FIELDS - {"cost_part_ids"}, 0.0))

    # -- actual ---------------------------------------------------------------------------------

    def _update_actual_costs(self):
        """Compare what these lines cost so far with what was planned for it, part by part.

        :return: the lines whose cost has changed
        """
        changed = self.browse()
        together = self.sudo().browse(self.ids)
        for company, lines in together.grouped("company_id").items():
            changed |= lines.with_company(company)._update_company_costs(company)
        return changed

    def _update_company_costs(self, company):
        delivered = costs_actual.deliveries(self.env, self.ids)
        sources, nodes = self._cost_sources()
        roots = self.cost_part_ids.root_product_id.ids
        self.env["product.product"].flush_model(["standard_price"])
        standard = reads.standard_costs(self.env.cr, roots, company.ids)
        to_money = company.currency_id.round
        found = {}
        for line in self:
            planned, needs = line._planned_parts()
            share = line.qty_delivered / line.planned_cost_quantity
            own = delivered.get(line.id)
            if own is None:  # services and the like: the standard price of now
                own = {
                    product: (quantity * share, quantity * share * standard[product, company.id])
                    for product, quantity in needs.items()
                }
            actual = costs.Actual(sources.get(line.id, {}), nodes).parts(own, planned, needs)
            found[line] = costs.differences(planned, actual, share, to_money)
        units = self._part_units(found.values())
        rows, changed, gone = [], self.browse(), self.env["supply.cost.part"]
        for line, differences in found.items():
            new, not_taken = line._write_differences(differences, units)
            rows += new
            gone |= not_taken
            if line._write_cost_totals(differences):
                changed |= line
        gone.unlink()
        gone.create(rows)
        return changed

    def _planned_parts(self):
        """``({key: (quantity, cost)}, {root product: quantity})`` of the line's baseline."""
        rows = self.cost_part_ids.filtered("root_quantity")
        parts = {row._key(): (row.planned_quantity, row.planned_cost) for row in rows}
        return parts, {row.root_product_id.id: row.root_quantity for row in rows}

    def _cost_sources(self):
        """``{line id: {product: [[document, quantity]]}}`` and the documents' real costs."""
        rows = self.env["supply.cost.source"].search([("sale_line_id", "in", self.ids)])
        nodes = costs_actual.nodes(self.env, rows.production_id, rows.purchase_line_id)
        sources = defaultdict(lambda: defaultdict(list))
        for row in rows:
            field = "production_id" if row.production_id else "purchase_line_id"
            document = (field, row[field].id)
            if document in nodes and nodes[document].quantity:
                by_product = sources[row.sale_line_id.id]
                by_product[row.product_id.id].append([document, row.quantity])
        return sources, nodes

    def _write_differences(self, differences, units):
        """Write what was compared on the parts.

        :return: the values of parts that are new, and the parts that were taken last time alone
        """
        known = {row._key(): row for row in self.cost_part_ids}
        new = []
        for key, one in differences.items():
            values = {
                "expected_quantity": one.expected_quantity,
                "expected_cost": one.expected,
                "actual_quantity": one.quantity,
                "actual_price": one.actual / one.quantity if one.quantity else 0.0,
                "actual_cost": one.actual,
                "variance": self.company_currency_id.round(one.actual - one.expected),
                "variance_price": one.price,
                "variance_quantity": one.usage,
                "variance_time": one.time,
            }
            row = known.pop(key, None)
            if row is None:
                part = self.env["supply.cost.part"]._prepare_part(self, key, units[key])
                new.append(part | values)
            else:
                row.write(values)
        return new, self.env["supply.cost.part"].union(*known.values())

    def _write_cost_totals(self, differences):
        money = self.company_currency_id.round
        rows = list(differences.values())
        values = {
            "planned_cost_delivered": money(sum(row.expected for row in rows)),
            "actual_cost": money(sum(row.actual for row in rows)),
            "cost_variance": money(sum(row.actual - row.expected for row in rows)),
            "cost_variance_price": money(sum(row.price for row in rows)),
            "cost_variance_quantity": money(sum(row.usage for row in rows)),
            "cost_variance_time": money(sum(row.time for row in rows)),
        }
        compare = self.company_currency_id.compare_amounts
        if not any(compare(self[name], value) for name, value in values.items()):
            return False
        self.write(values)
        return True
