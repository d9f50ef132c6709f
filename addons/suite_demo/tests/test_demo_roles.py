from lxml import etree

from odoo.exceptions import AccessDenied
from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import datetime, safe_eval, time

from ..demo.demo import Demo

# What each role finds in its lists on the first day: (model, domain, at least).
LISTS = {
    "sales": [
        ("crm.lead", [("type", "=", "opportunity"), ("user_id", "=", "uid")], 5),
        ("sale.order", [("state", "in", ("draft", "sent"))], 5),
        ("sale.order", [("credit_state", "=", "hold")], 3),
        ("sale.order", [("state", "=", "sale")], 10),
        ("res.partner", [("customer_pool", "!=", False), ("user_id", "=", "uid")], 10),
        ("customer.pool.move", [], 10),
        ("mail.activity", [("user_id", "=", "uid")], 5),
    ],
    "sales2": [
        ("crm.lead", [("user_id", "=", "uid")], 5),
        ("sale.order", [], 8),
        ("mail.activity", [("user_id", "=", "uid")], 3),
    ],
    "manager": [("crm.lead", [], 18), ("sale.order", [], 40), ("customer.pool.move", [], 30)],
    "finance": [
        ("account.move", [("move_type", "=", "out_invoice")], 85),
        ("account.payment", [], 70),
        ("credit.hold", [("state", "=", "open")], 6),
        ("sale.order", [], 40),
        ("mail.activity", [("user_id", "=", "uid")], 1),
    ],
    "credit": [("credit.hold", [("state", "=", "open")], 6), ("credit.account", [], 25)],
    "creditmanager": [("credit.account", [("limit_kind", "=", "unlimited")], 2)],
    "planner": [
        ("supply.plan.line", [("state", "=", "proposed")], 20),
        ("supply.message", [], 1),
        ("purchase.order", [], 3),
    ],
    "warehouse": [
        ("stock.picking", [("state", "=", "assigned")], 5),
        ("supply.plan.line", [("state", "=", "proposed"), ("action", "=", "buy")], 8),
    ],
    "production": [("mrp.production", [], 4), ("mrp.bom", [], 30)],
    "owner": [("suite.decision", [], 60)],
}


@tagged("post_install", "-at_install")
class TestDemoRoles(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = Demo(cls.env)

    def _env(self, login):
        user = self.demo.user(login)
        context = {"allowed_company_ids": self.demo.company.ids, "lang": user.lang, "tz": user.tz}
        return self.env(user=user, su=False, context=context)

    def test_everybody_can_log_in(self):
        """Login and password of the README work; a wrong password doesn't."""
        for row in self.demo.table("user"):
            with self.subTest(login=row["login"]):
                credential = {"type": "password", "login": row["login"], "password": "demo"}
                info = self.env["res.users"].authenticate(credential, {"interactive": False})
                self.assertEqual(info["uid"], self.demo.user(row["login"]).id)
                user = self.demo.user(row["login"])
                self.assertEqual([g for g in row["groups"].split() if not user.has_group(g)], [])
        with self.assertRaises(AccessDenied):
            credential = {"type": "password", "login": "sales", "password": "wrong"}
            self.env["res.users"].authenticate(credential, {"interactive": False})

    def test_lists_are_worth_opening(self):
        """Each role's lists have rows on the first day."""
        for login, lists in LISTS.items():
            env = self._env(login)
            for model, domain, least in lists:
                domain = [
                    (name, op, env.uid if value == "uid" else value) for name, op, value in domain
                ]
                with self.subTest(login=login, model=model, domain=domain):
                    self.assertGreaterEqual(env[model].search_count(domain), least)

    def test_every_menu_opens(self):
        """Each role reads what every menu it sees shows: views, rows, all columns."""
        for login in LISTS:
            env = self._env(login)
            opened = 0
            for menu in env["ir.ui.menu"].load_web_menus(False).values():
                if menu.get("actionModel") == "ir.actions.act_window":
                    with self.subTest(login=login, menu=menu["name"]):
                        self._open(env, menu["actionID"])
                        opened += 1
            self.assertGreater(opened, 5, login)

    def _open(self, env, action_id):
        action = env["ir.actions.act_window"].sudo().browse(action_id).sudo(False)
        action = action.sudo().read(["res_model", "domain", "context", "views", "limit"])[0]
        names = {
            "uid": env.uid, "user": env.user, "time": time, "datetime": datetime,
            "context_today": datetime.date.today, "active_id": False, "active_ids": [],
            "allowed_company_ids": self.demo.company.ids, "current_date": str(self.demo.today),
        }  # fmt: skip
        domain = safe_eval(action["domain"] or "[]", names)
        context = safe_eval(action["context"] or "{}", names)
        model = env[action["res_model"]].with_context(**context)
        views = [(view_id, kind) for view_id, kind in action["views"] if kind != "settings"]
        found = model.get_views([*views, (False, "search")])
        if model._transient or model._abstract:
            return
        for kind in ("list", "kanban"):
            if kind in found["views"]:
                arch = etree.fromstring(found["views"][kind]["arch"])
                columns = {node.get("name") for node in arch.iterfind(".//field")}
                rows = model.search(domain, limit=20)
                rows.read([name for name in columns if name in model._fields])
                return
