from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Drafts are few: exposure asks for what is matched with them.
    _credit_draft_idx = models.Index("(partner_id) WHERE parent_state = 'draft'")

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        """Matching a payment may end an overdue, which frees held orders in this transaction."""
        result = super()._reconcile_plan(reconciliation_plan)
        self._credit_plan_lines(reconciliation_plan)._credit_items_changed()
        return result

    @api.model
    def _credit_plan_lines(self, plan):
        """All items of a plan, which is a tree of lists with record sets as its leaves."""
        lines = self.env["account.move.line"]
        for part in plan:
            if isinstance(part, models.BaseModel):
                lines |= part
            else:
                lines |= self._credit_plan_lines(part)
        return lines

    def _credit_accounts(self):
        """The customers' credit accounts and, of these items, those that are receivables."""
        items = self.sudo().filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.partner_id
                and line.company_id.credit_control != "off"
            )
        )
        pairs = {(item.partner_id.commercial_partner_id.id, item.company_id.id) for item in items}
        accounts = self.env["credit.account"].sudo()
        return accounts.union(*accounts._for_pairs(sorted(pairs)).values()), items

    def _credit_items_changed(self, undone=False):
        """Bump for what raises the exposure, then release and lock by fresh figures."""
        accounts, items = self._credit_accounts()
        if not accounts:
            return
        raising = items.filtered(lambda item: undone or item.balance > 0)
        pairs = {(item.partner_id.commercial_partner_id, item.company_id) for item in raising}
        accounts.filtered(lambda rec: (rec.partner_id, rec.company_id) in pairs)._exposure_raised()
        names = ", ".join(sorted({move.name or "" for move in items.move_id}))
        accounts._exposure_lowered(self.env._("Entry %(names)s", names=names))
