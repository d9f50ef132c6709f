from odoo import api, models


class SuiteOutlook(models.AbstractModel):
    """Orders that may come: what one addon knows of them and another plans with.

    An addon that holds orders back, or knows how probable a quotation is, extends the first two
    methods and calls the third; one that reserves or plans for them asks. Without either, there
    are none. Orders are ``sale.order`` records or their ids; this addon knows nothing of them.
    """

    _name = "suite.outlook"
    _description = "Orders That May Come"

    @api.model
    def _held_orders(self, company_id):
        """Ids of a company's orders that their customers want and that are held back."""
        return []

    @api.model
    def _probable_orders(self, company_id, percent):
        """Ids of a company's quotations that become orders with at least this probability."""
        return []

    @api.model
    def _changed(self, orders):
        """These orders were held back, freed, or became more or less probable."""
