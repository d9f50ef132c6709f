from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_planning = fields.Boolean(related="company_id.supply_planning", readonly=False)
    supply_fence_days = fields.Integer(related="company_id.supply_fence_days", readonly=False)
    supply_calendar_id = fields.Many2one(related="company_id.supply_calendar_id", readonly=False)
    supply_window_days = fields.Integer(related="company_id.supply_window_days", readonly=False)
    supply_plan_holds = fields.Boolean(related="company_id.supply_plan_holds", readonly=False)
    supply_quotation_probability = fields.Integer(
        related="company_id.supply_quotation_probability", readonly=False
    )
    supply_keep_promises = fields.Boolean(related="company_id.supply_keep_promises", readonly=False)
    supply_dampener_days = fields.Integer(related="company_id.supply_dampener_days", readonly=False)
    supply_digest_hours = fields.Integer(related="company_id.supply_digest_hours", readonly=False)
    supply_approval_amount = fields.Monetary(
        related="company_id.supply_approval_amount",
        currency_field="company_currency_id",
        readonly=False,
    )

    @api.onchange("supply_planning")
    def _onchange_supply_planning(self):
        """A company that starts to plan keeps its promises, unless somebody doesn't want that."""
        if self.supply_planning and not self.company_id.supply_planning:
            self.supply_keep_promises = True
