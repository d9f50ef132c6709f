from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.payment.tests.http_common import PaymentHttpCommon

from .common import CreditCase
from .test_portal import POLITE


@tagged("post_install", "-at_install")
class TestPortalPayment(AccountPaymentCommon, PaymentHttpCommon, CreditCase):
    """Customers pay online for orders that credit would hold: payment lowers risk, always taken."""

    def setUp(self):
        super().setUp()
        self.buyer = self._customer(100, email="payer@example.com")
        self.quote = self._order(
            self.buyer, 150, require_payment=True, require_signature=False, prepayment_percent=0.3
        )
        self.quote.action_quotation_sent()
        self.currency = self.quote.currency_id
        self.partner = self.buyer

    def _pay(self, amount, order=None):
        """A payment that the provider has confirmed, as its notification leaves it."""
        order = order or self.quote
        self.amount = amount
        payment = self._create_transaction(
            flow="redirect", sale_order_ids=[order.id], state="done", reference=f"T{amount}"
        )
        with mute_logger("odoo.addons.sale.models.payment_transaction"):
            payment._post_process()
        return payment

    def _mails(self, words):
        return self.quote.message_ids.filtered(lambda message: words in (message.body or ""))

    def _owes(self, amount):
        self._bill(self.buyer, amount)

    def test_paid_in_full(self):
        """C10: 500 owed of 100; an order of 150 that is paid online in full is confirmed."""
        self._owes(500)
        self._pay(150)
        self.assertEqual(self.quote.state, "sale")
        self.assertFalse(self.quote.credit_hold_ids.filtered(lambda hold: hold.state == "open"))
        self.assertEqual(self._exposure(self.buyer), 500)

    def test_paid_in_part(self):
        """500 owed of 100; 45 of 150 paid: it waits, the customer hears of the payment only."""
        self._owes(500)
        self._pay(45)
        self.assertEqual((self.quote.state, self.quote.credit_state), ("sent", "hold"))
        hold = self.quote.credit_hold_ids
        self.assertEqual((hold.state, hold.source), ("open", "payment"))
        self.assertTrue(hold.notify_customer)
        self.assertFalse(self.quote.picking_ids)
        self.assertEqual(self.quote.activity_ids.user_id, self.salesman)
        self.assertIn("paid online", self.quote.activity_ids.note)
        self.assertEqual(len(self._mails("A payment with reference")), 1)
        self.assertFalse(self._mails("your order S"))
        url = f"/my/orders/{self.quote.id}?access_token={self.quote._portal_ensure_token()}"
        page = self._make_http_get_request(url).text
        self.assertIn(POLITE, " ".join(page.split()))
        self.assertNotIn("Accept &amp; Pay", page)
        hold.with_user(self.controller).action_release("good customer")
        self.assertEqual(self.quote.state, "sale")
        self.assertFalse(hold.notify_customer)

    def test_rest_can_be_paid_while_held(self):
        """A held order takes further payments by its link; paid in full it is confirmed."""
        self._owes(500)
        self._pay(45)
        self.assertEqual(self.quote.credit_state, "hold")
        token = self.quote._portal_ensure_token()
        url = f"/my/orders/{self.quote.id}?access_token={token}&payment_amount=105"
        page = self._make_http_get_request(url).text
        self.assertIn("o_sale_portal_paynow", page)
        route = f"/my/orders/{self.quote.id}/transaction"
        params = self._prepare_transaction_values()
        answer = self.make_jsonrpc_request(
            route, {**params, "access_token": token, "amount": 105, "landing_route": url}
        )
        self.assertTrue(answer["reference"])
        self._pay(105)
        self.assertEqual(self.quote.state, "sale")

    def _prepare_transaction_values(self):
        return {
            "provider_id": self.provider.id,
            "payment_method_id": self.payment_method_id,
            "token_id": None,
            "flow": "redirect",
            "tokenization_requested": False,
        }

    def test_pays_what_is_missing(self):
        """Nothing owed, limit 100: an order of 150 with 50 paid fits exactly, with 49.99 not."""
        other = self._order(self.buyer, 150, require_payment=True, prepayment_percent=0.3)
        self._pay(49.99)
        self.assertEqual(self.quote.credit_state, "hold")
        self.quote._action_cancel()
        self.quote = other
        self._account(self.buyer).limit_amount = 50.01
        self._pay(50)
        # 150 - 50 = 100; 49.99 of the cancelled order is still a credit of his
        self.assertEqual(self.quote.state, "sale")
        self.assertAlmostEqual(self._exposure(self.buyer), 150 - 50 - 49.99)

    def test_payment_that_is_not_enough_confirms_nothing(self):
        """Less than the prepayment: neither confirmed nor held, as in Odoo."""
        self._pay(44.99)
        self.assertEqual(self.quote.state, "sent")
        self.assertFalse(self.quote.credit_hold_ids)

    def test_fits(self):
        """An order within the limit is confirmed by its prepayment, with the confirmation."""
        self._account(self.buyer).limit_amount = 150
        self._pay(45)
        self.assertEqual(self.quote.state, "sale")
        self.assertFalse(self.quote.credit_hold_ids)
        self.assertFalse(self._mails("A payment with reference"))
