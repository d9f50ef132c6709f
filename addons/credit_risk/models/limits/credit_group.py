from odoo import fields, models


class CreditGroup(models.Model):
    """Customers that share one limit, each beside the limit of his own.

    The members may belong to several companies; what each owes is converted to the group's
    currency at today's rate. ``version`` is bumped like that of an account, so that two members
    can't use the shared limit at the same time.
    """

    _name = "credit.group"
    _inherit = ["mail.thread"]
    _description = "Credit Group"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: its members are of any company.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    limit_kind = fields.Selection(
        [("limited", "Shared Limit"), ("unlimited", "No Shared Limit")],
        "Shared",
        default="limited",
        required=True,
        tracking=True,
    )
    limit_amount = fields.Monetary("Shared Limit", tracking=True)
    member_limit_kind = fields.Selection(
        [("default", "Company Default"), ("limited", "Limited"), ("unlimited", "Unlimited")],
        "Limit of Each Member",
        default="default",
        required=True,
        tracking=True,
        help="What holds for members without a limit of their own.",
    )
    member_limit_amount = fields.Monetary("Limit Amount of Each Member", tracking=True)
    policy_id = fields.Many2one("credit.policy", "Credit Policy", ondelete="restrict")
    version = fields.Integer(readonly=True, default=0, copy=False)
    account_ids = fields.One2many("credit.account", "group_id", "Members")

    _amounts_check = models.Constraint(
        "CHECK(COALESCE(limit_amount, 0) >= 0 AND COALESCE(member_limit_amount, 0) >= 0)",
        "A limit can't be negative.",
    )
