from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_pool import POOLS


class CustomerPoolMove(models.Model):
    """History of the pools: one row a move, written by the service, never changed."""

    _name = "customer.pool.move"
    _description = "Customer Pool Move"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    from_pool = fields.Selection(POOLS, string="From")
    to_pool = fields.Selection(POOLS, string="To")
    date = fields.Datetime(required=True, default=lambda self: self.env.cr.now(), index=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, default=lambda self: self.env.uid
    )
    automatic = fields.Boolean()
    rule_id = fields.Many2one("customer.pool.rule", ondelete="set null")
    fact_model = fields.Char(string="Document Model")
    fact_id = fields.Many2oneReference(model_field="fact_model", string="Document")
    note = fields.Char(string="Given Reason")
    reason = fields.Char(compute="_compute_reason")

    @api.depends("note", "rule_id", "fact_model", "fact_id", "to_pool")
    @api.depends_context("lang")
    def _compute_reason(self):
        rows = [(m.to_pool, m.note, m.rule_id, m.fact_model, m.fact_id) for m in self]
        for move, reason in zip(self, self.env["customer.pool"]._reasons(rows), strict=True):
            move.reason = reason

    def write(self, vals):
        raise UserError(self.env._("The history of the pools can't be changed."))

    def unlink(self):
        raise UserError(self.env._("The history of the pools can't be deleted."))
