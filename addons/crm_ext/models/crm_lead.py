from odoo import api, models

FACT_FIELDS = {
    "partner_id", "stage_id", "active", "probability", "type", "expected_revenue",
    "date_deadline", "company_id",
}  # fmt: skip

#: What makes quotations of a deal more or less probable.
PROBABILITY_FIELDS = {"probability", "stage_id", "active"}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        self.env["customer.pool"]._note(leads.partner_id)
        return leads

    def write(self, vals):
        """Winning, losing, reopening and changing amount, date or customer are pool events."""
        if FACT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        partners = self.partner_id
        result = super().write(vals)
        if PROBABILITY_FIELDS & vals.keys():
            self.env["suite.outlook"]._changed(self.sudo().order_ids)
        self.env["customer.pool"]._note(partners | self.partner_id)
        return result
