from odoo import api, fields, models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    supply_loss_percent = fields.Float(
        "Expected Loss (%)",
        help="Share of the made units that can't be used. The plan starts more by it; the company"
        " chooses how it is added.",
    )

    _supply_loss_range = models.Constraint(
        "CHECK (COALESCE(supply_loss_percent, 0) BETWEEN 0 AND 90)",
        "An expected loss is from 0 to 90 percent.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        bills = super().create(vals_list)
        bills._enqueue_supply()
        return bills

    def write(self, vals):
        """Everything of a bill may matter: what it makes, of what, how long, whether it's a kit."""
        told = any(not name.startswith(("message_", "activity_")) for name in vals)
        if told:
            self._enqueue_supply()
        result = super().write(vals)
        if told:
            self._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_supply()
        return super().unlink()

    def _enqueue_supply(self):
        """Plan what these bills make, what has them in as kits, and what they take, together: a
        component that is taken out must lose its need with the same run."""
        bills = self.sudo().filtered(
            lambda bill: not bill.company_id or bill.company_id.supply_planning
        )
        if bills and self.env["res.company"]._some_plan():
            products = bills._made_with_kits() | bills.bom_line_ids.product_id
            self.env["supply.change"]._enqueue(products, reason="bom")

    def _made_with_kits(self):
        """Products of the bills and of those that contain them as kits, through all levels."""
        seen, made, bills = self.browse(), self.env["product.product"], self
        while bills:
            seen |= bills
            made |= bills._made_products()
            kits = bills.filtered(lambda bill: bill.type == "phantom")._made_products()
            lines = self.env["mrp.bom.line"].search([("product_id", "in", kits.ids)])
            bills = lines.bom_id - seen
        return made

    def _made_products(self):
        products = self.env["product.product"]
        for bill in self:
            products |= bill.product_id or bill.product_tmpl_id.product_variant_ids
        return products
