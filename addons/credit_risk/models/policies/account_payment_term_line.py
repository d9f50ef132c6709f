from odoo import models


class AccountPaymentTermLine(models.Model):
    _inherit = "account.payment.term.line"

    def _credit_days(self):
        """The line's days; the end of a month is 30 days away at most, that of the next 60."""
        self.ensure_one()
        months = {
            "days_after_end_of_month": 1,
            "days_after_end_of_next_month": 2,
            "days_end_of_month_on_the": 1,
        }
        return self.nb_days + 30 * months.get(self.delay_type, 0)
