from dateutil.relativedelta import relativedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user


class PoolCase(TransactionCase):
    """A company of its own with pools on, a salesperson, a colleague and a manager."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "lang": "en_US"})
        cls.today = fields.Date.context_today(cls.env.user)
        # other companies' facts stay out of the figures
        cls.env["res.company"].search([]).customer_pools = False
        cls.company = cls.env["res.company"].create({"name": "恒岳试验", "customer_pools": True})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids},
        )
        company = {"company_id": cls.company.id, "company_ids": [Command.set(cls.company.ids)]}
        salesman = "sales_team.group_sale_salesman"
        cls.salesman = new_test_user(cls.env, "pool_sales", salesman, **company)
        cls.colleague = new_test_user(cls.env, "pool_colleague", salesman, **company)
        cls.manager = new_test_user(
            cls.env, "pool_manager", "sales_team.group_sale_manager", **company
        )
        cls.clerk = new_test_user(cls.env, "pool_clerk", "base.group_user", **company)
        cls.product = cls.env["product.product"].create(
            {"name": "服务", "type": "service", "list_price": 100.0, "taxes_id": False}
        )
        cls.Pool = cls.env["customer.pool"]
        cls.rules = {
            rule.fact: rule
            for rule in cls.env["customer.pool.rule"].search([("company_id", "=", False)])
        }

    @classmethod
    def _customer(cls, name="杭州示例机械有限公司", **values):
        values = {"name": name, "is_company": True, "company_id": cls.company.id, **values}
        return cls.env["res.partner"].create(values)

    def _order(self, partner, quantity=1.0, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_uom_qty": quantity})
                ],
                **values,
            }
        )

    def _lead(self, partner, **values):
        return self.env["crm.lead"].create(
            {
                "name": "减速机项目",
                "type": "opportunity",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "expected_revenue": 5000.0,
                "date_deadline": self.today + relativedelta(days=30),
                **values,
            }
        )

    def _commit(self):
        """What a commit does before it writes: run the noted classifications."""
        self.env.cr.flush()
        self.env.invalidate_all()

    def _moves(self, partner):
        moves = self.env["customer.pool.move"].search([("partner_id", "=", partner.id)], order="id")
        return [(m.from_pool, m.to_pool, m.automatic) for m in moves]
