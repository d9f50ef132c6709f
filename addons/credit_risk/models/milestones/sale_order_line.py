from odoo import api, models
from odoo.exceptions import UserError

from ...tools.clearance import is_cleared

# What Odoo carries over from a down-payment invoice to its line of the order.
FROM_INVOICE = {"name", "price_unit", "tax_ids"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def write(self, vals):
        """Finance reads orders only, and still its invoices set their down-payment lines."""
        if (
            not self.env.su
            and vals.keys() <= FROM_INVOICE
            and is_cleared(self.env.cr, "sale.order.line.down_payment", self.ids)
        ):
            return super(SaleOrderLine, self.sudo()).write(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed_down_payment(self):
        """Odoo lets down payments of a quotation be deleted: the invoice would be forgotten.

        The final invoice wouldn't deduct it, and what was paid wouldn't count for the order.
        """
        billed = self.sudo().filtered(
            lambda line: (
                line.is_downpayment
                and any(bill.state == "posted" for bill in line.invoice_lines.move_id)
            )
        )
        if billed:
            raise UserError(
                self.env._(
                    "The down payment of %(order)s is invoiced: %(invoice)s. Make a credit note "
                    "for it instead of deleting its line.",
                    order=billed.order_id[:1].name,
                    invoice=", ".join(billed.invoice_lines.move_id.mapped("display_name")),
                )
            )
