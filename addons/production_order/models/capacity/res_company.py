from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_capacity = fields.Boolean(
        "Promises Respect Capacity",
        help="Promise dates wait for free hours of the work centres. Off: only material and lead"
        " times count; the load of the work centres is shown all the same.",
    )

    def write(self, vals):
        """Switched on or off: promises are looked at again at once."""
        result = super().write(vals)
        if {"supply_capacity", "supply_planning"} & vals.keys():
            self.env["supply.load"]._wake()
        return result
