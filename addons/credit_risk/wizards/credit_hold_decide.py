from odoo import api, fields, models


class CreditHoldDecide(models.TransientModel):
    """Asks for the reason (and the bounds of a release) before a hold is decided."""

    _name = "credit.hold.decide"
    _description = "Decide a Credit Hold"

    hold_ids = fields.Many2many("credit.hold", string="Holds", required=True)
    decision = fields.Selection(
        [("release", "Release"), ("reject", "Reject")], required=True, default="release"
    )
    reason = fields.Text(required=True)
    valid_until = fields.Date(
        compute="_compute_bounds", store=True, readonly=False, precompute=True
    )
    deviation_percent = fields.Float(
        "Deviation Allowed (%)",
        compute="_compute_bounds",
        store=True,
        readonly=False,
        precompute=True,
        help="Percent that the order may still grow without a new release.",
    )

    shown_amount = fields.Float(
        "Amount",
        compute="_compute_bounds",
        store=True,
        readonly=False,
        precompute=True,
        help="Sum of the documents as they are shown here; a release is about this amount.",
    )

    @api.depends("hold_ids")
    def _compute_bounds(self):
        for wizard in self:
            hold = wizard.hold_ids[:1]
            wizard.valid_until = hold.sudo()._default_valid_until() if hold else False
            wizard.shown_amount = sum(wizard.hold_ids.mapped("amount"))
            wizard.deviation_percent = hold.sudo().company_id.credit_release_deviation

    def action_apply(self):
        """Decide; all checks are those of ``credit.hold``."""
        self.ensure_one()
        if self.decision == "reject":
            self.hold_ids.action_reject(self.reason)
        else:
            self.hold_ids.action_release(
                self.reason,
                valid_until=self.valid_until,
                deviation_percent=self.deviation_percent,
                shown_amount=self.shown_amount,
            )
        return {"type": "ir.actions.act_window_close"}
