from odoo import api, fields, models
from odoo.tools import format_amount, format_date

# Days late → who is told. A negative stage stands for "before due".
BEFORE_DUE = -1
LATE_STAGES = (0, 1, 7, 15, 30)


class ReceivableWarning(models.Model):
    """Which warnings an open item has caused; each stage once, so that nobody is told twice."""

    _name = "receivable.warning"
    _description = "Receivable Warning"
    _order = "id desc"

    line_id = fields.Many2one(
        "account.move.line", "Item", required=True, readonly=True, ondelete="cascade"
    )
    stage = fields.Integer(
        required=True, readonly=True, help="Days late; -1 for the warning before the due date."
    )
    user_id = fields.Many2one("res.users", "Told", readonly=True)
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")

    _line_stage_uniq = models.UniqueIndex("(line_id, stage)")

    @api.model
    def _cron_warn(self):
        """Daily: make the warnings that are due today and end those of paid items."""
        self._drop_paid()
        companies = self.env["res.company"].search([("credit_control", "!=", "off")])
        for company in companies:
            self._warn_company(company)

    @api.model
    def _drop_paid(self):
        """Unmatched money may cover an item without being matched: only residuals count."""
        paid = self.search([("activity_id", "!=", False), ("line_id.amount_residual", "<=", 0)])
        paid.activity_id.unlink()

    @api.model
    def _warn_company(self, company):
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "=", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", ">", 0),
                ("move_id.move_type", "=", "out_invoice"),
                ("date_maturity", "!=", False),
            ]
        )
        today = company._credit_today()
        known = {
            (warning.line_id.id, warning.stage)
            for warning in self.search([("line_id", "in", lines.ids)])
        }
        values = []
        for line in lines:
            days = (today - line.date_maturity).days
            stage = self._stage(days, company.receivable_warning_days)
            if stage is None or (line.id, stage) in known:
                continue
            user = self._recipient(line, stage)
            activity = line.move_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self._summary(line, stage, user),
                date_deadline=today,
                user_id=user.id,
            )
            values.append(
                {
                    "line_id": line.id,
                    "stage": stage,
                    "user_id": user.id,
                    "activity_id": activity.id,
                }
            )
        self.create(values)

    @api.model
    def _stage(self, days_late, days_before):
        """The last stage reached; None if it is too early for any."""
        if days_late < 0:
            return BEFORE_DUE if days_late >= -days_before else None
        return max(stage for stage in LATE_STAGES if stage <= days_late)

    @api.model
    def _recipient(self, line, stage):
        """Salesperson up to the first days, then the manager, then finance."""
        move = line.move_id
        seller = move.invoice_user_id or line.partner_id.commercial_partner_id.user_id
        manager = move.team_id.user_id or seller
        clerk = line.company_id.receivable_user_id or manager
        people = {7: manager, 15: clerk, 30: clerk}
        user = people.get(stage, seller) or clerk or move.create_uid
        return user if user.active and not user.share else self.env.ref("base.user_admin")

    @api.model
    def _summary(self, line, stage, user):
        env = self.with_context(lang=user.lang).env
        values = {
            "amount": format_amount(env, line.amount_residual, line.company_currency_id),
            "customer": line.partner_id.commercial_partner_id.name,
            "date": format_date(env, line.date_maturity),
            "days": stage,
        }
        if stage == BEFORE_DUE:
            return env._("%(amount)s of %(customer)s falls due on %(date)s", **values)
        if stage == 0:
            return env._("%(amount)s of %(customer)s is due today", **values)
        return env._("%(amount)s of %(customer)s is %(days)s days late", **values)
