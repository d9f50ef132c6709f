import inspect
import re

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .attack_case import REFUSALS, AttackCase


@tagged("post_install", "-at_install")
class TestOthersCustomers(AttackCase):
    """A salesperson knows the credit of his own customers and learns nothing about others'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = new_test_user(
            cls.env,
            "credit_colleague",
            "base.group_user,base.group_allow_export,sales_team.group_sale_salesman",
            company_id=cls.company.id,
        )
        cls.portal = new_test_user(
            cls.env, "credit_portal", "base.group_portal", company_id=cls.company.id
        )
        cls.poor.user_id = cls.salesman
        cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.poor.id,
                "invoice_user_id": cls.salesman.id,
                "invoice_line_ids": [Command.create({"name": "货", "price_unit": 4321.0})],
            }
        ).action_post()
        cls.env["credit.bill"].sudo().create(
            {"name": "B1", "partner_id": cls.poor.id, "amount": 5.0, "maturity_date": cls.today}
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _quote(self, user, price=1e6):
        """A quotation that somebody writes for the customer."""
        order = (
            self.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": self.poor.id,
                    "user_id": user.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.gear.id,
                                "product_uom_qty": 1,
                                "price_unit": price,
                                "technical_price_unit": 0.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        self.env.invalidate_all()
        return order

    def _assert_no_number(self, text):
        self.assertFalse(re.search(r"\d", text or ""), text)

    # ------------------------------------------------------------------ reading

    def test_own_customer(self):
        """The salesperson of the customer, and of nobody's customer, sees all figures."""
        account = self.account.with_user(self.salesman)
        self.assertEqual(account.read(["limit_amount"])[0]["limit_amount"], 1)
        self.assertEqual(account.exposure, self.account.exposure)
        self.assertEqual(self.poor.with_user(self.salesman).credit_exposure, account.exposure)
        self.assertGreater(account.exposure, 4321)
        self.assertIn("4", self._quote(self.salesman).credit_message)
        nobodys = self.env["credit.account"]._for(self.rich, self.company)
        self.assertTrue(nobodys.with_user(self.colleague).is_mine)
        self.poor.user_id = False
        self.env.invalidate_all()
        self.assertTrue(self.account.with_user(self.colleague).has_access("read"))

    def test_by_a_confirmed_order(self):
        """Who sells the customer a confirmed order sees his state, not by a quotation."""
        quote = self._quote(self.colleague, 1)
        account = self.account.with_user(self.colleague)
        self.assertFalse(account.is_mine)
        self.assertFalse(account.has_access("read"))
        self.account.limit_kind = "unlimited"
        quote.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(quote.state, "sale")
        self.assertTrue(account.has_access("read"))

    def test_searches(self):
        """Search, groups, export, names: others' customers aren't there, by any question."""
        user, key = self.colleague, self.account.id
        for name, field in (
            ("credit.account", "partner_id"),
            ("credit.hold", "partner_id"),
            ("credit.bill", "partner_id"),
            ("receivable.item", "partner_id"),
        ):
            model = self.env[name].with_user(user)
            domain = [(field, "=", self.poor.id)]
            with self.subTest(name):
                self.assertTrue(model.sudo().search_count(domain))
                self.assertFalse(model.search(domain))
                self.assertFalse(model.search_count(domain))
                self.assertFalse(model.formatted_read_group(domain, [field], ["__count"]))
                self.assertFalse(model.web_search_read(domain, {field: {}})["records"])
                hidden = model.browse(model.sudo().search(domain, limit=1).id)
                for attempt in (
                    lambda hidden=hidden: hidden.read(["display_name"]),
                    lambda hidden=hidden: hidden.web_read({"display_name": {}}),
                    lambda hidden=hidden, field=field: hidden.export_data([field]),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
        accounts = self.env["credit.account"].with_user(user)
        self.assertFalse(accounts.name_search("锁定客户"))
        for name in ("is_locked", "is_over_limit"):
            self.assertNotIn(key, accounts.search([(name, "=", True)]).ids)

    def test_domains_of_other_models(self):
        """A number can't be searched out over the partner, the order or the delivery."""
        user = self.colleague
        self._quote(user)
        questions = (
            ("res.partner", [("credit_limit", ">", 0)]),
            ("res.partner", [("credit_exposure", ">", 0)]),
            ("res.partner", [("credit_available", "<", 0)]),
            ("res.partner", [("credit", ">", 0)]),
            ("sale.order", [("credit_hold_ids.excess_amount", ">", 0)]),
            ("sale.order", [("credit_hold_ids.account_id.limit_amount", "<", 5)]),
            ("stock.picking", [("credit_hold_ids.exposure", ">", 0)]),
            ("stock.move", [("credit_account_id.limit_amount", "<", 5)]),
            ("credit.hold", [("account_id.limit_amount", "<", 5)]),
            ("credit.policy", [("rule_ids.percent", ">", 0)]),
            ("credit.group", [("limit_amount", ">=", 0)]),
            ("suite.decision", [("explanation", "ilike", "4")]),
        )
        about = {
            "res.partner": self.poor,
            "sale.order": self.env["sale.order"].search([("partner_id", "=", self.poor.id)]),
            "stock.picking": self.locked | self.shipped,
            "stock.move": (self.locked | self.shipped).move_ids,
            "credit.hold": self.hold,
            "suite.decision": self.env["suite.decision"].search(
                [("partner_id", "=", self.poor.id)]
            ),
        }
        for name, domain in questions:
            model = self.env[name].with_user(user)
            with self.subTest(domain=domain):
                try:
                    found = model.search(domain)
                except REFUSALS:
                    continue
                self.assertFalse(set(found.ids) & set(about.get(name, found).ids))

    def test_partner_fields(self):
        """On the customer's form others' figures stay empty, also in a list and an export."""
        partner = self.poor.with_user(self.colleague)
        names = ["credit_exposure", "credit_available", "credit_unlimited"]
        self.assertEqual(
            {key: value for key, value in partner.read(names)[0].items() if key in names},
            {"credit_exposure": 0.0, "credit_available": 0.0, "credit_unlimited": False},
        )
        self.assertEqual(partner.export_data(["credit_exposure"])["datas"], [[0.0]])
        with self.assertRaises(AccessError):
            partner.action_open_credit_account() and self.account.with_user(
                self.colleague
            ).check_access("read")
        with self.assertRaises(AccessError):
            self.poor.with_user(self.storekeeper).read(["credit_exposure"])

    def test_quotation(self):
        """A quotation for another's customer says only that it would be held, in form and RPC."""
        quote = self._quote(self.colleague)
        self.assertEqual(quote.credit_message, "Credit: this order would be put on hold.")
        with Form(quote) as form:
            form.client_order_ref = "试"
            self._assert_no_number(form.credit_message)
        spec = {"credit_message": {}, "partner_credit_warning": {}, "credit_state": {}}
        values = quote.onchange({"partner_id": self.poor.id}, ["partner_id"], spec)["value"]
        self._assert_no_number(values.get("credit_message"))
        self.company.account_use_credit_limit = True
        self.env.invalidate_all()
        self._assert_no_number(quote.partner_credit_warning)
        quote.action_confirm()
        self.env.invalidate_all()
        self.assertEqual(quote.credit_state, "hold")
        self.assertEqual(quote.credit_message, "Credit hold. Finance decides about it.")
        with self.assertRaises(AccessError):
            quote.sudo().credit_hold_ids.with_user(self.colleague).read(["excess_amount"])
        for message in quote.sudo().message_ids:
            if "Credit" in (message.body or ""):
                self._assert_no_number(message.body.striptags())
        for activity in quote.sudo().activity_ids:
            self._assert_no_number((activity.note or "").replace("&nbsp;", ""))
        with self.assertRaises(AccessError):
            quote.action_open_credit_account()

    def test_decisions(self):
        """The decision about one's own document tells nothing about another's customer."""
        quote = self._quote(self.colleague)
        quote.action_confirm()
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", quote.id)], limit=1
        )
        for user in (self.colleague, self.storekeeper):
            seen = decision.with_user(user)
            self._assert_no_number(seen.explanation)
            self.assertFalse([line for line in seen.inputs or [] if line.get("value")])
        self.assertRegex(decision.with_user(self.controller).explanation, r"\d")
        self.poor.user_id = self.colleague
        self.env.invalidate_all()
        self.assertRegex(decision.with_user(self.colleague).explanation, r"\d")

    def test_deliveries(self):
        """Warehouse and others' salespeople read that a delivery is locked and why, no amounts."""
        for user in (self.colleague, self.storekeeper):
            picking = self.locked.with_user(user)
            self.assertTrue(picking.shipment_locked)
            self.assertIn("over the credit limit", picking.credit_message)
            self._assert_no_number(picking.credit_message)
            with self.assertRaises(UserError) as caught:
                picking.button_validate()
            self._assert_no_number(str(caught.exception))
        self.assertRegex(self.locked.with_user(self.salesman).credit_message, r"\d")
        both = (self.locked | self.other).with_user(self.stock_boss)
        both.with_context(skip_backorder=True).button_validate()
        noted = [body for body in self.locked.message_ids.mapped("body") if "Shipment" in body]
        self.assertEqual(len(noted), 1)
        self._assert_no_number(noted[0].striptags())

    def test_takeover(self):
        """Who may edit contacts doesn't make himself the salesperson of another's customer."""
        self.colleague.group_ids |= self.env.ref("base.group_partner_manager")
        partner = self.poor.with_user(self.colleague)
        with self.assertRaises(AccessError):
            partner.write({"user_id": self.colleague.id})
        with self.assertRaises(AccessError):
            partner.write({"user_id": self.colleague.id, "name": "x"})
        partner.write({"phone": "010-1"})
        self.rich.with_user(self.colleague).write({"user_id": self.colleague.id})
        self.poor.with_user(self.sales_boss).write({"user_id": self.colleague.id})
        self.assertEqual(self.poor.user_id, self.colleague)

    # ------------------------------------------------------------------ methods

    def test_public_methods(self):
        """No public method of the addon's models serves one who may not read the record."""
        served = []
        for name in sorted(self.env.registry):
            if not name.startswith(("credit.", "receivable.")):
                continue
            model = self.env[name]
            if model._abstract or model._transient:
                continue
            record = model.sudo().search([], limit=1)
            for method in self._public_methods(model):
                for user in (self.colleague, self.storekeeper, self.portal):
                    seen = record.with_user(user)
                    if not record or seen.has_access("read"):
                        continue
                    if self._answers(getattr(seen, method)):
                        served.append(f"{name}.{method} as {user.login}")
        self.assertFalse(served, "\n" + "\n".join(served))

    def _public_methods(self, model):
        """Names that RPC may call and that our addon defines on the model."""
        found = set()
        for parent in type(model).__mro__:
            if "credit_risk" not in getattr(parent, "__module__", ""):
                continue
            for name, member in vars(parent).items():
                private = getattr(member, "_api_private", False)
                if inspect.isfunction(member) and not name.startswith("_") and not private:
                    found.add(name)
        return found - {"create", "write", "unlink", "copy", "init"}

    def _answers(self, method):
        needed = [
            "x"
            for parameter in inspect.signature(method).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        try:
            with self.env.cr.savepoint():
                method(*needed)
        except REFUSALS:
            self.env.invalidate_all()
            return False
        return True

    def test_ageing(self):
        """Ageing is for accounting."""
        ageing = self.env["receivable.ageing"]
        for user in (self.salesman, self.sales_boss, self.storekeeper, self.portal):
            with self.assertRaises(AccessError):
                ageing.with_user(user).at(self.today)
        self.assertTrue(ageing.with_user(self.accountant).at(self.today))
