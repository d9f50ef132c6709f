from odoo import api, models

from ..tools.guarded import without

AMOUNT_FIELDS = {
    "product_uom_qty",
    "product_uom_id",
    "price_unit",
    "discount",
    "tax_ids",
    "product_id",
    "order_id",
    "qty_delivered",
}

# Odoo computes them and still lets a caller write them; exposure is counted with them.
TOTALS = {
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_reduce_taxexcl",
    "price_reduce_taxinc",
}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(TOTALS & vals.keys() for vals in vals_list):
            orders = self.env["sale.order"].browse(
                {vals["order_id"] for vals in vals_list if vals.get("order_id")}
            )
            controlled = set(orders.filtered(lambda order: order._is_credit_controlled()).ids)
            vals_list = [
                without(vals, TOTALS) if vals.get("order_id") in controlled else vals
                for vals in vals_list
            ]
        lines = super().create(vals_list)
        lines._credit_lines_changed({})
        lines._credit_refresh_holds()
        return lines

    def write(self, vals):
        """A confirmed order that grows may lock deliveries, one that shrinks may free orders."""
        counted = self._credit_counted_by_moves(vals)
        if counted and self - counted:
            (self - counted).write(vals)
            return counted.write(vals)
        vals = self._credit_writable(without(vals, {"qty_delivered"}) if counted else vals)
        before = self._credit_values() if AMOUNT_FIELDS & vals.keys() else {}
        result = super().write(vals)
        if AMOUNT_FIELDS & vals.keys():
            # also without a line before: one may have come into a confirmed order
            self._credit_lines_changed(before)
            self._credit_refresh_holds()
        return result

    def _credit_writable(self, vals):
        """``vals`` without totals where credit is controlled: prices and taxes make them."""
        if self.env.su or not TOTALS & vals.keys():
            return vals
        if not any(order._is_credit_controlled() for order in self.sudo().order_id):
            return vals
        return without(vals, TOTALS)

    def _credit_counted_by_moves(self, vals):
        """The lines whose delivered quantity isn't for a caller to write: their moves count it."""
        if self.env.su or "qty_delivered" not in vals:
            return self.browse()
        return self.filtered(
            lambda line: (
                line.sudo().qty_delivered_method == "stock_move"
                and line.sudo().order_id._is_credit_controlled()
            )
        )

    def _credit_unit_value(self):
        """Price of one unit, tax included, in the company's currency, not rounded."""
        self.ensure_one()
        line, rate = self.sudo(), self.sudo().order_id.currency_rate or 1.0
        if line.product_uom_qty:
            return line.price_total / line.product_uom_qty / rate
        price = line.price_unit * (1 - (line.discount or 0.0) / 100)
        taxes = line.tax_ids.with_context(round=False).compute_all(
            price, currency=line.currency_id, product=line.product_id
        )
        return taxes["total_included"] / rate

    def _credit_refresh_holds(self):
        """A quotation on hold was changed: whoever decides about it sees its new amount."""
        holds = self.sudo().order_id.credit_hold_ids
        holds._refresh_open()

    def _credit_confirmed(self):
        return self.sudo().filtered(
            lambda line: (
                line.state == "sale"
                and not line.display_type
                and line.order_id._is_credit_controlled()
            )
        )

    def _credit_values(self):
        """``{id of a confirmed line: (what it adds to the exposure, quantity)}``, company
        currency."""
        return {
            line.id: (line._credit_open_value(), max(line.product_uom_qty, line.qty_delivered))
            for line in self._credit_confirmed()
        }

    def _credit_open_value(self):
        """Value of what is ordered, or delivered beyond that, and not billed yet."""
        billed = self.qty_invoiced_posted
        quantity = max(self.product_uom_qty, self.qty_delivered, billed) - billed
        return quantity * self._credit_unit_value()

    def _credit_lines_changed(self, before):
        lines = self._credit_confirmed()
        if not lines:
            return
        values = lines._credit_values()
        nothing = (0.0, 0.0)
        grown = lines.filtered(
            lambda line: values[line.id][0] > before.get(line.id, nothing)[0]
        ).order_id
        shrunk = lines.order_id - grown
        accounts = grown._credit_accounts()
        self.env["credit.account"].sudo().union(*accounts.values())._exposure_raised()
        dearer = lines.filtered(
            lambda line: line._credit_is_dearer(before.get(line.id, nothing), values[line.id])
        )
        dearer.order_id._credit_refuse_dearer()
        shrunk._credit_freed()

    def _credit_is_dearer(self, before, now):
        """Whether more is owed for the line than more goods explain: no lock would catch that."""
        more = max(0.0, now[1] - before[1]) * self._credit_unit_value()
        return self.order_id.currency_id.compare_amounts(now[0] - before[0], more) > 0
