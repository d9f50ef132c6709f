import base64
import re

from odoo.exceptions import RedirectWarning
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import SupplyCase

SIGNATURE = base64.b64encode(
    base64.b64decode(
        b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


@tagged("post_install", "-at_install")
class TestQuotingPortal(SupplyCase, HttpCase):
    """What the customer reads, what that means, and what he signs."""

    def setUp(self):
        super().setUp()
        self.vendor_1.name = "Secret Vendor"
        self.product = self.make_product("泵", stock=3, lead=10)
        self.seller = self.make_user("portal_seller", "sales_team.group_sale_salesman")
        self.quote_1 = self.quote(
            self.product,
            5,
            user_id=self.seller.id,
            require_signature=True,
            require_payment=False,
        )
        self.line = self.quote_1.order_line
        self.quote_1.state = "sent"
        self.line.sudo().promise_told_date = False
        self.accept = f"/my/orders/{self.quote_1.id}/accept"

    def _page(self, order=None):
        order = order or self.quote_1
        response = self.url_open(
            f"/my/orders/{order.id}?access_token={order._portal_ensure_token()}"
        )
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        page = response.text
        signing = re.search(r"/accept\?access_token=\S{1,60}?promises=([\d:,-]*)", page)
        if signing:
            self.accept = f"/my/orders/{order.id}/accept?promises={signing[1]}"
        body = page[page.index('id="wrapwrap"') :]
        body = re.sub(r"<script.*?</script>", " ", body, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", body).split())

    def _sign(self):
        params = {
            "name": "李雷",
            "signature": SIGNATURE,
            "access_token": self.quote_1._portal_ensure_token(),
        }
        with mute_logger("odoo.addons.base.models.ir_actions_report"):
            answer = self.make_jsonrpc_request(self.accept, params)
        self.env.invalidate_all()
        return answer

    def test_opened_by_the_customer(self):
        """The page shows parts with their days and a word, no vendor; who has logged in as the
        customer was told that."""
        self._login()
        text = self._page()
        self.assertRegex(text, r"Expected:\s+3(\.00)? Units on .*; 2(\.00)? Units on ")
        self.assertIn("being purchased", text)
        self.assertNotIn("Secret Vendor", text)
        self.assertNotIn("the vendor delivers", text)
        self.assertEqual(self.line.promise_told_date, self.day(10))

    def _login(self, partner=None):
        buyer = self.make_user("portal_buyer", "base.group_portal")
        buyer.partner_id.parent_id = partner or self.customer
        self.authenticate("portal_buyer", "portal_buyer")

    def test_opened_with_the_link_alone(self):
        """A program that checks links, or a stranger who was sent one, changes nothing: neither a
        later day nor none replaces what was told. Who signs then signs what the page showed."""
        self.line.sudo().promise_told_date = self.day(3)
        self.assertIn("Expected", self._page())
        self.assertEqual(self.line.promise_told_date, self.day(3))
        self.product.seller_ids.delay = 12
        self._login(self.env["res.partner"].create({"name": "别人"}))
        self._page()
        self.assertEqual(self.line.promise_told_date, self.day(3))
        self.assertTrue(self.accept.endswith(f"promises={self.line.id}:{self.day(12)}"))
        self.assertNotIn("error", self._sign())
        self.assertEqual(self.line.promise_told_date, self.day(12))
        self.assertFalse(self.quote_1.activity_ids)

    def test_no_day_keeps_what_was_told(self):
        """Told day 3 and none now: the customer who opens his page still counts on day 3, so the
        salesperson is asked; signed nevertheless, the salesperson hears of it."""
        self.line.sudo().promise_told_date = self.day(3)
        self.product.seller_ids.unlink()
        self._login()
        self._page()
        self.assertEqual(self.line.promise_told_date, self.day(3))
        with self.assertRaises(RedirectWarning):
            self.quote_1.with_user(self.seller).action_confirm()
        self.assertNotIn("error", self._sign())
        self.assertEqual(self.line.promise_told_date, self.day(3))
        self.assertEqual(self.quote_1.activity_ids.user_id, self.seller)

    def test_signed_without_the_page(self):
        """Signed by a call that doesn't say what was shown: compared with what was told."""
        self.line.sudo().promise_told_date = self.day(3)
        self.assertIn("load it", self._sign()["error"])
        self.accept += "?promises=x:1,7:y"
        self.assertIn("load it", self._sign()["error"])
        self.assertEqual(self.quote_1.state, "sent")

    def test_opened_by_an_employee(self):
        """A salesperson who looks at the page tells nobody anything."""
        self.authenticate("portal_seller", "portal_seller")
        self.assertIn("Expected", self._page())
        self.assertFalse(self.line.promise_told_date)

    def test_preview_of_a_link(self):
        """A messenger's preview of the link isn't the customer."""
        self.url_open(
            f"/my/orders/{self.quote_1.id}?access_token={self.quote_1._portal_ensure_token()}",
            headers={"Odoo-Link-Preview": "True"},
        )
        self.env.invalidate_all()
        self.assertFalse(self.line.promise_told_date)

    def test_signed_as_shown(self):
        """He signs what the page showed: confirmed, and the page then tells what was promised."""
        self._page()
        answer = self._sign()
        self.assertIn("message=sign_ok", answer["redirect_url"])
        self.assertEqual(self.quote_1.state, "sale")
        self.assertEqual(self.line.promised_date, self.day(10))
        self.assertIn("Promised for", self._page())

    def test_worse_since_the_page_was_opened(self):
        """In between it became later: nothing is signed; after a reload the new days hold."""
        self._page()
        self.product.seller_ids.delay = 20
        answer = self._sign()
        self.assertIn("load it", answer["error"])
        self.assertEqual((self.quote_1.state, self.quote_1.signed_by), ("sent", False))
        self._page()
        self.assertNotIn("error", self._sign())
        self.assertEqual(self.line.promise_told_date, self.day(20))
        self.assertEqual(self.quote_1.state, "sale")

    def test_slipped(self):
        """A confirmed order that comes later than promised says so, kindly."""
        self._page()
        self._sign()
        self.assertNotIn("We are sorry", self._page())
        line = self.lines(self.product)
        line.action_approve()
        line.action_release()
        order = line.purchase_line_id.order_id
        order.button_confirm()
        order.order_line.write({"date_planned": self.noon(18)})
        self.planner.run(self.warehouse.ids)
        self.assertEqual(self.line.promise_date, self.day(18))
        text = self._page()
        self.assertIn("Promised for", text)
        self.assertIn("We are sorry: we now expect this on", text)
        self.assertNotIn(order.name, text)

    def test_a_payment_never_fails(self):
        """The final payment confirms whatever has become of the dates, and its seller hears it."""
        self.quote_1.write({"require_signature": False, "require_payment": True})
        self._login()
        self._page()
        self.product.seller_ids.delay = 20
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        method = self.env["payment.method"].sudo()
        method = method.with_context(active_test=False).search([], limit=1)
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": "quoting",
                    "amount": self.quote_1.amount_total,
                    "currency_id": self.quote_1.currency_id.id,
                    "partner_id": self.customer.id,
                    "sale_order_ids": self.quote_1.ids,
                    "state": "done",
                }
            )
        )
        transaction._check_amount_and_confirm_order()
        self.assertEqual(self.quote_1.state, "sale")
        activity = self.quote_1.activity_ids
        self.assertEqual((len(activity), activity.user_id), (1, self.seller))

    def test_company_off(self):
        """Nothing of it on the page of a company that doesn't plan."""
        self.company.supply_planning = False
        self.assertNotIn("Expected", self._page())
        self.assertIn("sign_ok", self._sign()["redirect_url"])
