from odoo import models
from odoo.exceptions import AccessError

from ...tools.guarded import without


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Who owes isn't exchanged by moving a contact to another company; docs/flow.md."""
        if self.env.su:
            return super().write(vals)
        vals = without(vals, {"commercial_partner_id"})
        if not {"parent_id", "is_company"} & vals.keys():
            return super().write(vals)
        before = {partner: partner.commercial_partner_id for partner in self}
        result = super().write(vals)
        moved = self.filtered(lambda partner: partner.commercial_partner_id != before[partner])
        moved._credit_check_commercial_change()
        return result

    def _credit_check_commercial_change(self):
        """:raise AccessError: they pay for confirmed orders, whose debt would move with them"""
        if not self or self.env.user.has_group("credit_risk.group_credit_manager"):
            return
        order = (
            self.env["sale.order"]
            .sudo()
            .search(
                [
                    ("partner_invoice_id", "child_of", self.ids),
                    ("state", "=", "sale"),
                    ("company_id.credit_control", "!=", "off"),
                ],
                limit=1,
            )
        )
        if order:
            raise AccessError(
                self.env._(
                    "%(customer)s pays for order %(order)s and others may not move that debt to "
                    "another company. Ask a credit manager to change the contact.",
                    customer=order.partner_invoice_id.display_name,
                    order=order.name,
                )
            )
