from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal as SalePortal


class CustomerPortal(SalePortal):
    """The customer reads today's dates on his page, and signs what it shows."""

    @route()
    def portal_order_page(self, order_id, report_type=None, access_token=None, **kwargs):
        """Opened by a customer: these are the dates that he is told."""
        preview = request.httprequest.headers.get("Odoo-Link-Preview") == "True"
        if request.env.user.share and not report_type and not preview:
            order = self._promised_order(order_id, access_token)
            if order:
                order._tell_promises()
        return super().portal_order_page(
            order_id, report_type=report_type, access_token=access_token, **kwargs
        )

    @route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        """What has become later since the page was opened isn't signed unseen."""
        token = access_token or request.httprequest.args.get("access_token")
        order = self._promised_order(order_id, token)
        if order and order._later_than_told():
            return {
                "error": request.env._(
                    "The expected dates have changed since you opened this page. Please load it"
                    " again and check the dates before you sign."
                )
            }
        return super().portal_quote_accept(
            order_id, access_token=access_token, name=name, signature=signature
        )

    def _promised_order(self, order_id, access_token):
        """The quotation, when the visitor may see it and there are promises; else nothing."""
        try:
            order = self._document_check_access("sale.order", order_id, access_token=access_token)
        except (AccessError, MissingError):
            return None
        return order._quotes_with_promises()
