from odoo import fields, models


class SupplyClosing(models.Model):
    """Days on which a vendor doesn't work: lead times pass over them."""

    _name = "supply.closing"
    _inherit = ["supply.change.mixin"]
    _description = "Vendor Closing Days"
    _order = "date_from, id"

    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, ondelete="cascade", index=True
    )
    name = fields.Char("Reason")
    date_from = fields.Date("First Day", required=True)
    date_to = fields.Date("Last Day", required=True)

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The last closing day can't be before the first one."
    )

    def _planned_by_this(self):
        return self.partner_id._vendor_products()
