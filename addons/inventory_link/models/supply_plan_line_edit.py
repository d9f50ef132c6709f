from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine.workdays import LONGEST_LEAD
from .supply_plan_line import OPEN_STATES

#: More of anything is a typing error.
MOST = 1e10
TOLERANCE = 1e-6


class SupplyPlanLine(models.Model):
    """What a planner may change on an open line, and what follows from it at once."""

    _inherit = "supply.plan.line"

    # -- CRUD -----------------------------------------------------------------------------------

    def write(self, vals):
        """Planners change quantity, needed date and vendor of open lines; nobody else anything.

        :raise AccessError: not a planner, or another field
        :raise UserError: the line isn't open, or the plan can't keep the new values
        """
        if self.env.su:
            return super().write(vals)
        self._check_may_edit(vals)
        self.check_access("write")
        vals = self._checked_values(vals)
        lines = self.sudo()._locked()
        lines._check_open()
        amounts = {line.id: line._company_amount() for line in lines}
        super().write(vals)
        lines._follow_edit(vals, amounts)
        return True

    # -- actions --------------------------------------------------------------------------------

    def action_split(self, quantity):
        """Make two lines of an open one; the plan keeps both and gives each its part of the need.

        :param float quantity: what this line keeps, in its unit; the rest goes on a new line
        :raise UserError: a part would be nothing, or something the vendor doesn't sell
        :raise AccessError: the user isn't a planner
        """
        self.ensure_one()
        self._check_may_edit({})
        self.check_access("write")
        self.sudo()._locked()._split(quantity)
        return True

    def action_open_split(self):
        """Ask for the quantity, then split."""
        self.ensure_one()
        self._check_may_edit({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Split"),
            "res_model": "supply.plan.split",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    # -- business -------------------------------------------------------------------------------

    @api.model
    def _planner_fields(self):
        """What a planner may change on an open line."""
        return {"quantity", "due_date", "vendor_id"}

    def _check_may_edit(self, vals):
        if self.env.su:
            return
        if not self.env.user.has_group("inventory_link.group_supply_planner"):
            raise AccessError(self.env._("Only planners may change plan lines."))
        if not set(vals) <= self._planner_fields():
            raise AccessError(
                self.env._("Only quantity, needed date and vendor of a plan line can be changed.")
            )

    def _checked_values(self, vals):
        """Numbers and days as the database takes them: what came in may be anything."""
        vals = dict(vals)
        if "quantity" in vals:
            vals["quantity"] = self._as_quantity(vals["quantity"])
        if "due_date" in vals:
            try:
                day = fields.Date.to_date(vals["due_date"])
            except (TypeError, ValueError):
                day = None
            if not day:
                raise UserError(self.env._("Enter the day on which the goods are needed."))
            vals["due_date"] = day
        return vals

    def _check_open(self):
        if any(line.state not in OPEN_STATES for line in self):
            raise UserError(self.env._("Only proposed and approved lines can be changed."))

    def _follow_edit(self, vals, amounts):
        """Check the new values; price, dates and everything around the lines follow them.

        :param dict amounts: what each line came to before, in company currency
        """
        self.write({"edited": True})
        for line in self:
            line._check_edit(vals)
            line.amount_company = line._company_amount()
        self._approve_again(amounts)
        self._replan()
        self.exists()._record_decisions()

    def _check_edit(self, vals):
        """Nothing is ever dated in the past, below a minimum or at a price that isn't one."""
        if "due_date" in vals and not self._is_day_to_plan():
            raise UserError(
                self.env._(
                    "%(product)s can't be needed on a day that has passed, or in more than ten"
                    " years. Choose another day.",
                    product=self.product_id.display_name,
                )
            )
        if "vendor_id" in vals:
            self._check_vendor_choice()
        if "quantity" in vals or "vendor_id" in vals:
            self._check_quantity()
        if self.vendor_id and {"quantity", "vendor_id", "due_date"} & set(vals):
            self._set_vendor_price()

    def _is_day_to_plan(self):
        today = self._today()
        return 0 <= (self.due_date - today).days <= LONGEST_LEAD

    def _check_vendor_choice(self):
        if self.action == "make":
            raise UserError(
                self.env._(
                    "%(product)s is made, not bought: it takes no vendor.",
                    product=self.product_id.display_name,
                )
            )
        if not self.vendor_id:
            raise UserError(
                self.env._(
                    "Choose a vendor for %(product)s; reject the line if it isn't to be bought.",
                    product=self.product_id.display_name,
                )
            )

    def _check_quantity(self):
        """A quantity that the vendor sells and the product's lot rule allows."""
        product = self.product_id
        if product.uom_id.compare(self.quantity, 0) <= 0:
            raise UserError(
                self.env._(
                    "Plan more than nothing of %(product)s; reject the line if it isn't needed.",
                    product=product.display_name,
                )
            )
        if self.quantity > MOST:
            raise UserError(
                self.env._(
                    "%(quantity)s of %(product)s is more than can be planned. Check the quantity.",
                    product=product.display_name,
                    quantity=self._quantity_text(self.quantity),
                )
            )
        minimum = self._vendor_minimum()
        if product.uom_id.compare(self.quantity, minimum) < 0:
            raise UserError(
                self.env._(
                    "%(vendor)s sells at least %(minimum)s of %(product)s, not %(quantity)s."
                    " Choose a larger quantity or another vendor.",
                    vendor=self.vendor_id.display_name,
                    minimum=self._quantity_text(minimum),
                    product=product.display_name,
                    quantity=self._quantity_text(self.quantity),
                )
            )
        self._check_whole_units()
        # "minimum plus whole steps" counts the steps from the vendor's minimum
        base = minimum if product.supply_lot_rounding == "moq_step" else 0.0
        if not self._is_multiple(self.quantity - base, product.supply_multiple):
            raise UserError(
                self.env._(
                    "%(product)s is ordered in multiples of %(multiple)s, so not %(quantity)s."
                    " Change the quantity, or the multiple on the product.",
                    product=product.display_name,
                    multiple=self._quantity_text(product.supply_multiple),
                    quantity=self._quantity_text(self.quantity),
                )
            )

    def _check_whole_units(self):
        """A vendor who sells boxes of pieces sells whole boxes."""
        box = self._best_row().product_uom_id
        unit = self.product_uom_id
        piece = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        if not box or box == unit or box.factor <= unit.factor or not piece:
            return
        if not (box.parent_path or "").startswith(piece.parent_path or "-"):
            return
        boxes = unit._compute_quantity(self.quantity, box, round=False)
        if abs(boxes - round(boxes)) > TOLERANCE:
            raise UserError(
                self.env._(
                    "%(vendor)s sells %(product)s in whole %(box)s of %(size)s. Change the"
                    " quantity or choose another vendor.",
                    vendor=self.vendor_id.display_name,
                    product=self.product_id.display_name,
                    box=box.name,
                    size=self._quantity_text(box._compute_quantity(1, unit)),
                )
            )

    def _is_multiple(self, quantity, multiple):
        scale = 10 ** self.env["decimal.precision"].precision_get("Product Unit")
        step = round(multiple * scale)
        return not step or round(quantity * scale) % step == 0

    def _today(self):
        """Today where the company is."""
        return fields.Date.context_today(
            self.with_context(tz=self.company_id.partner_id.tz or "UTC")
        )

    # -- vendor ---------------------------------------------------------------------------------

    def _vendor_rows(self):
        """Price rows of the chosen vendor that are valid on the day of ordering."""
        today = self._today()

        def is_valid(row):
            day = max(today, fields.Date.subtract(self.due_date, days=row.delay))
            return (not row.date_start or row.date_start <= day) and (
                not row.date_end or day <= row.date_end
            )

        return self.product_id.with_company(self.company_id).seller_ids.filtered(
            lambda row: (
                row.partner_id == self.vendor_id
                and row.company_id in (self.company_id, self.env["res.company"])
                and row.product_id in (self.product_id, self.env["product.product"])
                and is_valid(row)
            )
        )

    def _row_minimum(self, row):
        return row.product_uom_id._compute_quantity(row.min_qty, self.product_uom_id, round=False)

    def _vendor_minimum(self):
        """The least that the vendor sells, in the line's unit."""
        return min(map(self._row_minimum, self._vendor_rows()), default=0.0)

    def _best_row(self):
        """The price row for the line's quantity: the largest minimum that it reaches."""
        unit = self.product_uom_id
        fitting = self._vendor_rows().filtered(
            lambda row: unit.compare(self._row_minimum(row), self.quantity) <= 0
        )
        return min(
            fitting,
            key=lambda row: (-self._row_minimum(row), row.price, row.sequence, row.id),
            default=fitting,
        )

    def _set_vendor_price(self):
        """Price, currency and lead time of the chosen vendor at this quantity."""
        row = self._best_row()
        if not row:
            raise UserError(
                self.env._(
                    "%(vendor)s has no valid price for %(product)s. Add one on the product first.",
                    vendor=self.vendor_id.display_name,
                    product=self.product_id.display_name,
                )
            )
        self.write(self._prepare_price(row))

    def _prepare_price(self, row):
        price = row.product_uom_id._compute_price(row.price, self.product_uom_id)
        return {
            "supplierinfo_id": row.id,
            "requisition_id": row.purchase_requisition_id.id,
            "price_unit": price * (1 - (row.discount or 0.0) / 100),
            "currency_id": row.currency_id.id,
            "lead_days": self._lead_days_of(row),
        }

    def _lead_days_of(self, row):
        """The price row of an agreement has no lead time of its own: that of the vendor counts."""
        usual = self._vendor_rows().filtered(lambda other: not other.purchase_requisition_line_id)
        if row.purchase_requisition_line_id and usual:
            return max(row.delay, usual[0].delay)
        return row.delay

    # -- parts ----------------------------------------------------------------------------------

    def _split(self, quantity):
        """Give the rest to a new line, which is returned."""
        if not self:
            raise UserError(self.env._("The line is gone: the plan doesn't want it any more."))
        self._check_open()
        self._check_may_split()
        kept = self._as_quantity(quantity)
        unit, whole = self.product_uom_id, self.quantity
        if not (kept > 0 and unit.compare(kept, 0) > 0 and unit.compare(kept, whole) < 0):
            raise UserError(
                self.env._(
                    "Keep more than nothing and less than %(quantity)s on this line.",
                    quantity=self._quantity_text(whole),
                )
            )
        other = self.copy(
            {
                "quantity": whole - kept,
                "state": self.state,
                "natural_key": False,
                "signature": False,
                "edited": True,
            }
        )
        other.natural_key = f"L{other.id}"
        amounts = dict.fromkeys((self + other).ids, self._company_amount())
        self.write({"quantity": kept})
        parts = self + other
        parts._follow_edit({"quantity"}, amounts)
        return other

    @api.model
    def _as_quantity(self, quantity):
        """What came in as a number of the database's digits; 0 for what is none."""
        try:
            number = float(quantity)
        except (TypeError, ValueError):
            return 0.0
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return round(number, digits) if isfinite(number) else 0.0
