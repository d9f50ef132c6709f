from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_amount

# Days after maturity in which whoever has the bill must present it; then nobody comes back.
PRESENTING_DAYS = 10
BATCH = 100  # bills of one transaction


class CreditBill(models.Model):
    """What time does to bills."""

    _inherit = "credit.bill"

    @api.model
    def _cron_maturity(self):
        """Daily: ask the clerk to present bills that mature; close those handed on in time."""
        for company in self.env["res.company"].sudo().search([]):
            self._work_off(self._due_domain(company), "_remind_to_present")
            self._work_off(self._handed_on_domain(company), "_close_handed_on")

    @api.model
    def _due_domain(self, company):
        """Bills that we hold, mature, and of which nobody has been told yet."""
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "received")
            & Domain("maturity_date", "<=", company._credit_today())
            & Domain("activity_id", "=", False)
        )

    @api.model
    def _handed_on_domain(self, company):
        """Endorsed or discounted bills that could have come back until yesterday."""
        last = company._credit_today() - timedelta(days=PRESENTING_DAYS)
        return (
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("endorsed", "discounted"))
            & Domain("maturity_date", "<", last)
        )

    @api.model
    def _work_off(self, domain, method):
        """Run the method on each bill of the domain; each batch is a transaction of its own."""
        ids = self.sudo().search(domain, order="id").ids
        for start in range(0, len(ids), BATCH):
            bills = self.sudo().browse(ids[start : start + BATCH]).exists()
            for bill in bills.filtered_domain(domain):
                getattr(bill, method)()
            remaining = max(0, len(ids) - start - BATCH)
            self.env["ir.cron"]._commit_progress(len(bills), remaining=remaining)

    def _remind_to_present(self):
        """An activity in the clerk's language."""
        self.ensure_one()
        user = self._clerk()
        env = self.with_context(lang=user.lang).env
        summary = env._(
            "Present bill %(number)s: %(amount)s of %(customer)s",
            number=self.name,
            amount=format_amount(env, self.amount, self.currency_id),
            customer=self.partner_id.commercial_partner_id.name,
        )
        activity = self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.maturity_date,
            summary=summary,
            user_id=user.id,
        )
        self._keep({"activity_id": activity.id})

    def _clerk(self):
        """Who presents bills: the company's clerk, else who entered the bill."""
        for user in self.company_id.receivable_user_id | self.create_uid:
            if user.active and not user.share:
                return user
        return self.env.ref("base.user_admin")

    def _close_handed_on(self):
        """Nobody came back with the bill in time: it has been paid."""
        self._mature_handed_on(self.company_id._credit_today())
