from odoo import fields, models

#: What the plan reads of a vendor.
VENDOR_FIELDS = frozenset({"supply_calendar_id", "supply_min_order_value"})


class ResPartner(models.Model):
    _inherit = "res.partner"

    supply_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Days",
        help="Lead times of this vendor count only the days of this calendar, without its days"
        " off. Empty: every day counts.",
    )
    supply_closing_ids = fields.One2many("supply.closing", "partner_id", "Closing Days")
    supply_min_order_value = fields.Float(
        "Minimum Order Value",
        help="In company currency. The plan tells when the requests of one time stay below it.",
    )

    _supply_min_order_value_positive = models.Constraint(
        "CHECK (COALESCE(supply_min_order_value, 0) >= 0)",
        "A minimum order value can't be negative.",
    )

    def write(self, vals):
        """An archived vendor delivers nothing, his working days move dates; a company's time zone
        decides which day it is."""
        told = {"active", "tz", *VENDOR_FIELDS} & vals.keys()
        result = super().write(vals)
        if told and self.env["res.company"]._some_plan():
            if {"active", *VENDOR_FIELDS} & vals.keys():
                prices = self.env["product.supplierinfo"].sudo().with_context(active_test=False)
                prices.search([("partner_id", "child_of", self.ids)])._enqueue_supply()
            if "tz" in vals:
                companies = (
                    self.env["res.company"]
                    .sudo()
                    .search([("partner_id", "in", self.ids), ("supply_planning", "=", True)])
                )
                self.env["supply.change"]._enqueue_all(companies, reason="time zone")
        return result

    def _vendor_products(self):
        """Planned products that these vendors, or their contacts, have prices for."""
        prices = (
            self.env["product.supplierinfo"].sudo().search([("partner_id", "child_of", self.ids)])
        )
        products = self.env["product.product"]
        for price in prices:
            products |= price.product_id or price.product_tmpl_id.product_variant_ids
        return products.filtered(lambda product: product.supply_mode == "planned")
