import base64
import re

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import CreditCase

SIGNATURE = base64.b64encode(
    base64.b64decode(
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()
POLITE = "We have received your order and are checking it; we will confirm it shortly."


@tagged("post_install", "-at_install")
class TestPortal(CreditCase, HttpCase):
    """A customer accepts on the portal what credit then holds: nothing is lost, nothing told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman.partner_id.name = "韩梅梅"
        cls.company.write({"portal_confirmation_sign": True, "portal_confirmation_pay": False})

    def setUp(self):
        super().setUp()
        self.partner = self._customer(100, email="buyer@example.com")
        self.login = f"buyer_{self.partner.id}"
        contact = self.env["res.partner"].create(
            {"name": "采购 Buyer", "parent_id": self.partner.id, "email": "li@example.com"}
        )
        self.buyer = new_test_user(
            self.env, self.login, "base.group_portal", partner_id=contact.id, name="采购 Buyer"
        )
        self.quote = self._order(self.partner, 150, require_signature=True, require_payment=False)
        self.quote.action_quotation_sent()
        self.quote.message_subscribe(self.partner.ids + contact.ids)

    # ------------------------------------------------------------------ helpers

    def _page(self, order=None, message=None, token=True, params=""):
        order = order or self.quote
        url = f"/my/orders/{order.id}?{params}"
        if token:
            url += f"&access_token={order._portal_ensure_token()}"
        if message:
            url += f"&message={message}"
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        return response.text

    def _sign(self, order=None, token=True, name="李雷"):
        order = order or self.quote
        params = {"name": name, "signature": SIGNATURE}
        if token:
            params["access_token"] = order._portal_ensure_token()
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            return self.make_jsonrpc_request(f"/my/orders/{order.id}/accept", params)

    def _mails(self, order=None):
        order = order or self.quote
        return order.message_ids.filtered(
            lambda message: (
                "confirmed" in (message.body or "")
                and message.message_type in ("comment", "notification", "email_outgoing")
                and message.notified_partner_ids
            )
        )

    def _text(self, page):
        body = page[page.index('id="wrapwrap"') :] if 'id="wrapwrap"' in page else page
        body = re.sub(r"<script.*?</script>", " ", body, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    def _check_signed_and_held(self, order):
        self.assertIn(order.state, ("draft", "sent"))
        self.assertEqual(order.credit_state, "hold")
        self.assertEqual(order.signed_by, "李雷")
        self.assertTrue(order.signature and order.signed_on)
        self.assertFalse(order.picking_ids)
        hold = order.credit_hold_ids
        self.assertEqual((hold.state, hold.source, hold.accepted_by), ("open", "portal", "李雷"))
        self.assertEqual(hold.accepted_on, order.signed_on)
        return hold

    # ------------------------------------------------------------------ tests

    def test_signed_by_link(self):
        """A held order is signed by its link: kept, polite answer, salesperson told, no mail."""
        answer = self._sign()
        self.assertIn("message=sign_ok", answer["redirect_url"])
        hold = self._check_signed_and_held(self.quote)
        self.assertFalse(self._mails())
        activity = self.quote.activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("李雷", activity.note)
        self.assertIn("50.00", activity.note)
        signed = self.quote.message_ids.filtered(lambda rec: "Order signed by" in (rec.body or ""))
        self.assertEqual(signed.attachment_ids.mimetype, "application/pdf")
        page = self._page(message="sign_ok")
        text = self._text(page)
        self.assertIn(POLITE, text)
        self.assertNotRegex(text, r"(?i)credit|over the|limit|hold\b|confirmed|overdue")
        self.assertNotIn("modalaccept", re.sub(r'id="modalaccept"', "", page))
        self.assertIn(POLITE, self._text(self._page()))
        hold.with_user(self.controller).action_release("known customer")
        self.assertEqual(self.quote.state, "sale")
        self.assertTrue(self.quote.picking_ids)
        self.assertEqual(len(self._mails()), 1)
        self.assertFalse(hold.notify_customer)
        self.assertNotIn(POLITE, self._text(self._page()))

    def test_signed_by_portal_user(self):
        """The same as a portal user, who then finds the order among his orders."""
        self.authenticate(self.login, self.login)
        listed = self._text(self.url_open("/my/quotes").text)
        self.assertIn(self.quote.name, listed)
        self._sign(token=False)
        self._check_signed_and_held(self.quote)
        self.assertNotIn(self.quote.name, self._text(self.url_open("/my/quotes").text))
        orders = self._text(self.url_open("/my/orders").text)
        self.assertIn(self.quote.name, orders)
        self.assertIn("Being checked", orders)
        self.assertIn(POLITE, self._text(self._page(token=False)))

    def test_not_signed_twice(self):
        """What was signed isn't asked for again: the second signature is refused."""
        self._sign()
        self.assertIn("error", self._sign(name="韩梅"))
        self.assertEqual(self.quote.signed_by, "李雷")
        self.assertEqual(len(self.quote.credit_hold_ids), 1)

    def test_signed_after_the_salesperson_tried(self):
        """The hold of a salesperson's attempt takes the signature; its seller hears of it."""
        self.quote.with_user(self.salesman).action_confirm()
        hold = self.quote.credit_hold_ids
        self.assertFalse(self.quote.activity_ids)
        self.assertFalse(hold.notify_customer)
        self._sign()
        self._check_signed_and_held(self.quote)
        self.assertEqual(self.quote.activity_ids.user_id, self.salesman)
        self.assertTrue(hold.notify_customer)

    def test_released_by_payment_of_a_bill(self):
        """Released by itself, the customer gets the mail that the signature has promised."""
        bill = self._bill(self.partner, 80)
        self.quote.order_line.price_unit = 60
        self._sign()
        self._check_signed_and_held(self.quote)
        payment = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        payment.create({})._create_payments()
        self.assertEqual(self.quote.state, "sale")
        self.assertEqual(len(self._mails()), 1)

    def test_confirmed_by_hand_after_the_signature(self):
        """Confirming by button when it fits sends the mail as well, once."""
        self._sign()
        self.quote.order_line.price_unit = 90
        self.quote.with_user(self.salesman).action_confirm()
        self.assertEqual(self.quote.state, "sale")
        self.assertEqual(len(self._mails()), 1)

    def test_screen_holds_send_no_mail(self):
        """A salesperson's own confirmation sends no mail, held or not, as in Odoo."""
        self.quote.with_user(self.salesman).action_confirm()
        self.quote.credit_hold_ids.with_user(self.controller).action_release("ok")
        self.assertEqual(self.quote.state, "sale")
        self.assertFalse(self._mails())

    def test_split(self):
        """Of 10 × 15 against 100 what fits goes; the rest waits with the signature it has."""
        self.quote.order_line.write({"product_uom_qty": 10, "price_unit": 15})
        self._sign()
        self._check_signed_and_held(self.quote)
        self.quote.with_user(self.salesman).action_ship_what_fits()
        rest = self.env["sale.order"].search([("origin", "=", self.quote.name)])
        self.assertEqual((self.quote.state, self.quote.amount_total), ("sale", 90))
        self.assertEqual((rest.credit_state, rest.amount_total), ("hold", 60))
        self.assertEqual((rest.signed_by, rest.credit_hold_ids.accepted_by), ("李雷", "李雷"))
        self.assertEqual((len(self._mails()), len(self._mails(rest))), (1, 0))
        self.assertIn(POLITE, self._text(self._page(rest)))
        rest.credit_hold_ids.with_user(self.controller).action_release("ok")
        self.assertEqual((rest.state, len(self._mails(rest))), ("sale", 1))

    def test_rejected(self):
        """A rejected hold: the customer sees the quotation again and may sign or decline it."""
        self._sign()
        hold = self.quote.credit_hold_ids
        hold.with_user(self.controller).action_reject("unpaid bills")
        self.assertEqual((self.quote.state, self.quote.signature), ("sent", False))
        self.assertEqual(hold.accepted_by, "李雷")
        self.assertFalse(hold.notify_customer)
        page = self._page()
        self.assertNotIn(POLITE, self._text(page))
        self.assertIn('data-bs-target="#modalaccept"', page)
        self.assertNotIn("unpaid bills", page)
        self.authenticate(self.login, self.login)
        self.assertIn(self.quote.name, self._text(self.url_open("/my/quotes").text))
        self._sign()
        self.assertEqual(sorted(self.quote.credit_hold_ids.mapped("state")), ["open", "rejected"])

    def test_accepted_in_time_does_not_expire(self):
        """An order that was signed in time isn't called expired while we check it."""
        self._sign()
        self.quote.validity_date = "2020-01-01"
        self.assertFalse(self.quote.is_expired)
        self.assertNotIn("expired", self._text(self._page()))

    def test_without_a_salesperson(self):
        """Nobody sells it: the team's leader hears of the signature."""
        self.quote.user_id = False
        self.quote.team_id = self.env["crm.team"].create(
            {"name": "North", "user_id": self.sales_boss.id, "company_id": False}
        )
        self._sign()
        hold = self._check_signed_and_held(self.quote)
        self.assertEqual((self.quote.activity_ids.user_id, hold.user_id), (self.sales_boss,) * 2)

    def test_fits(self):
        """An order that fits is confirmed at once, with its mail and without our words."""
        self.quote.order_line.price_unit = 100
        self._sign()
        self.assertEqual(self.quote.state, "sale")
        self.assertEqual(len(self._mails()), 1)
        text = self._text(self._page(message="sign_ok"))
        self.assertIn("Your order has been confirmed.", text)
        self.assertNotIn(POLITE, text)

    def test_customers_read_nothing_about_credit(self):
        """RPC as a portal user: neither fields of the order nor of its customer, nor the hold."""
        self._sign()
        order = self.quote.with_user(self.buyer)
        self.assertEqual(order.read(["name"])[0]["name"], self.quote.name)
        for name in ("credit_state", "credit_message", "credit_warned", "credit_hold_ids"):
            with self.subTest(name), self.assertRaises(AccessError):
                order.read([name])
        fields = (
            *order.fields_get(),
            *self.env["stock.picking"].with_user(self.buyer).fields_get(),
        )
        told = {name for name in fields if "credit" in name} | {"shipment_locked"} & {*fields}
        self.assertEqual(told, set())
        with self.assertRaises(AccessError):
            order.search([("credit_state", "=", "hold")])
        for model in ("credit.hold", "credit.account", "suite.decision"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.buyer).search([]).read()
        partner = self.partner.with_user(self.buyer)
        for name in ("credit_exposure", "credit_available", "credit_limit"):
            with self.subTest(name), self.assertRaises(AccessError):
                partner.read([name])

    def test_declined_while_held(self):
        """An order held before its signature can still be declined: its hold is closed."""
        self.quote.with_user(self.salesman).action_confirm()
        token = self.quote._portal_ensure_token()
        page = self._page()
        csrf = re.search(r'csrf_token: "([^"]+)"', page)
        self.url_open(
            f"/my/orders/{self.quote.id}/decline?access_token={token}",
            data={"decline_message": "too dear", "csrf_token": csrf and csrf[1]},
        )
        self.assertEqual((self.quote.state, self.quote.credit_hold_ids.state), ("cancel", "closed"))


@tagged("post_install", "-at_install")
class TestNothingChangesWhileOff(CreditCase, HttpCase):
    def test_off(self):
        """Without credit control the portal is Odoo's own."""
        self.company.credit_control = "off"
        partner = self._customer(email="off@example.com")
        quote = self._order(partner, 150, require_signature=True, require_payment=False)
        params = {
            "name": "李雷",
            "signature": SIGNATURE,
            "access_token": quote._portal_ensure_token(),
        }
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            self.make_jsonrpc_request(f"/my/orders/{quote.id}/accept", params)
        self.assertEqual(quote.state, "sale")
        self.assertFalse(quote.credit_hold_ids)
