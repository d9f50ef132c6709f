from odoo import api, models


class SupplyPeg(models.Model):
    _inherit = "supply.peg"

    @api.model
    def _picture_models(self):
        return super()._picture_models() | {"mrp.production": lambda record: record}

    def _picture_readers(self):
        return super()._picture_readers() | {"mrp.production": self._picture_productions}

    def _picture_productions(self, productions):
        openable = self._picture_readable(productions)
        states = dict(productions._fields["state"]._description_selection(self.env))
        return {
            production.id: {
                "kind": "production",
                "title": production.name,
                "product": production.product_id.display_name,
                "quantity": production.product_qty,
                "unit": production.product_uom_id.name,
                "day": self._picture_day(production.date_finished),
                "state": states[production.state],
                **self._picture_open(production, openable),
            }
            for production in productions
        }
