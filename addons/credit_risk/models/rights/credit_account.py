from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.guarded import without

KEPT_BY_SYSTEM = {"version", "partner_id", "company_id"}
FINANCE = "account.group_account_readonly,account.group_account_invoice"


class CreditAccount(models.Model):
    _inherit = "credit.account"

    # What others stand in for, and which rules count, is no business of the salespeople.
    limit_line_ids = fields.One2many(groups=FINANCE)
    is_mine = fields.Boolean(
        "My Customer",
        compute="_compute_is_mine",
        search="_search_is_mine",
        compute_sudo=True,
        help="The customer's salesperson is me, or nobody, or I sell him a confirmed order.",
    )

    @api.depends_context("uid")
    @api.depends("partner_id.user_id")
    def _compute_is_mine(self):
        mine = self.sudo().search(Domain("id", "in", self.ids) & self._mine_domain())
        for account in self:
            account.is_mine = account._origin in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._mine_domain()

    @api.model
    def _mine_domain(self):
        """Accounts of the current user's customers; a quotation alone makes nobody his customer,
        for anybody can write one."""
        self.env["sale.order"].flush_model(["user_id", "state", "partner_invoice_id", "company_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        sold = SQL(
            """(
            SELECT account.id
              FROM sale_order o
              JOIN res_partner payer ON payer.id = o.partner_invoice_id
              JOIN credit_account account ON account.partner_id = payer.commercial_partner_id
                                         AND account.company_id = o.company_id
             WHERE o.user_id = %s AND o.state = 'sale')""",
            self.env.uid,
        )
        return Domain("partner_id.user_id", "in", [self.env.uid, False]) | Domain("id", "in", sold)

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [without(vals, {"version"}) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """Whose account it is never changes, and the counter is the system's; docs/flow.md."""
        if not self.env.su:
            vals = without(vals, KEPT_BY_SYSTEM)
        return super().write(vals) if vals else True

    # ------------------------------------------------------------------ business

    def _visible(self, reader=None):
        """Of these accounts those whose figures the user may know (default: the current one)."""
        accounts = self.with_user(reader or self.env.user)
        if reader and reader != self.env.user:
            accounts = accounts.with_context(allowed_company_ids=[])
        return self & accounts._filtered_access("read").with_env(self.env)

    @api.model
    def _hidden_pairs(self, pairs, reader=None):
        """Of ``(commercial partner id, company id)`` those whose figures the user may not know."""
        known = [pair for pair in pairs if all(pair)]
        found = self.sudo()._for_pairs(known, make=False)
        visible = self.sudo().union(*found.values())._visible(reader)
        return {pair for pair, account in found.items() if account not in visible}
