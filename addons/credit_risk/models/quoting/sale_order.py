from datetime import timedelta

from odoo import models

from ...tools.documents import judge_order


class SaleOrder(models.Model):
    """What credit would say, asked while quoting; nothing is written."""

    _inherit = "sale.order"

    def _credit_would_hold(self, figures, net_new):
        """The verdict on the quotation as it is on the screen, if it would be held; else None.

        :param net_new: see :func:`~odoo.addons.credit_risk.tools.documents.judge_order`
        """
        self.ensure_one()
        company = self.company_id
        amount = self.currency_id._convert(
            self.amount_total, company.currency_id, company, company._credit_today()
        )
        verdict = judge_order(self, figures, amount, net_new)[1]
        if not verdict.blocking or self._origin.credit_hold_ids._covers(amount):
            return None
        return verdict

    def _credit_pay_by(self):
        """The last day of a payment that leaves the time of delivery before the day that the
        customer asks for, not before today; False when one of both isn't known."""
        self.ensure_one()
        leads = [line.customer_lead for line in self.order_line if not line.display_type]
        lead = max(leads, default=0.0)
        if not self.commitment_date or lead <= 0:
            return False
        company = self.company_id
        day = company._credit_date(self.commitment_date) - timedelta(days=lead)
        return max(day, company._credit_today())
