from odoo import fields, models


class CreditReplayLine(models.Model):
    """A document of the past that a rule would have spoken against."""

    _name = "credit.replay.line"
    _description = "Replayed Document"
    _order = "date, id"
    _rec_name = "order_id"

    replay_id = fields.Many2one("credit.replay", required=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="replay_id.currency_id")
    order_id = fields.Many2one("sale.order", "Order", required=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", "Customer", ondelete="cascade")
    account_id = fields.Many2one("credit.account", "Credit Account", ondelete="set null")
    user_id = fields.Many2one("res.users", "Salesperson", ondelete="set null")
    date = fields.Datetime(help="When the order was asked for, or the goods left.")
    check = fields.Selection([("confirm", "Confirmation"), ("delivery", "Delivery")], "Checked At")
    effect = fields.Selection([("block", "Held"), ("warn", "Warned")])
    reason = fields.Selection(
        [
            ("LIMIT", "Over the Limit"),
            ("OVERDUE", "Overdue"),
            ("EXPIRED", "Limit Expired"),
            ("TERMS", "Longer Payment Terms"),
            ("AMOUNT", "Document Amount"),
        ],
        "Main Reason",
    )
    reason_codes = fields.Char("Reasons")
    amount = fields.Monetary()
    excess = fields.Monetary("Over By")
    overdue = fields.Monetary("Overdue Then")
    released_date = fields.Datetime("Free On", help="When it would have passed by payments.")
    days = fields.Integer("Days Held", aggregator="avg")
    is_waiting = fields.Boolean("Still Waiting")
    late_amount = fields.Monetary(
        "Paid Late", help="What of its invoices was paid after its due date."
    )
    late_days = fields.Integer("Days Late", aggregator="max")
    really_held = fields.Boolean(help="It was put on hold when it was asked for.")

    def action_open_order(self):
        """The order itself."""
        self.ensure_one()
        self.check_access("read")
        return self.order_id._get_records_action()
