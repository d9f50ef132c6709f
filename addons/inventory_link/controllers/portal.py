from datetime import date

from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.sale.controllers.portal import CustomerPortal as SalePortal


class CustomerPortal(SalePortal):
    """The customer reads today's dates on his page, and signs what it shows."""

    @route()
    def portal_order_page(self, order_id, report_type=None, access_token=None, **kwargs):
        """Opened by a customer who has logged in: these are the dates that he is told.

        Who has the link alone may be a program that checks links: it is told nothing, what the
        page shows comes back when it is signed.
        """
        preview = request.httprequest.headers.get("Odoo-Link-Preview") == "True"
        if request.env.user._is_portal() and not report_type and not preview:
            order = self._promised_order(order_id, access_token)
            if order and order.with_user(request.env.user).has_access("read"):
                order._tell_promises()
        return super().portal_order_page(
            order_id, report_type=report_type, access_token=access_token, **kwargs
        )

    @route()
    def portal_quote_accept(self, order_id, access_token=None, name=None, signature=None):
        """What has become later since the page was opened isn't signed unseen; what is signed was
        told."""
        token = access_token or request.httprequest.args.get("access_token")
        order = self._promised_order(order_id, token)
        if order and signature and order._has_to_be_signed():
            if order._is_later_than_shown(self._shown_days()):
                return {
                    "error": request.env._(
                        "The expected dates have changed since you opened this page. Please load"
                        " it again and check the dates before you sign."
                    )
                }
            order._tell_promises()
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

    def _shown_days(self):
        """``{line id: day or False}`` that the page showed which is signed now."""
        shown = {}
        for part in filter(None, request.httprequest.args.get("promises", "").split(",")):
            number, _sign, day = part.partition(":")
            try:
                shown[int(number)] = date.fromisoformat(day) if day else False
            except ValueError:
                continue  # not what the page wrote: compared with what was told
        return shown
