from odoo import fields, models


class CreditRule(models.Model):
    """One condition of a policy: where it is checked, for whom, and what follows.

    Meaning of the thresholds by ``condition`` (rules in ``tools/rules.py``):

    * ``limit``: exposure with the document is above ``percent`` of the effective limit
      (``warn`` at ``percent`` or above); plus ``amount`` when given.
    * ``overdue``: items later than ``days`` days sum to more than ``amount``, net of unapplied
      credits, each instalment by its own due date.
    * ``expired``: the limit's last day, plus ``days`` days of grace, is over.
    * ``terms``: the document's payment terms are longer than the customer's own.
    * ``order_amount``: the document is about more than ``amount``.

    ``effect`` ``exclude`` turns the meaning round: while days late are below ``days`` (if given)
    and the amount is below ``amount`` (if given), the rules named by ``excludes`` don't count.
    """

    _name = "credit.rule"
    _description = "Credit Rule"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one("credit.policy", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="policy_id.currency_id")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    check = fields.Selection(
        [
            ("confirm", "Confirmation"),
            ("delivery", "Delivery"),
            ("confirm_delivery", "Confirmation and Delivery"),
            ("invoice", "Invoice"),
            ("all", "Everywhere"),
        ],
        "Checked At",
        required=True,
        default="confirm_delivery",
    )
    condition = fields.Selection(
        [
            ("limit", "Over the Limit"),
            ("overdue", "Overdue"),
            ("expired", "Limit Expired"),
            ("terms", "Longer Payment Terms"),
            ("order_amount", "Document Amount"),
        ],
        required=True,
        default="limit",
    )
    effect = fields.Selection(
        [("warn", "Warn"), ("block", "Block"), ("exclude", "Don't Check")],
        required=True,
        default="block",
    )
    excludes = fields.Selection(
        [("condition", "Rules of the Same Condition"), ("all", "All Rules")],
        "Leaves Out",
        default="condition",
    )
    percent = fields.Float("Percent of the Limit", default=100.0)
    days = fields.Integer()
    amount = fields.Monetary()
    grace_days = fields.Integer(
        "Days After Approval",
        help="A delivery isn't checked again within this number of days after its order passed.",
    )
    scope = fields.Selection(
        [
            ("all", "All Customers"),
            ("customer", "Customers"),
            ("group", "Credit Groups"),
            ("rating", "Rating"),
        ],
        required=True,
        default="all",
    )
    partner_ids = fields.Many2many("res.partner", string="Customers")
    group_ids = fields.Many2many("credit.group", string="Credit Groups")
    rating = fields.Selection([("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")])
