from odoo import api, fields, models

from ..tools.clearance import cleared, is_cleared
from ..tools.guarded import without

KEPT_BY_SYSTEM = {"credit_state", "credit_warned"}


class AccountMove(models.Model):
    _inherit = "account.move"

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "move_id",
        "Credit Holds",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice,credit_risk.group_credit_controller",
    )
    credit_state = fields.Selection(
        [
            ("clear", "Clear"),
            ("warning", "Warning"),
            ("hold", "Credit Hold"),
            ("released", "Released"),
        ],
        "Credit",
        compute="_compute_credit_state",
        compute_sudo=True,
    )
    credit_warned = fields.Boolean(readonly=True, copy=False)
    credit_message = fields.Text(compute="_compute_credit_state", compute_sudo=True)

    # ------------------------------------------------------------------ computes

    @api.depends_context("lang")
    @api.depends("credit_hold_ids.state", "credit_warned", "state")
    def _compute_credit_state(self):
        """Only invoices that come from no order are ever held, and only by a rule for them."""
        self.credit_message = False
        for move in self:
            states = set(move.credit_hold_ids.mapped("state"))
            move.credit_state = "warning" if move.credit_warned else "clear"
            if "open" in states:
                hold = move.credit_hold_ids.filtered(lambda rec: rec.state == "open")[:1]
                move.credit_state = "hold"
                move.credit_message = f"{hold._title()}\n{hold.cure}"
            elif "released" in states:
                move.credit_state = "released"

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, KEPT_BY_SYSTEM) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Posting by writing the state is judged like posting; see docs/flow.md."""
        if not self.env.su:
            vals = without(vals, KEPT_BY_SYSTEM)
        if vals.get("state") == "posted" and not is_cleared(self.env.cr, self._name, self.ids):
            self._credit_refuse_unchecked()
        return super().write(vals)

    # ------------------------------------------------------------------ actions

    def _post(self, soft=True):
        """Post what the rules for invoices let pass; tell the customers' accounts.

        Invoices raise the exposure; payments and credit notes may free held orders.
        """
        judged = self
        if soft:  # what Odoo leaves for its own day is judged then
            judged = self.filtered(lambda move: move.date <= fields.Date.context_today(self))
        passing = self - judged._credit_hold_back()
        if self and not passing:
            return passing
        with cleared(self.env.cr, self._name, passing.ids):
            posted = super(AccountMove, passing)._post(soft=soft)
        (passing | posted)._credit_entries_changed()
        return posted

    def button_draft(self):
        result = super().button_draft()
        self._credit_entries_changed(undone=True)
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._credit_entries_changed(undone=True)
        return result

    def _credit_entries_changed(self, undone=False):
        """Tell the customers' accounts, which look at both directions from fresh figures."""
        moves = self.sudo().filtered(lambda move: move.company_id.credit_control != "off")
        if undone:
            lines = moves.line_ids
        else:
            lines = moves.filtered(lambda move: move.state == "posted").line_ids
        lines._credit_items_changed(undone=undone)
