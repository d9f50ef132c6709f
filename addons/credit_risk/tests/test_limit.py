from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.credit_risk.hooks import SALES_ACCESS_ROWS, post_init_hook, uninstall_hook

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestLimit(CreditCase):
    """Where a limit lives, who may set it, how long it counts."""

    def test_one_account_a_customer(self):
        """The account belongs to the commercial entity; asking twice gives the same row."""
        partner = self.env["res.partner"].create({"name": "母公司", "is_company": True})
        contact = self.env["res.partner"].create({"name": "李四", "parent_id": partner.id})
        account = self.env["credit.account"]._for(contact, self.company)
        self.assertEqual(account.partner_id, partner)
        self.assertEqual(self.env["credit.account"]._for(partner, self.company), account)

    def test_odoo_s_own_field(self):
        """``credit_limit`` of the partner shows and writes the account's limit."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 70})
        partner = self.env["res.partner"].create({"name": "甲", "is_company": True})
        contact = self.env["res.partner"].create({"name": "乙", "parent_id": partner.id})
        self.assertEqual(partner.credit_limit, 70)
        self.assertFalse(partner.use_partner_credit_limit)
        partner.credit_limit = 500
        account = self._account(partner)
        self.assertEqual((account.limit_kind, account.limit_amount), ("limited", 500))
        self.assertEqual(account.effective_limit, 500)
        account.limit_amount = 600
        self.env.invalidate_all()
        self.assertEqual((partner.credit_limit, contact.credit_limit), (600, 600))
        self.assertTrue(partner.use_partner_credit_limit)
        found = self.env["res.partner"].search([("credit_limit", ">=", 600)])
        self.assertIn(contact, found)
        partner.use_partner_credit_limit = False
        self.assertEqual((account.limit_kind, account.effective_limit), ("default", 70))

    def test_odoo_s_own_setting(self):
        """The default limit of Odoo's settings is the company's default; there 0 is unlimited."""
        settings = self.env["res.config.settings"].create({})
        settings.account_default_credit_limit = 80
        settings.execute()
        self.assertEqual(
            (self.company.credit_default_limit_kind, self.company.credit_default_limit),
            ("limited", 80),
        )
        self.assertEqual(
            self.env["res.config.settings"].create({}).account_default_credit_limit, 80
        )

    def test_who_may_set_it(self):
        """B12: only credit managers, whichever field or method is used."""
        partner = self._customer(100)
        account = self._account(partner)
        for user in (self.salesman, self.sales_boss, self.accountant, self.controller):
            with self.assertRaises(AccessError):
                account.with_user(user).write({"limit_amount": 1e6})
        finance = self.chief_accountant
        finance.group_ids |= self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            partner.with_user(finance).credit_limit = 1e6
        self.assertEqual(account.limit_amount, 100)
        account.with_user(self.manager).limit_amount = 150
        self.assertEqual(account.effective_limit, 150)

    def test_changes_are_kept(self):
        """Each change bumps the account and is in the decisions and the ledger."""
        partner = self._customer(100)
        account = self._account(partner)
        version = account.version
        account.with_user(self.manager).limit_amount = 60
        self.assertGreater(account.version, version)
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "credit.account"), ("res_id", "=", account.id)], limit=1
        )
        self.assertEqual((decision.kind, decision.user_id), ("credit.limit", self.manager))
        entry = (
            self.env["suite.ledger.entry"]
            .sudo()
            .search(
                [("kind", "=", "credit.limit"), ("company_id", "=", self.company.id)],
                order="sequence desc",
                limit=1,
            )
        )
        self.assertIn("60", entry.payload)

    def test_expiry(self):
        """B10: after the last day and the grace of 5 days orders are held and goods locked."""
        self.company.credit_limit_grace_days = 5
        partner = self._customer(100)
        account = self._account(partner)
        account.limit_valid_to = self.today - timedelta(days=5)
        self.assertEqual(self._confirmed(partner, 10).state, "sale")
        account.limit_valid_to = self.today - timedelta(days=6)
        order = self._confirmed(partner, 10)
        self.assertEqual(order.credit_hold_ids.reason_codes, "EXPIRED")
        self.assertTrue(account.is_locked)
        account.limit_valid_to = self.today
        self.assertEqual(order.state, "sale")

    def test_install_hook_adopts_limits(self):
        """Limits kept in Odoo's column become accounts when the addon is installed."""
        partner = self.env["res.partner"].create({"name": "旧客户", "is_company": True})
        self.env.cr.execute(
            "UPDATE res_partner SET credit_limit = jsonb_build_object(%s, 321) WHERE id = %s",
            (str(self.company.id), partner.id),
        )
        post_init_hook(self.env)
        account = self._account(partner)
        self.assertEqual((account.limit_kind, account.limit_amount), ("limited", 321))

    def test_uninstall_hook_gives_back(self):
        """Uninstalling fills Odoo's column and restores the write rights of other roles."""
        partner = self._customer(321)
        rows = [self.env.ref(name).sudo() for name in SALES_ACCESS_ROWS]
        self.assertEqual([row.perm_write for row in rows], [False] * len(rows))
        uninstall_hook(self.env(su=True))
        self.env.cr.execute("SELECT credit_limit FROM res_partner WHERE id = %s", (partner.id,))
        self.assertEqual(self.env.cr.fetchone()[0], {str(self.company.id): 321})
        self.assertEqual([row.perm_write for row in rows], [True] * len(rows))

    def _odoo_limit(self, partner):
        """What Odoo's own column holds for the customer."""
        self.env.flush_all()
        self.env.cr.execute("SELECT credit_limit FROM res_partner WHERE id = %s", (partner.id,))
        return self.env.cr.fetchone()[0]

    def test_install_hook_reads_odoo_s_zero(self):
        """With a default of 80: an explicit 0 is "no limit", 80 is the default, 81 a limit."""
        partners = {}
        for amount in (0, 80, 81):
            partners[amount] = self.env["res.partner"].create(
                {"name": f"旧 {amount}", "is_company": True}
            )
            self.env.cr.execute(
                "UPDATE res_partner SET credit_limit = jsonb_build_object(%s, %s) WHERE id = %s",
                (str(self.company.id), amount, partners[amount].id),
            )
        self.env["ir.default"].set("res.partner", "credit_limit", 80, company_id=self.company.id)
        post_init_hook(self.env)
        found = {
            amount: (self._account(partner).limit_kind, self._account(partner).limit_amount)
            for amount, partner in partners.items()
        }
        self.assertEqual(found, {0: ("unlimited", 0), 80: ("default", 0), 81: ("limited", 81)})
        self.assertEqual(self.company.credit_default_limit, 80)
        self.company.credit_default_limit = 100
        self.assertEqual(self._account(self._customer()).effective_limit, 100)

    def test_uninstall_hook_gives_back_each_kind(self):
        """Unlimited becomes Odoo's 0, no credit 0.01, the default no value of its own."""
        unlimited, none, usual = (self._customer(5) for __ in range(3))
        self._account(unlimited).limit_kind = "unlimited"
        self._account(none).limit_amount = 0
        self._account(usual).write({"limit_kind": "default", "limit_amount": 0})
        self.env.cr.execute(
            "UPDATE res_partner SET credit_limit = jsonb_build_object(%s, 5) WHERE id = ANY(%s)",
            (str(self.company.id), (unlimited | none | usual).ids),
        )
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 70})
        uninstall_hook(self.env(su=True))
        key = str(self.company.id)
        self.assertEqual(
            [self._odoo_limit(partner) for partner in (unlimited, none, usual)],
            [{key: 0}, {key: 0.01}, {}],
        )
        defaults = self.env["ir.default"].with_company(self.company)
        self.assertEqual(defaults._get_model_defaults("res.partner")["credit_limit"], 70)

    def test_partner_figures(self):
        """Salespeople see the customer's exposure and free credit, and nothing of others."""
        partner = self._customer(100)
        self._confirmed(partner, 60)
        seen = partner.with_user(self.salesman)
        self.assertEqual((seen.credit_exposure, seen.credit_available), (60, 40))
        self.assertEqual(seen.action_open_credit_account()["res_model"], "credit.account")
        with self.assertRaises(AccessError):
            partner.with_user(self.storekeeper).read(["credit_exposure"])
        with self.assertRaises(AccessError):
            partner.with_user(self.storekeeper).action_open_credit_account()
