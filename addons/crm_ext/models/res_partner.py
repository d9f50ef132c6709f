from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .customer_pool import POOLS, STORED_FIELDS

# Passed by our merge of partners only; a caller from outside can't forge an object.
MERGING = object()


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "suite.decision.mixin"]

    # Written by the service in SQL alone; contacts show their company's pool.
    customer_pool = fields.Selection(
        POOLS, readonly=True, copy=False, index="btree_not_null", group_expand=True,
        groups="base.group_user",
        help="Nurture: no current need. Target: a need with amount and date. Won: bought lately.",
    )  # fmt: skip
    customer_pool_since = fields.Date(
        string="In Pool Since", readonly=True, copy=False, groups="base.group_user"
    )
    customer_pool_reason = fields.Char(
        string="Pool Reason", compute="_compute_customer_pool_reason", groups="base.group_user"
    )
    customer_pool_manual = fields.Boolean(
        string="Moved by Hand", readonly=True, copy=False, groups="base.group_user",
        help="Stays where it was put until a rule finds something new.",
    )  # fmt: skip
    customer_pool_note = fields.Char(
        string="Given Pool Reason", readonly=True, copy=False, groups="base.group_user"
    )
    customer_pool_rule_id = fields.Many2one(
        "customer.pool.rule", string="Pool Rule", readonly=True, copy=False,
        ondelete="set null", groups="base.group_user",
    )  # fmt: skip
    customer_pool_fact_model = fields.Char(readonly=True, copy=False, groups="base.group_user")
    customer_pool_fact_id = fields.Many2oneReference(
        model_field="customer_pool_fact_model", readonly=True, copy=False,
        groups="base.group_user",
    )  # fmt: skip
    customer_pool_move_ids = fields.One2many(
        "customer.pool.move", "partner_id", string="Pool History", readonly=True,
        groups="sales_team.group_sale_salesman",
    )  # fmt: skip

    @api.depends(*STORED_FIELDS)
    @api.depends_context("lang")
    def _compute_customer_pool_reason(self):
        rows = [
            (p.customer_pool, p.customer_pool_note, p.customer_pool_rule_id)
            + (p.customer_pool_fact_model, p.customer_pool_fact_id)
            for p in self
        ]
        for partner, reason in zip(self, self.env["customer.pool"]._reasons(rows), strict=True):
            partner.customer_pool_reason = reason

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_pool_untouched(vals)
        partners = super().create(vals_list)
        self.env["customer.pool"]._note(partners.filtered(lambda p: p.customer_rank or p.parent_id))
        return partners

    def write(self, vals):
        """Pools move by rules or with a reason (action_move_pool), never by a plain write."""
        if self.env.context.get("crm_ext_merging") is MERGING:
            vals = {k: v for k, v in vals.items() if k not in STORED_FIELDS}
        self._check_pool_untouched(vals)
        result = super().write(vals)
        if not {"parent_id", "is_company", "active"}.isdisjoint(vals):
            self.env["customer.pool"]._note(self)
        return result

    def _check_pool_untouched(self, vals):
        if any(vals.get(name) for name in STORED_FIELDS) or (
            self and not vals.keys().isdisjoint(STORED_FIELDS)
        ):
            raise AccessError(
                self.env._(
                    "A customer changes pool by the rules, or by “Move to Pool” with a reason."
                )
            )

    def action_open_pool_move(self):
        """Open the dialog that moves customers by hand."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to Pool"),
            "res_model": "customer.pool.move.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self.commercial_partner_id.ids},
        }

    def action_open_pool_history(self):
        """Open the pool history of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("crm_ext.customer_pool_move_action")
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action

    def action_move_pool(self, pool, reason):
        """Move customers by hand; kept until a rule finds something new about them.

        :param pool: ``nurture``, ``target`` or ``won``
        :param reason: why; shown on the customer and in the history
        :raises AccessError: a salesperson moves only his own customers and those of nobody
        :raises UserError: without reason, for a non-customer, or with pools switched off
        """
        reason = (reason or "").strip()
        if pool not in dict(POOLS):
            raise UserError(self.env._("There is no pool “%(pool)s”.", pool=pool))
        if not reason:
            raise UserError(self.env._("Please give a reason for the move."))
        partners = self.commercial_partner_id
        partners._check_may_move_pool()
        service = self.env["customer.pool"].sudo()
        if not service._companies():
            raise UserError(self.env._("Customer pools are switched off."))
        service._classify(partners.ids)
        strangers = partners.sudo().filtered(lambda p: not p.customer_pool)
        if strangers:
            raise UserError(
                self.env._("Not a customer: %(names)s", names=", ".join(strangers.mapped("name")))
            )
        service._move_by_hand(partners.sudo(), pool, reason)
        return True

    def _check_may_move_pool(self):
        if self.env.su:
            return
        self.check_access("write")
        user = self.env.user
        allowed = user.has_group("sales_team.group_sale_salesman_all_leads") or (
            user.has_group("sales_team.group_sale_salesman")
            and all(not p.user_id or p.user_id == user for p in self)
        )
        if not allowed:
            raise AccessError(self.env._("You can move your own customers only."))
