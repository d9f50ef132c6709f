from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..engine import explain

#: What decides about the needs of a line that isn't confirmed.
OUTLOOK_FIELDS = {"product_id", "product_uom_qty", "product_uom_id", "display_type"}
PLAN_FIELDS = {
    "promise_date",
    "promise_late_days",
    "promise_data",
    "promise_told_date",
    "promised_date",
    "promised_none",
    "promise_claim_date",
    "reserved_quantity",
    "reserved_until",
    "reserved_on",
    "reserved_date",
    "supply_peg_ids",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    promise_date = fields.Date("Promise Date", readonly=True, copy=False)
    promise_late_days = fields.Integer("Promise Late (Days)", readonly=True, copy=False)
    promise_data = fields.Json(readonly=True, copy=False)
    promise_reason = fields.Char("Promise Reason", compute="_compute_promise_reason")
    supply_peg_ids = fields.One2many("supply.peg", "sale_line_id", "Pegs", readonly=True)

    @api.depends_context("lang", "uid", "allowed_company_ids")
    @api.depends("promise_data")
    def _compute_promise_reason(self):
        texts = explain.tell(self.env, [line.promise_data for line in self])
        for line, text in zip(self, texts, strict=True):
            line.promise_reason = text

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._enqueue_outlook()
        return lines

    def write(self, vals):
        """Lines of quotations that are planned for tell the queue; confirmed ones plan at once."""
        other = self.browse()
        if "product_id" in vals:
            self._enqueue_outlook()
            other = self.filtered(lambda line: line.product_id.id != vals["product_id"])
        result = super().write(vals)
        # nobody was told a day of the other product
        other.sudo().filtered("promise_told_date").promise_told_date = False
        if OUTLOOK_FIELDS & vals.keys():
            self._enqueue_outlook()
        return result

    def unlink(self):
        self._enqueue_outlook()
        return super().unlink()

    def _enqueue_outlook(self):
        """Lines of quotations that are planned for have changed: plan what they take, soon."""
        lines = self.sudo()._in_outlook()
        self.env["supply.change"]._enqueue(lines._outlook_products(), reason="quotation")

    def _in_outlook(self):
        """Those of quotations in companies that plan orders on hold, or probable ones."""
        return self.filtered(
            lambda line: (
                line.order_id.state in ("draft", "sent", "cancel")
                and line.company_id.supply_planning
                and (
                    line.company_id.supply_plan_holds
                    or line.company_id.supply_quotation_probability
                )
                and not line.display_type
                and line.product_id.type == "consu"
            )
        )

    def _outlook_products(self):
        """What these lines would take."""
        return self.env["product.product"].union(
            *(product for parts in self._promise_components().values() for product, _qty in parts)
        )

    def _has_field_access(self, field, operation):
        """Promises come from the plan: nobody writes one by hand."""
        if operation == "write" and field.name in PLAN_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Confirming, adding and changing quantities come through here: plan in the same act."""
        products = self.filtered("company_id.supply_planning").move_ids.product_id
        result = super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        self._plan_supply(products)
        return result

    def _plan_supply(self, products=None):
        """Net change for the products that these lines move (components of kits included)."""
        lines = self.filtered("company_id.supply_planning")
        if not lines:
            return
        touched = lines.sudo().move_ids.product_id | lines.product_id
        if products:
            touched |= products
        self.env["supply.planner"]._plan_products(touched)

    def _tentative_needs(self, products, warehouses):
        """What these lines would take when their orders are confirmed: see
        :func:`~odoo.addons.inventory_link.engine.loader_needs.load_tentative`."""
        lines = self.filtered(
            lambda line: (
                not line.display_type
                and line.product_id.type == "consu"
                and line.warehouse_id.id in warehouses
            )
        )
        components = lines._promise_components()
        result = []
        for line in lines:
            company = line.company_id
            when = line.order_id.commitment_date
            if when:
                when -= timedelta(days=company.security_lead or 0)
            else:
                when = line._expected_date() or fields.Datetime.now()
            tz = ZoneInfo(company.partner_id.tz or "UTC")
            day = when.replace(tzinfo=ZoneInfo("UTC")).astimezone(tz).date()
            share = line._unreserved_share()
            result += [
                (line.id, line.order_id.id, line.warehouse_id.id, product.id, day, quantity * share)
                for product, quantity in components[line.id]
                if product.id in products
            ]
        return result

    def _promise_components(self):
        """What each line takes out of stock: ``{line id: [(product, quantity in its unit)]}``."""
        return {
            line.id: [
                (
                    line.product_id,
                    line.product_uom_id._compute_quantity(
                        line.product_uom_qty, line.product_id.uom_id
                    ),
                )
            ]
            for line in self
        }
