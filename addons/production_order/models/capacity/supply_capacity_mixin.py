from odoo import api, fields, models


class SupplyCapacityMixin(models.AbstractModel):
    """A document that is worked at work centres: when there is room for it, and why later."""

    _name = "supply.capacity.mixin"
    _description = "Worked at Work Centres"

    #: The field of ``supply.job`` that names this kind of document.
    _capacity_link = None

    capacity_date = fields.Date(
        "Finished by Capacity",
        compute="_compute_capacity",
        help="When there is room for it at the work centres; the load is counted anew every ten"
        " minutes, and with the plan where promises respect capacity.",
    )
    capacity_delay_days = fields.Integer(
        "Later by Capacity (Days)", compute="_compute_capacity", help="Than the plan says."
    )
    capacity_reason = fields.Char("Why Later", compute="_compute_capacity")

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_capacity(self):
        jobs = self.env["supply.job"]._by_document(self._capacity_link, self)
        for record in self:
            job = jobs.get(record._origin.id, self.env["supply.job"])
            record.capacity_date = job.capacity_date
            record.capacity_delay_days = job.delay_days
            record.capacity_reason = job.delay_reason
