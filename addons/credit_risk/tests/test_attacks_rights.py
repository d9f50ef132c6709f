from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .attack_case import CONTEXT_KEYS, REFUSALS, AttackCase


@tagged("post_install", "-at_install")
class TestAttacksRights(AttackCase):
    """Fields, records and traces of credit that a caller by RPC tries to write, as each role."""

    ROLES = (
        "storekeeper",
        "stock_boss",
        "salesman",
        "sales_boss",
        "accountant",
        "controller",
        "manager",
        "seller_keeper",
        "portal",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, "credit_portal", "base.group_portal", company_id=cls.company.id
        )
        held = cls.env["sale.order"].create(
            {
                "partner_id": cls.poor.id,
                "user_id": cls.salesman.id,
                "order_line": [Command.create({"product_id": cls.gear.id, "price_unit": 900.0})],
            }
        )
        held.action_confirm()
        cls.held = held
        cls.env.flush_all()

    def _same_after(self, attempts, watched, roles=None):
        """Run the attempts as each role; what is watched stays as it is."""
        changed = []
        for role in roles or self.ROLES:
            user = getattr(self, role)
            before = watched()
            for name, attempt in attempts.items():
                try:
                    with self.env.cr.savepoint():
                        attempt(user)
                        self.env.flush_all()
                except REFUSALS:
                    pass
                self.env.invalidate_all()
                if watched() != before:
                    changed.append(f"{name} as {role}: {before} → {watched()}")
                    before = watched()
        self.assertFalse(changed, "\n" + "\n".join(changed))

    def test_states(self):
        """Credit states of order and delivery, the lock, the freed stock: nobody writes them."""
        order, picking = self.held, self.locked

        def values(user):
            return {"credit_state": "released", "credit_warned": True, "remainder_closed": True}

        attempts = {
            "write": lambda user: order.with_user(user).write(values(user)),
            "web_save": lambda user: order.with_user(user).web_save(values(user), {}),
            "load": lambda user: (
                self.env["sale.order"]
                .with_user(user)
                .load([".id", "credit_state"], [[str(order.id), "Released"]])
            ),
            "state": lambda user: order.with_user(user).write({"state": "sale"}),
            "locked": lambda user: order.with_user(user).write({"locked": True, "state": "sale"}),
            "picking": lambda user: picking.with_user(user).write(
                {
                    "credit_state": "clear",
                    "shipment_locked": False,
                    "credit_message": False,
                    "credit_freed_date": "2026-01-01",
                }
            ),
            "holds of the order": lambda user: order.with_user(user).write(
                {"credit_hold_ids": [Command.clear()]}
            ),
            "holds of the picking": lambda user: picking.with_user(user).write(
                {"credit_hold_ids": [Command.delete(self.hold.id)]}
            ),
        }
        self._same_after(
            attempts,
            lambda: (
                order.credit_state,
                order.credit_warned,
                order.remainder_closed,
                order.state,
                picking.credit_state,
                picking.shipment_locked,
                picking.credit_freed_date,
                len(order.credit_hold_ids),
                len(picking.credit_hold_ids),
            ),
        )

    def test_states_at_birth(self):
        """An order, a copy or an import isn't born released or confirmed."""
        for role in ("salesman", "sales_boss", "seller_keeper"):
            user = getattr(self, role)
            orders = self.env["sale.order"].with_user(user)
            values = {"partner_id": self.poor.id, "credit_state": "released"}
            made = orders.create(values | {"remainder_closed": True})
            copied = self.held.with_user(user).copy({"credit_state": "released"})
            for order in (made, copied):
                self.assertEqual((order.credit_state, order.remainder_closed), ("clear", False))
                self.assertFalse(order.sudo().credit_hold_ids)
            keyed = orders.with_context(
                default_credit_state="released", default_state="sale", default_locked=True
            )
            try:
                with self.env.cr.savepoint():
                    born = keyed.create(
                        {
                            "partner_id": self.poor.id,
                            "order_line": [
                                Command.create({"product_id": self.gear.id, "price_unit": 900.0})
                            ],
                        }
                    )
                    self.assertNotEqual((born.state, born.credit_state), ("sale", "released"))
            except UserError:
                self.env.invalidate_all()

    def test_holds(self):
        """Holds are made, changed and removed by the rules alone, whoever asks and how."""
        hold, Hold = self.hold, self.env["credit.hold"]
        values = {
            "state": "released",
            "approved_amount": 1e9,
            "deviation_percent": 1e3,
            "valid_until": "2099-01-01",
            "excess_amount": 0.0,
            "reserved_until": "2099-01-01",
            "reserved_from": "2099-01-01",
        }
        base = {"account_id": self.account.id, "picking_id": self.locked.id}
        attempts = {
            "write": lambda user: hold.with_user(user).write(values),
            "web_save": lambda user: hold.with_user(user).web_save(values, {}),
            "create": lambda user: Hold.with_user(user).create(base | values),
            "copy": lambda user: hold.with_user(user).copy(values),
            "name_create": lambda user: Hold.with_user(user).name_create("x"),
            "load": lambda user: Hold.with_user(user).load(
                [".id", "state"], [[str(hold.id), "Released"]]
            ),
            "unlink": lambda user: hold.with_user(user).unlink(),
            "keys": lambda user: (
                hold.with_user(user).with_context(**dict.fromkeys(CONTEXT_KEYS, True)).write(values)
            ),
            "over the account": lambda user: self.account.with_user(user).write(
                {"hold_ids": [Command.update(hold.id, values)]}
            ),
        }
        self._same_after(
            attempts, lambda: (hold.exists().read(sorted(values)), Hold.search_count([]))
        )

    def test_account(self):
        """Version and customer of an account are kept by the system; limits by managers."""
        account = self.account
        attempts = {
            "version": lambda user: account.with_user(user).write({"version": -5}),
            "copy": lambda user: account.with_user(user).copy(),
            "unlink": lambda user: account.with_user(user).unlink(),
            "name_create": lambda user: self.env["credit.account"].with_user(user).name_create("x"),
            "partner": lambda user: account.with_user(user).write({"partner_id": self.rich.id}),
        }
        watched = ("partner_id", "company_id")
        self._same_after(
            attempts,
            lambda: (account.exists().read(watched), self.env["credit.account"].search_count([])),
        )
        self.assertGreaterEqual(account.version, 0)
        roles = [role for role in self.ROLES if role != "manager"]
        self._same_after(
            {
                "limit": lambda user: account.with_user(user).write({"limit_amount": 1e9}),
                "kind": lambda user: account.with_user(user).web_save(
                    {"limit_kind": "unlimited"}, {}
                ),
                "hold": lambda user: account.with_user(user).write({"manual_hold": True}),
                "partner": lambda user: self.poor.with_user(user).write({"credit_limit": 5e5}),
                "default": lambda user: (
                    self.env["ir.default"].with_user(user).set("credit.account", "limit_amount", 5)
                ),
                "company": lambda user: self.company.with_user(user).write(
                    {"credit_control": "off", "credit_reservation_days": 99}
                ),
            },
            lambda: (
                account.limit_amount,
                account.limit_kind,
                account.manual_hold,
                self.company.credit_control,
                self.company.credit_reservation_days,
            ),
            roles,
        )

    def test_traces(self):
        """Decisions and ledger entries are neither written nor removed, by nobody."""
        decisions = self.env["suite.decision"].search([("partner_id", "=", self.poor.id)])
        entries = self.env["suite.ledger.entry"].sudo().search([])
        decision, entry = decisions[:1], entries[:1]
        attempts = {
            "unlink": lambda user: decision.with_user(user).unlink(),
            "outcome": lambda user: decision.with_user(user).write({"outcome": "pass"}),
            "create": lambda user: decision.with_user(user).create(
                {"kind": "credit.release", "res_model": "sale.order", "res_id": self.held.id}
            ),
            "copy": lambda user: decision.with_user(user).copy(),
            "entry": lambda user: entry.with_user(user).write({"payload": "{}"}),
            "entry gone": lambda user: entry.with_user(user).unlink(),
            "entry by superuser": lambda user: entry.sudo().unlink(),
            "entry made": lambda user: entry.with_user(user).create({"kind": "credit.limit"}),
        }
        self._same_after(
            attempts,
            lambda: (
                decision.outcome,
                len(decisions.exists()),
                len(entries.exists()),
                self.env["suite.decision"].search_count([("partner_id", "=", self.poor.id)]),
                self.env["suite.ledger.entry"].sudo().search_count([]),
            ),
        )

    def test_messages_and_activities(self):
        """On a hold that one can't read nothing is posted, planned, followed or finished."""
        self.poor.user_id = self.sales_boss
        self.held.user_id = self.sales_boss
        hold = self.hold.sudo()
        hold.user_id = self.sales_boss
        planned = hold.activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        model = self.env["ir.model"]._get_id("credit.hold")
        partner = self.salesman.partner_id
        attempts = {
            "post": lambda user: self.hold.with_user(user).message_post(body="release it"),
            "message": lambda user: (
                self.env["mail.message"]
                .with_user(user)
                .create({"model": "credit.hold", "res_id": hold.id, "body": "x"})
            ),
            "follow": lambda user: self.hold.with_user(user).message_subscribe(partner.ids),
            "plan": lambda user: self.hold.with_user(user).activity_schedule(
                "mail.mail_activity_data_todo", user_id=user.id
            ),
            "activity": lambda user: (
                self.env["mail.activity"]
                .with_user(user)
                .create({"res_model_id": model, "res_id": hold.id, "user_id": user.id})
            ),
            "done": lambda user: planned.with_user(user).action_feedback(feedback="done"),
            "unlink": lambda user: planned.with_user(user).unlink(),
        }
        self._same_after(
            attempts,
            lambda: (
                len(hold.message_ids),
                hold.message_partner_ids,
                len(hold.activity_ids),
                planned.exists().active,
            ),
            ("storekeeper", "salesman", "portal"),
        )

    def test_automation(self):
        """Server actions, scheduled actions and defaults are made by administrators alone."""
        model = self.env["ir.model"]._get_id("credit.hold")
        code = "env['credit.hold'].sudo().search([]).write({'state': 'released'})"
        values = {"name": "x", "model_id": model, "state": "code", "code": code}
        cron = self.env.ref("credit_risk.ir_cron_credit_reassess")
        rule = self.env.ref("credit_risk.credit_account_rule_salesman")
        for role in self.ROLES:
            user = getattr(self, role)
            attempts = {
                "action": lambda user=user: (
                    self.env["ir.actions.server"].with_user(user).create(values)
                ),
                "cron": lambda user=user: self.env["ir.cron"].with_user(user).create(values),
                "code": lambda user=user: cron.with_user(user).write({"code": code}),
                "run": cron.with_user(user).method_direct_trigger,
                "rule": lambda user=user: rule.with_user(user).write({"active": False}),
                "groups": lambda user=user: user.with_user(user).write(
                    {"group_ids": [Command.link(self.env.ref("base.group_system").id)]}
                ),
            }
            for name, attempt in attempts.items():
                with self.subTest(role=role, attempt=name), self.assertRaises(UserError):
                    attempt()
                self.env.invalidate_all()
        self.assertEqual(self.hold.state, "open")

    def test_bills(self):
        """What a bill settled is kept by the system; only accounting makes bills."""
        bill = (
            self.env["credit.bill"]
            .sudo()
            .create(
                {
                    "name": "B1",
                    "partner_id": self.poor.id,
                    "amount": 5.0,
                    "maturity_date": self.today,
                }
            )
        )
        before = bill.booked_amount
        roles = ("storekeeper", "stock_boss", "salesman", "sales_boss", "seller_keeper", "portal")
        self._same_after(
            {
                "amount": lambda user: bill.with_user(user).write({"amount": 9e9}),
                "booked": lambda user: bill.with_user(user).write({"booked_amount": 9e9}),
                "unlink": lambda user: bill.with_user(user).unlink(),
            },
            lambda: (bill.exists().amount, bill.booked_amount),
            roles,
        )
        self._same_after(
            {"booked": lambda user: bill.with_user(user).write({"booked_amount": -9e9})},
            lambda: bill.booked_amount,
            ("accountant", "controller", "manager"),
        )
        self.assertEqual(bill.booked_amount, before)

    def test_orders_of_finance(self):
        """F4: finance, warehouse, purchasing and production read orders and never write them."""
        groups = (
            "account.group_account_invoice",
            "account.group_account_user",
            "account.group_account_manager",
            "credit_risk.group_credit_manager",
            "stock.group_stock_user",
            "stock.group_stock_manager",
            "purchase.group_purchase_user",
            "purchase.group_purchase_manager",
            "mrp.group_mrp_user",
            "mrp.group_mrp_manager",
        )
        for name in groups:
            group = self.env.ref(name, raise_if_not_found=False)
            if not group:
                continue
            user = new_test_user(
                self.env,
                "f4_" + name.replace(".", "_"),
                f"base.group_user,{name}",
                company_id=self.company.id,
            )
            for record in (self.held, self.held.order_line):
                seen = record.with_user(user)
                with self.subTest(group=name, model=record._name):
                    self.assertEqual(
                        [seen.has_access(op) for op in ("write", "create", "unlink")], [False] * 3
                    )
                    values = {"name": "x"}
                    with self.assertRaises(AccessError):
                        seen.write(values)
