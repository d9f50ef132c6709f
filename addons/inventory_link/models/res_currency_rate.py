from odoo import api, models


class ResCurrencyRate(models.Model):
    _inherit = "res.currency.rate"

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates._enqueue_supply()
        return rates

    def write(self, vals):
        result = super().write(vals)
        self._enqueue_supply()
        return result

    def unlink(self):
        self._enqueue_supply()
        return super().unlink()

    def _enqueue_supply(self):
        """Vendors are compared in the company's currency: prices in another one have changed."""
        if not self.env["res.company"]._some_plan():
            return
        prices = (
            self.env["product.supplierinfo"]
            .sudo()
            .search(
                ["|", ("currency_id", "in", self.currency_id.ids)]
                + [("company_id.currency_id", "in", self.currency_id.ids)]
            )
        )
        foreign = prices.filtered(
            lambda price: not price.company_id or price.currency_id != price.company_id.currency_id
        )
        foreign._enqueue_supply()
