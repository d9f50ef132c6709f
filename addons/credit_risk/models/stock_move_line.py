from odoo import api, models
from odoo.exceptions import UserError


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """A line added to a done transfer ships at once, without any validation."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "done")._credit_check_late_shipment()
        return lines

    def write(self, vals):
        """More on a done line, or another destination, ships at once as well; docs/flow.md."""
        if not {"quantity", "product_uom_id", "location_dest_id", "move_id"} & vals.keys():
            return super().write(vals)
        before = {
            line.id: (line.quantity_product_uom, line.location_dest_id)
            for line in self.filtered(lambda line: line.state == "done")
        }
        result = super().write(vals)
        self.filtered(
            lambda line: (
                line.id in before
                and (
                    line.quantity_product_uom > before[line.id][0]
                    or line.location_dest_id != before[line.id][1]
                )
            )
        )._credit_check_late_shipment()
        return result

    def _credit_check_late_shipment(self):
        """:raise UserError: the customer's credit doesn't allow to ship more"""
        lines = self.filtered(
            lambda line: (
                (line.location_dest_id.usage == "customer" and line.location_id.usage != "customer")
                or line.move_id._credit_is_given_away()
            )
        )
        moves = lines.move_id.filtered(
            lambda move: move.sudo().company_id.credit_control in ("warn", "block")
        )
        if not moves:
            return
        moves._credit_shipped()
        blocked = moves.filtered(lambda move: move.sudo().company_id.credit_control == "block")
        if messages := blocked._credit_late_errors():
            raise UserError("\n\n".join(messages))
