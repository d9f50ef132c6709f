from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal

from ..tools.origin import PORTAL, coming_from


class CreditCustomerPortal(CustomerPortal):
    """Orders that wait for credit are orders to their customers, not quotations to review."""

    @http.route()
    def portal_quote_accept(self, *args, **kwargs):
        with coming_from(request.env.cr, PORTAL):
            return super().portal_quote_accept(*args, **kwargs)

    def _prepare_quotations_domain(self, partner):
        domain = Domain(super()._prepare_quotations_domain(partner))
        return list(domain & Domain("is_being_checked", "=", False))

    def _prepare_orders_domain(self, partner):
        checked = Domain("partner_id", "child_of", partner.commercial_partner_id.ids)
        checked &= Domain("is_being_checked", "=", True)
        return list(Domain(super()._prepare_orders_domain(partner)) | checked)
