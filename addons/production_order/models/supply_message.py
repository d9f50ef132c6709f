from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.inventory_link.models.supply_message import CHANGES
from odoo.addons.inventory_link.tools import at_noon
from odoo.addons.suite_base.tools.numbers import format_number

STARTED = ("progress", "to_close")


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

    @api.model
    def _document_columns(self):
        return [*super()._document_columns(), "production_id"]

    def _plan_line(self):
        return self.production_id.plan_line_id or super()._plan_line()

    def _is_draft(self):
        return self.production_id.state == "draft" or super()._is_draft()

    def _document_quantity(self):
        production = self.production_id
        return production.product_uom_qty if production else super()._document_quantity()

    # -- apply ----------------------------------------------------------------------------------

    def _apply(self):
        production = self.production_id
        if not production:
            super()._apply()
        elif self.kind in ("expedite", "postpone"):
            self._move_production(production)
        elif self.kind not in CHANGES:
            return
        elif self.quantity_needed:
            self._resize_production(production)
        else:
            self._cancel_production(production)

    def _move_production(self, production):
        """Shift start and end; a production that has been started isn't moved."""
        if production.state in STARTED:
            raise UserError(
                self.env._(
                    "%(order)s has been started, so its dates stay. Dismiss the message.",
                    order=production.display_name,
                )
            )
        start = production.date_start + timedelta(days=(self.date_needed - self.date_now).days)
        tz = self.company_id.partner_id.tz or "UTC"
        production.write(
            {
                "date_start": max(start, fields.Datetime.now()),
                "date_finished": at_noon(self.date_needed, tz),
            }
        )

    def _resize_production(self, production):
        quantity = production.product_id.uom_id._compute_quantity(
            self.quantity_needed, production.product_uom_id, rounding_method="UP"
        )
        if production.state == "draft":
            production._resize_draft(quantity)
            return
        quantity = max(quantity, self._made(production))
        if production.product_uom_id.compare(quantity, production.product_qty) == 0:
            raise UserError(
                self.env._(
                    "%(quantity)s of %(order)s are made already: it can't become less. Dismiss the"
                    " message.",
                    quantity=format_number(self.env, self._made(production)),
                    order=production.display_name,
                )
            )
        self.env["change.production.qty"].with_context(skip_activity=True).create(
            {"mo_id": production.id, "product_qty": quantity}
        ).change_prod_qty()

    def _cancel_production(self, production):
        if self._made(production):
            raise UserError(
                self.env._(
                    "%(quantity)s of %(order)s are made already: finish it, don't cancel it.",
                    quantity=format_number(self.env, self._made(production)),
                    order=production.display_name,
                )
            )
        production.action_cancel()
        production.plan_line_id.state = "cancelled"

    def _made(self, production):
        """What is made already, or is being made now, in the production's unit."""
        return max(production.qty_produced, production.qty_producing)

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
