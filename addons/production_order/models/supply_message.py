from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError


class SupplyMessage(models.Model):
    _inherit = "supply.message"

    production_id = fields.Many2one(
        "mrp.production",
        "Production Order",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )

    _production_uniq = models.UniqueIndex(
        "(kind, production_id) WHERE production_id IS NOT NULL AND state != 'applied'"
    )

    def _document(self):
        return self.production_id or super()._document()

    def _apply(self):
        production = self.production_id
        if not production:
            super()._apply()
        elif self.kind in ("expedite", "postpone"):
            if production.state in ("progress", "to_close"):
                raise UserError(
                    self.env._("%(order)s has been started.", order=production.display_name)
                )
            days = (self.date_needed - self.date_now).days
            production.date_start = max(
                production.date_start + timedelta(days=days), fields.Datetime.now()
            )
        elif self.kind == "decrease":
            quantity = production.product_id.uom_id._compute_quantity(
                self.quantity_needed, production.product_uom_id, rounding_method="UP"
            )
            self.env["change.production.qty"].with_context(skip_activity=True).create(
                {"mo_id": production.id, "product_qty": quantity}
            ).change_prod_qty()
        else:
            production.action_cancel()
            production.plan_line_id.state = "cancelled"

    def _decision_inputs(self):
        production = self.production_id
        if not production:
            return super()._decision_inputs()
        return [
            {
                "model": "mrp.production",
                "id": production.id,
                "field": "product_qty",
                "value": production.product_qty,
            }
        ]
