from odoo import api, models


class SuiteOutlook(models.AbstractModel):
    """Orders that may come: what one addon knows of them and another plans with.

    An addon that holds orders back, or knows how probable a quotation is, extends the first three
    methods and calls the fourth; one that reserves or plans for them asks. Without either, there
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
    def _plannable(self, lines):
        """Those of the orders' lines for which goods may be planned (as tentative) already."""
        return lines

    @api.model
    def _changed(self, orders):
        """These orders were held back, freed, or became more or less probable, or what may be
        planned for them is other than before."""

    @api.model
    def _conditions(self, orders):
        """What a promise to a customer depends on besides goods and time, say a payment.

        Asked while quoting, also of orders that aren't saved yet: cheap, without writing anything.

        :param orders: quotations (``sale.order``)
        :return: ``{order: text for the reader}`` of those with a condition
        """
        return {}

    @api.model
    def _shipment_locks(self, deliveries):
        """Deliveries that may not leave the warehouse now.

        :param deliveries: ``stock.picking`` of the reader
        :return: ``{id: {"reason", "help", "who"}}``: why, what frees it and who may release it, in
            the reader's language and no more than the reader may know
        """
        return {}

    @api.model
    def _held_days(self, order_ids, since):
        """How long the goods of confirmed orders were locked, for a reason besides goods and time.

        :param list order_ids: ids of ``sale.order``
        :param dict since: for each order the day (``date``, in its company's time) from which it
            is counted, until now
        :return: ``{order id: days}`` of those that were, with the fraction of a day
        """
        return {}

    @api.model
    def _risky_orders(self, order_ids):
        """Confirmed orders whose goods may be locked when they are to leave.

        :param list order_ids: ids of ``sale.order``
        :return: ``{order id: (why, what would help)}`` as lazy texts, of those
        """
        return {}
