from datetime import timedelta

from odoo import models

from ...tools.documents import judge_order


class SaleOrder(models.Model):
    """What credit would say, asked while quoting; nothing is written."""

    _inherit = "sale.order"

    def _credit_would_hold(self, figures):
        """The verdict on the quotation as it is on the screen, if it would be held; else None."""
        self.ensure_one()
        company = self.company_id
        amount = self.currency_id._convert(
            self.amount_total, company.currency_id, company, company._credit_today()
        )
        verdict = judge_order(self, figures, amount)[1]
        if not verdict.blocking or self._origin.credit_hold_ids._covers(amount):
            return None
        return verdict

    def _credit_pay_by(self):
        """The last day of a payment that leaves the time of delivery before the day that the
        customer asks for; not before today, False when he asks for none."""
        self.ensure_one()
        if not self.commitment_date:
            return False
        company = self.company_id
        leads = [line.customer_lead for line in self.order_line if not line.display_type]
        day = company._credit_date(self.commitment_date) - timedelta(days=max(leads, default=0.0))
        return max(day, company._credit_today())
