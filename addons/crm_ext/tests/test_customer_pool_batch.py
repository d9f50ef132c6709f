from odoo.orm.models import INSERT_BATCH_SIZE
from odoo.tests import tagged

from .common import PoolCase


@tagged("post_install", "-at_install")
class TestCustomerPoolBatch(PoolCase):
    def test_switch_off_changes_nothing(self):
        """With the switch off neither events nor the job touch a customer."""
        self.company.customer_pools = False
        partner = self._customer(customer_rank=1)
        self._order(partner)
        self._commit()
        self.assertEqual(
            self.Pool.classify(partner.ids), {"nurture": 0, "target": 0, "won": 0, "moved": 0}
        )
        self.assertFalse(partner.customer_pool)
        with self.assertQueryCount(0):
            self.Pool._note(partner)

    def test_switch_on_classifies_everybody(self):
        """Nobody waits for the night after switching on."""
        self.company.customer_pools = False
        partner = self._customer(customer_rank=1)
        order = self._order(self._customer())
        self.company.customer_pools = True
        self.assertEqual(partner.customer_pool, "nurture")
        self.assertEqual(order.partner_id.customer_pool, "target")

    def test_several_companies(self):
        """A shared customer has one pool from the facts of all companies that use pools."""
        other = self.env["res.company"].create({"name": "恒岳二厂"})
        self.env.user.company_ids |= other
        partner = self._customer("共同客户", company_id=False)
        # before the order with the other company: sold there, but pools are off there
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": other.id,
                    "order_line": [(0, 0, {"product_id": self.product.id, "product_uom_qty": 1})],
                }
            )
        )
        order.action_confirm()
        order.order_line.qty_delivered = 1
        self._lead(partner)
        private = self._customer("二厂客户", company_id=other.id, customer_rank=1)
        self.Pool.classify((partner | private).ids)
        self.assertEqual(partner.customer_pool, "target", "the other company doesn't use pools")
        self.assertFalse(private.customer_pool)
        other.customer_pools = True
        self.assertEqual(partner.customer_pool, "won", "won in one company wins over a target")
        self.assertEqual(private.customer_pool, "nurture")
        # a rule of the other company replaces the common one there alone
        self.env["customer.pool.rule"].create(
            {
                "name": "二厂规则",
                "fact": "delivered_order",
                "to_pool": "nurture",
                "sequence": 1,
                "company_id": other.id,
            }
        )
        own = self._order(self._customer("一厂客户"))
        own.action_confirm()
        own.order_line.qty_delivered = 1
        self.Pool.classify((partner | own.partner_id).ids)
        self.assertEqual(partner.customer_pool, "nurture")
        self.assertEqual(own.partner_id.customer_pool, "won")

    def test_query_budget(self):
        """2,000 customers cost as many statements as 20, apart from inserts of 100 rows each."""
        few = self.env["res.partner"].create(self._many(20))
        many = self.env["res.partner"].create(self._many(2000))
        self._commit()
        self.rules["open_opportunity"].minimum_amount = 1
        self.env["crm.lead"].create(self._leads(few | many))
        self.env.cr.precommit.clear()
        self.env.flush_all()
        spent = []
        for partners in (few, many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            counts = self.Pool._classify(partners.ids)
            spent.append(self.env.cr.sql_log_count - before)
            self.assertEqual(counts["moved"], len(partners))
            self.assertEqual(counts["target"], len(partners))
        self.assertLessEqual(spent[0], 15)
        inserts = 2 * (2000 // INSERT_BATCH_SIZE - 1)  # history and decisions
        self.assertLessEqual(spent[1], spent[0] + inserts)
        before = self.env.cr.sql_log_count
        self.assertEqual(self.Pool._classify(many.ids)["moved"], 0)
        self.assertLessEqual(self.env.cr.sql_log_count - before, 8)

    def _many(self, count):
        return [
            {"name": f"客户{i}", "is_company": True, "customer_rank": 1,
             "company_id": self.company.id}
            for i in range(count)
        ]  # fmt: skip

    def _leads(self, partners):
        return [
            {"name": "项目", "type": "opportunity", "partner_id": partner.id,
             "company_id": self.company.id, "expected_revenue": 10.0,
             "date_deadline": self.today, "user_id": False}
            for partner in partners
        ]  # fmt: skip
