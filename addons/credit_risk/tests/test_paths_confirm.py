from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CreditCase

LOGGER = "odoo.addons.credit_risk"


@tagged("post_install", "-at_install")
class TestPathsConfirm(CreditCase, HttpCase):
    """D6: whatever way an order is confirmed, the same decision is made, once."""

    # ------------------------------------------------------------------ paths that hold

    def _action(self, values):
        """A server action, as people and automations run it."""
        return (
            self.env["ir.actions.server"]
            .sudo()
            .create(
                {
                    "name": "Confirm",
                    "model_id": self.env["ir.model"]._get_id("sale.order"),
                    "group_ids": [Command.clear()],
                    **values,
                }
            )
        )

    def _run(self, action, order, user=None):
        action.with_user(user or self.salesman).with_context(
            active_model="sale.order", active_ids=order.ids, active_id=order.id
        ).run()

    def _by_button(self, order):
        order.with_user(self.salesman).action_confirm()

    def _by_boss(self, order):
        order.with_user(self.sales_boss).action_confirm()

    def _by_superuser(self, order):
        order.sudo().action_confirm()

    def _in_a_batch(self, order):
        (order | self._order(self._customer(10), 10)).with_user(self.salesman).action_confirm()

    def _by_server_action(self, order):
        self._run(self._action({"state": "code", "code": "records.action_confirm()"}), order)

    def _by_portal(self, order):
        order.sudo()._validate_order()

    def _by_web_client(self, order):
        self.authenticate("credit_salesman", "credit_salesman")
        self.make_jsonrpc_request(
            "/web/dataset/call_button/sale.order/action_confirm",
            {"model": "sale.order", "method": "action_confirm", "args": [order.ids], "kwargs": {}},
        )

    def _by_xmlrpc(self, order):
        self.xmlrpc_object.execute(
            self.env.cr.dbname,
            self.salesman.id,
            "credit_salesman",
            "sale.order",
            "action_confirm",
            order.ids,
        )

    def _by_json(self, order):
        key = (
            self.env["res.users.apikeys"]
            .with_user(self.salesman)
            .sudo()
            ._generate("rpc", "key", fields.Datetime.now() + timedelta(days=1))
        )
        response = self.url_open(
            "/json/2/sale.order/action_confirm",
            json={"ids": order.ids},
            headers={"Authorization": f"bearer {key}"},
        )
        self.assertEqual(response.status_code, 200, response.text)

    def _as_a_copy(self, order):
        """The copy of a confirmed order starts with nothing of its credit."""
        confirmed = self._order(order.partner_id, 0)
        confirmed.action_confirm()
        self.assertEqual(confirmed.state, "sale")
        copy = confirmed.copy()
        self.assertEqual((copy.state, copy.credit_state), ("draft", "clear"))
        self.assertFalse(copy.credit_hold_ids)

    HOLDS = (
        (_by_button, "system"),
        (_by_boss, "system"),
        (_by_superuser, "system"),
        (_in_a_batch, "system"),
        (_by_server_action, "system"),
        (_by_portal, "system"),
        (_by_web_client, "screen"),
        (_by_xmlrpc, "program"),
        (_by_json, "program"),
    )

    def test_one_decision(self):
        """Each path: one hold with the same figures, one decision, no goods, no exposure."""
        for path, source in self.HOLDS:
            with self.subTest(path.__name__):
                partner = self._customer(100)
                order = self._order(partner, 150)
                path(self, order)
                self.env.invalidate_all()
                self._check_held(order, source)
                self.assertEqual(self._exposure(partner), 0)

    def _check_held(self, order, source):
        hold = order.credit_hold_ids
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertEqual(
            (hold.state, hold.reason_codes, hold.amount, hold.excess_amount, hold.source),
            ("open", "LIMIT", 150, 50, source),
        )
        self.assertFalse(order.picking_ids)
        decision = self.env["suite.decision"].search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )
        self.assertEqual((decision.kind, decision.outcome), ("credit.check", "hold"))

    def test_what_fits_passes(self):
        """The same paths confirm an order of exactly the limit."""
        for path, _source in self.HOLDS:
            with self.subTest(path.__name__):
                partner = self._customer(100)
                order = self._order(partner, 100)
                path(self, order)
                self.env.invalidate_all()
                self.assertEqual((order.state, order.credit_state), ("sale", "clear"))
                self.assertFalse(order.credit_hold_ids)
                self.assertEqual(self._exposure(partner), 100)

    def test_copy(self):
        """A copied order is judged anew: released, warned or held belongs to the original."""
        partner = self._customer(100)
        order = self._confirmed(partner, 150)
        order.credit_hold_ids.with_user(self.controller).action_release("this one")
        copy = order.copy()
        self.assertEqual((copy.state, copy.credit_state), ("draft", "clear"))
        copy.action_confirm()
        self.assertEqual((copy.state, copy.credit_hold_ids.excess_amount), ("draft", 200))

    def test_reopened(self):
        """D5: 80 cancelled, 90 confirmed, 80 reopened and confirmed by each path: 170 is held."""
        for path in (type(self)._by_button, type(self)._by_server_action, type(self)._by_portal):
            with self.subTest(path.__name__):
                partner = self._customer(100)
                first = self._confirmed(partner, 80)
                first._action_cancel()
                self._confirmed(partner, 90)
                first.action_draft()
                path(self, first)
                self.assertEqual((first.state, first.credit_hold_ids.excess_amount), ("draft", 70))
                self.assertEqual(self._exposure(partner), 90)

    # ------------------------------------------------------------------ paths that are refused

    def _write_state(self, order):
        order.with_user(self.salesman).write({"state": "sale"})

    def _write_state_as_boss(self, order):
        order.with_user(self.sales_boss).write({"state": "sale"})

    def _write_state_as_superuser(self, order):
        order.sudo().write({"state": "sale"})

    def _write_state_and_more(self, order):
        order.with_user(self.salesman).write(
            {"state": "sale", "date_order": fields.Datetime.now(), "credit_warned": True}
        )

    def _create_as_sale(self, order):
        values = order.copy_data()[0]
        order.with_user(self.salesman).create(dict(values, state="sale"))

    def _action_that_writes(self, order):
        action = self._action(
            {
                "state": "object_write",
                "update_path": "state",
                "selection_value": self.env["ir.model.fields.selection"]
                .search(
                    [
                        ("field_id.model", "=", "sale.order"),
                        ("field_id.name", "=", "state"),
                        ("value", "=", "sale"),
                    ],
                    limit=1,
                )
                .id,
            }
        )
        self._run(action, order)

    def _lines_first(self, order):
        """Confirmed while it is empty, filled in the same command."""
        line = self.goods
        order.with_user(self.salesman).create(
            {
                "partner_id": order.partner_id.id,
                "state": "sale",
                "order_line": [
                    Command.create({"product_id": line.id, "price_unit": 150, "tax_ids": False})
                ],
            }
        )

    REFUSED = (
        _write_state,
        _write_state_as_boss,
        _write_state_as_superuser,
        _write_state_and_more,
        _create_as_sale,
        _action_that_writes,
        _lines_first,
    )

    def test_refused_and_logged(self):
        """Writing the state past the decision: refused with what to do, and logged."""
        for path in self.REFUSED:
            with self.subTest(path.__name__):
                partner = self._customer(100)
                order = self._order(partner, 150)
                with (
                    self.assertLogs(LOGGER, "WARNING"),
                    self.assertRaisesRegex(UserError, "Use Confirm"),
                    self.env.cr.savepoint(),
                    mute_logger("odoo.addons.base"),
                ):
                    path(self, order)
                self.env.invalidate_all()
                self.assertEqual(order.state, "draft")
                self.assertEqual(self._exposure(partner), 0)
                confirmed = self.env["sale.order"].search(
                    [("partner_id", "=", partner.id), ("state", "=", "sale")]
                )
                self.assertFalse(confirmed)

    def test_import(self):
        """An import that confirms: fits or is refused as a row with its message."""
        partner = self._customer(100)
        order = self._order(partner, 150)
        fine = self._order(partner, 90)
        load = self.env["sale.order"].with_user(self.salesman).load
        with self.assertLogs(LOGGER, "WARNING"):
            result = load([".id", "state"], [[str(order.id), "sale"]])
        self.assertIn("can't be confirmed this way", result["messages"][0]["message"])
        self.assertEqual(order.state, "draft")
        result = load([".id", "state"], [[str(fine.id), "sale"]])
        self.assertEqual((result["ids"], fine.state), (fine.ids, "sale"))

    def test_private_methods(self):
        """What Odoo doesn't offer to RPC isn't offered by us."""
        self.authenticate("credit_salesman", "credit_salesman")
        order = self._order(self._customer(100), 150)
        for name in ("_action_confirm", "_validate_order", "_credit_pass", "_credit_hold"):
            with self.subTest(name), mute_logger("odoo.http"):
                answer = self.url_open(
                    f"/web/dataset/call_kw/sale.order/{name}",
                    json={
                        "jsonrpc": "2.0",
                        "params": {
                            "model": "sale.order", "method": name, "args": [order.ids], "kwargs": {}
                        },
                    },
                ).json()  # fmt: skip
                self.assertIn("error", answer)
        self.assertEqual(order.state, "draft")

    # ------------------------------------------------------------------ what isn't confirming

    def test_neighbours(self):
        """Winning the opportunity, sending, mails and locking leave a held order held."""
        partner = self._customer(100)
        order = self._order(partner, 150)
        order.action_confirm()
        hold = order.credit_hold_ids
        if "opportunity_id" in order._fields:
            lead = self.env["crm.lead"].create({"name": "机会", "partner_id": partner.id})
            order.opportunity_id = lead
            lead.action_set_won()
        order.action_lock()
        order.action_unlock()
        composer = order.with_user(self.salesman).action_quotation_send()
        wizard = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(**composer["context"])
            .create({"body": "quotation"})
        )
        wizard._action_send_mail()
        self.assertEqual((order.state, order.credit_state, hold.state), ("sent", "hold", "open"))
        self.assertFalse(order.picking_ids)

    def test_quotation_template(self):
        """A template's mail goes out when the order is confirmed, not when it is held."""
        mail = self.env["mail.template"].create(
            {
                "name": "Welcome",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "body_html": "<p>欢迎 welcome on board</p>",
                "use_default_to": True,
            }
        )
        template = self.env["sale.order.template"].create(
            {"name": "标准", "mail_template_id": mail.id}
        )
        order = self._order(self._customer(100, email="t@t.cn"), 150)
        order.sale_order_template_id = template

        def sent():
            return len(order.message_ids.filtered(lambda rec: "on board" in (rec.body or "")))

        order.with_user(self.salesman).action_confirm()
        self.assertEqual((order.credit_state, sent()), ("hold", 0))
        order.credit_hold_ids.with_user(self.controller).action_release("ok")
        self.assertEqual((order.state, sent()), ("sale", 1))
        signed = self._order(self._customer(100, email="s@t.cn"), 150)
        signed.sale_order_template_id = template
        order = signed
        signed.sudo()._validate_order()
        self.assertEqual((order.credit_state, sent()), ("hold", 0))
        order.credit_hold_ids.with_user(self.controller).action_release("ok")
        self.assertEqual((order.state, sent()), ("sale", 1))

    def test_quotation_banner(self):
        """C13: a quotation of 150 against 100 shows "over by 50.00"; it is saved and sent."""
        partner = self._customer(100)
        order = self._order(partner, 150).with_user(self.salesman)
        self.assertIn("50.00", order.credit_message)
        self.assertRegex(order.credit_message, "(?i)over")
        order.write({"note": "saved"})
        order.action_quotation_sent()
        self.assertEqual((order.state, order.credit_state), ("sent", "clear"))
        self.assertFalse(order.sudo().credit_hold_ids)
        order.order_line.price_unit = 100
        self.assertNotIn("over", order.credit_message or "")

    def test_two_customers_in_a_batch(self):
        """D8 for orders: one customer's is held, the other's goes on, without an error."""
        held = self._order(self._customer(100), 150)
        fine = self._order(self._customer(100), 100)
        (held | fine).with_user(self.salesman).action_confirm()
        self.assertEqual((held.state, fine.state), ("draft", "sale"))

    def test_who_may_not_confirm(self):
        """Accountants and storekeepers confirm nothing, held or not."""
        order = self._order(self._customer(100), 100)
        for user in (self.accountant, self.storekeeper, self.controller):
            with self.subTest(user.login), self.assertRaises(AccessError):
                order.with_user(user).action_confirm()
        self.assertEqual(order.state, "draft")
