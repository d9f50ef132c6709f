from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.tests import tagged

from .common import PoolCase


@tagged("post_install", "-at_install")
class TestCustomerPool(PoolCase):
    def test_not_a_customer(self):
        """Somebody who never asked, bought or was made a customer is in no pool."""
        partner = self._customer()
        self.assertEqual(
            self.Pool.classify(partner.ids), {"nurture": 0, "target": 0, "won": 0, "moved": 0}
        )
        self.assertFalse(partner.customer_pool)
        self.assertEqual(self._moves(partner), [])

    def test_life_of_a_customer(self):
        """Customer → quotation → order → delivery walks nurture, target, target, won at commit."""
        partner = self._customer(customer_rank=1)
        self._commit()
        self.assertEqual(partner.customer_pool, "nurture")
        self.assertEqual(partner.customer_pool_since, self.today)
        self.assertEqual(partner.customer_pool_reason, "No rule for another pool applies")
        order = self._order(partner)
        self._commit()
        self.assertEqual(partner.customer_pool, "target")
        self.assertEqual(partner.customer_pool_reason, f"Open quotation: {order.name}")
        order.action_confirm()
        self._commit()
        self.assertEqual(partner.customer_pool, "target", "a confirmed order is a live need")
        self.assertEqual(partner.customer_pool_reason, f"Order being delivered: {order.name}")
        order.order_line.qty_delivered = 1
        self.Pool.classify(partner.ids)
        self.assertEqual(partner.customer_pool, "won")
        self.assertEqual(partner.customer_pool_reason, f"Bought and received: {order.name}")
        self.assertEqual(
            self._moves(partner),
            [(False, "nurture", True), ("nurture", "target", True), ("target", "won", True)],
        )

    def test_cancelled_and_expired(self):
        """A cancelled, an expired and an empty quotation are no need."""
        partner = self._customer()
        order = self._order(partner)
        self._commit()
        self.assertEqual(partner.customer_pool, "target")
        order.action_cancel()
        self._commit()
        self.assertEqual(partner.customer_pool, "nurture")
        self._order(partner, validity_date=self.today - relativedelta(days=1))
        self._order(partner, quantity=0)
        self._commit()
        self.assertEqual(partner.customer_pool, "nurture")

    def test_opportunity(self):
        """An opportunity counts with amount and closing date, until won or lost."""
        partner = self._customer()
        lead = self._lead(partner, date_deadline=False)
        self._commit()
        self.assertEqual(partner.customer_pool, "nurture")
        lead.date_deadline = self.today
        self._commit()
        self.assertEqual(partner.customer_pool, "target")
        lead.action_set_lost()
        self._commit()
        self.assertEqual(partner.customer_pool, "nurture")
        lead.action_unarchive()
        self._commit()
        self.assertEqual(partner.customer_pool, "target")
        lead.action_set_won()
        self._commit()
        self.assertEqual(
            partner.customer_pool, "nurture", "a won deal without an order is no order"
        )

    def test_purchase_gets_old(self):
        """Won ends when the delivered order is older than the months of the rule."""
        partner = self._customer()
        order = self._order(partner)
        order.action_confirm()
        order.order_line.qty_delivered = 1
        order.date_order -= relativedelta(months=11)
        self.Pool.classify(partner.ids)
        self.assertEqual(partner.customer_pool, "won")
        order.date_order -= relativedelta(months=2)
        self.assertEqual(self.Pool.classify(partner.ids)["moved"], 1)
        self.assertEqual(partner.customer_pool, "nurture")
        self.rules["delivered_order"].months = 24
        self.Pool.classify(partner.ids)
        self.assertEqual(partner.customer_pool, "won")

    def test_minimum_in_company_currency(self):
        """A quotation in another currency is compared at its rate: 100 EUR at 0.125 = 800."""
        currency = self.env["res.currency"].create({"name": "TCX", "symbol": "t"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "company_id": self.company.id, "rate": 0.125,
             "name": self.today - relativedelta(days=5)}
        )  # fmt: skip
        pricelist = self.env["product.pricelist"].create(
            {"name": "外币", "currency_id": currency.id, "company_id": self.company.id}
        )
        partner = self._customer()
        order = self._order(partner, pricelist_id=pricelist.id)
        order.order_line.price_unit = 100
        self.rules["open_quotation"].minimum_amount = 801
        self.Pool.classify(partner.ids)
        self.assertEqual(partner.customer_pool, "nurture")
        self.rules["open_quotation"].minimum_amount = 800
        self.Pool.classify(partner.ids)
        self.assertEqual(partner.customer_pool, "target")

    def test_contacts_follow(self):
        """A quotation to a contact makes the company a target; all contacts show it."""
        partner = self._customer()
        contact = self.env["res.partner"].create({"name": "王小明", "parent_id": partner.id})
        self._order(contact)
        self._commit()
        self.assertEqual(partner.customer_pool, "target")
        self.assertEqual(contact.customer_pool, "target")
        newer = self.env["res.partner"].create({"name": "李华", "parent_id": partner.id})
        self._commit()
        self.assertEqual(newer.customer_pool, "target")
        self.assertEqual(len(self._moves(partner)), 1)
        self.assertEqual(self._moves(contact), [], "one history, that of the company")

    def test_second_run_writes_nothing(self):
        """Classifying twice: no move, no decision, no row touched."""
        partner = self._customer()
        self._order(partner)
        self.assertEqual(self.Pool.classify(partner.ids)["moved"], 1)
        self.env.cr.execute("SELECT xmin::text FROM res_partner WHERE id = %s", partner.ids)
        before = self.env.cr.fetchone()
        self.assertEqual(
            self.Pool.classify(partner.ids), {"nurture": 0, "target": 1, "won": 0, "moved": 0}
        )
        self.env.cr.execute("SELECT xmin::text FROM res_partner WHERE id = %s", partner.ids)
        self.assertEqual(self.env.cr.fetchone(), before)
        decisions = self.env["suite.decision"].search_count(
            [("kind", "=", "pool.move"), ("partner_id", "=", partner.id)]
        )
        self.assertEqual(decisions, 1)

    def test_decision_tells_why(self):
        """The decision of a move names rule, version, document and values, in both languages."""
        partner = self._customer()
        order = self._order(partner)
        self._commit()
        decision = self.env["suite.decision"].search([("partner_id", "=", partner.id)])
        rule = self.rules["open_quotation"]
        self.assertEqual(
            (decision.kind, decision.res_model, decision.res_id, decision.outcome),
            ("pool.move", "res.partner", partner.id, "moved"),
        )
        self.assertEqual(decision.rule, f"customer.pool.rule:{rule.id}")
        self.assertEqual(decision.rule_version, str(rule.version))
        values = {(i["model"], i["id"], i["field"]): i["value"] for i in decision.inputs}
        self.assertEqual(values[("sale.order", order.id, "amount_total")], 100.0)
        self.assertFalse(values[("res.partner", partner.id, "customer_pool")])
        self.assertEqual(
            decision.explanation, f"No pool → Target: Open quotation ({order.display_name})"
        )
        chinese = decision.with_context(lang="zh_CN").explanation
        self.assertIn("目标池", chinese)
        self.assertIn(order.name, chinese)

    def test_rule_version(self):
        """Changing a rule's content counts a version, renaming doesn't."""
        rule = self.rules["open_quotation"]
        version = rule.version
        rule.minimum_amount = 500
        self.assertEqual(rule.version, version + 1)
        rule.name = "Quotation out"
        self.assertEqual(rule.version, version + 1)
        rule.write({"version": 1})
        self.assertEqual(rule.version, version + 1)

    def test_manual_move_holds_until_news(self):
        """A move by hand survives the nightly run and ends when something new happens."""
        partner = self._customer()
        self._order(partner)
        self._commit()
        partner.action_move_pool("nurture", "预算冻结到明年")
        self.assertEqual(partner.customer_pool, "nurture")
        self.assertTrue(partner.customer_pool_manual)
        self.assertEqual(partner.customer_pool_reason, "预算冻结到明年")
        self.assertEqual(self.Pool.classify(partner.ids)["moved"], 0)
        self.assertEqual(partner.customer_pool, "nurture")
        self._order(partner)
        self._commit()
        self.assertEqual(partner.customer_pool, "target")
        self.assertFalse(partner.customer_pool_manual)
        self.assertEqual(
            self._moves(partner),
            [(False, "target", True), ("target", "nurture", False), ("nurture", "target", True)],
        )

    def test_paid_invoice(self):
        """Paid in full makes won; a posted unpaid invoice doesn't."""
        journal, account = self._sales_journal()
        partner = self._customer(property_account_receivable_id=account.id)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "journal_id": journal.id,
                "company_id": self.company.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "轴承", "price_unit": 300.0, "tax_ids": False,
                         "account_id": journal.default_account_id.id}
                    )
                ],
            }
        )  # fmt: skip
        invoice.action_post()
        self.Pool.classify(partner.ids)
        self.assertEqual(partner.customer_pool, "nurture")
        payment = self.env["account.move"].create(
            {
                "journal_id": journal.search(
                    [("company_id", "=", self.company.id), ("type", "=", "general")], limit=1
                ).id,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": partner.id, "credit": 300}
                    ),
                    Command.create({"account_id": journal.default_account_id.id, "debit": 300}),
                ],
            }
        )
        payment.action_post()
        (payment | invoice).line_ids.filtered(lambda line: line.account_id == account).reconcile()
        self._commit()
        self.assertEqual(partner.customer_pool, "won")
        self.assertEqual(partner.customer_pool_reason, f"Bought and paid: {invoice.display_name}")

    def _sales_journal(self):
        values = {"company_ids": [Command.set(self.company.ids)]}
        receivable = self.env["account.account"].create(
            {"name": "应收账款", "code": "112200", "account_type": "asset_receivable", **values}
        )
        income = self.env["account.account"].create(
            {"name": "收入", "code": "600100", "account_type": "income", **values}
        )
        journals = self.env["account.journal"].create(
            [
                {"name": "销售", "type": "sale", "code": "TSAL", "company_id": self.company.id,
                 "default_account_id": income.id},
                {"name": "凭证", "type": "general", "code": "TGEN", "company_id": self.company.id},
            ]
        )  # fmt: skip
        return journals[0], receivable

    def test_archived_customer_keeps_pool(self):
        """An archived customer isn't moved any more."""
        partner = self._customer()
        order = self._order(partner)
        self._commit()
        partner.active = False
        order.action_cancel()
        self._commit()
        self.assertEqual(partner.customer_pool, "target")

    def test_deleted_quotation_leaves_pool(self):
        """Who has neither rank nor document any more is no customer any more."""
        partner = self._customer()
        order = self._order(partner)
        self._commit()
        order.action_cancel()
        order.unlink()
        self.Pool.classify(partner.ids)
        self.assertFalse(partner.customer_pool)
        self.assertFalse(partner.customer_pool_since)
        self.assertEqual(self._moves(partner)[-1], ("target", False, True))
