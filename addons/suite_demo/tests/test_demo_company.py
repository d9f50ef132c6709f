from odoo.tests import TransactionCase, tagged

from ..demo import load
from ..demo.demo import Demo

COUNTED = (
    "res.partner",
    "res.users",
    "product.product",
    "mrp.bom",
    "product.supplierinfo",
    "sale.order",
    "account.move",
    "account.payment",
    "stock.picking",
    "stock.quant",
    "crm.lead",
    "credit.account",
    "credit.hold",
    "supply.plan.line",
    "purchase.order",
    "mrp.production",
    "customer.pool.move",
    "mail.activity",
    "receivable.warning",
)


@tagged("post_install", "-at_install")
class TestDemoCompany(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = Demo(cls.env)
        cls.own = [("company_id", "=", cls.demo.company.id)]

    def _count(self, model, *domain):
        return self.demo.env[model].search_count([*self.own, *domain])

    def _keys(self, prefix):
        return self.env["ir.model.data"].search_count(
            [("module", "=", "__demo__"), ("name", "=like", f"{prefix}\\_%")]
        )

    def test_loading_again_doubles_nothing(self):
        """The second load finds everything and makes nothing."""

        def counts():
            return {
                model: self.env[model].with_context(active_test=False).search_count([])
                for model in COUNTED
            }

        before = counts()
        load(self.env)
        self.assertEqual(counts(), before)

    def test_masters(self):
        """Figures that README and the demo's tables promise."""
        self.assertEqual(self._keys("customer"), 30)
        self.assertEqual(self._keys("contact"), 30)
        self.assertEqual(self._keys("vendor"), 10)
        self.assertEqual(self._keys("product"), 60)
        self.assertEqual(self._keys("workcenter"), 5)
        self.assertEqual(self._keys("user"), 10)
        company = self.demo.company
        self.assertEqual(company.currency_id.name, "CNY")
        self.assertEqual(company.chart_template, "cn")
        self.assertEqual(
            (company.supply_planning, company.credit_control, company.customer_pools),
            (True, "block", True),
        )
        tax = self.demo.product("FG-R60").taxes_id.filtered(lambda t: t.company_id == company)
        self.assertEqual(tax.mapped("amount"), [13.0])

    def test_bilingual(self):
        """Products carry both languages."""
        product = self.demo.product("FG-R60")
        self.assertEqual(product.with_context(lang="en_US").name, "Helical reducer R60")
        self.assertEqual(product.with_context(lang="zh_CN").name, "斜齿轮减速机 R60")

    def test_boms_have_three_levels(self):
        """R60 → gear pair → blank → steel, each with a bill."""
        levels = ["FG-R60", "SF-G60", "SF-B60"]
        for above, below in zip(levels, levels[1:], strict=False):
            parts = self.demo.product(above).bom_ids.bom_line_ids.product_id
            self.assertIn(self.demo.product(below), parts)
        self.assertTrue(self.demo.product("SF-B60").bom_ids.operation_ids)

    def test_pools(self):
        """Every customer is in one pool; all three pools have customers."""
        customers = self.demo.refs(
            "res.partner", [f"customer_{row['code']}" for row in self.demo.table("customer")]
        )
        pools = customers.grouped("customer_pool")
        self.assertEqual(set(pools), {"nurture", "target", "won"})
        self.assertGreaterEqual(len(pools["won"]), 15)
        self.assertGreaterEqual(len(pools["target"]), 4)
        self.assertGreaterEqual(len(pools["nurture"]), 4)

    def test_ageing_has_every_bucket(self):
        """Open receivables in: not due, up to 30, 60, 90 days and older."""
        rows = self.env["receivable.ageing"].with_company(self.demo.company).at(self.demo.today)
        self.assertGreater(sum(row["not_due"] for row in rows), 0)
        for bucket in range(4):
            self.assertGreater(sum(row["buckets"][bucket] for row in rows), 0, bucket)

    def test_holds(self):
        """Six orders wait for credit, for both reasons; a released one went through."""
        keys = ("K01", "K02", "K03", "K04", "K05", "K06")
        orders = self.demo.refs("sale.order", [f"order_{key}" for key in keys])
        self.assertEqual(set(orders.mapped("credit_state")), {"hold"})
        self.assertEqual(set(orders.mapped("state")) - {"draft", "sent"}, set())
        codes = ",".join(orders.credit_hold_ids.mapped("reason_codes"))
        self.assertIn("LIMIT", codes)
        self.assertIn("OVERDUE", codes)
        released = self.demo.ref("order_K07")
        self.assertEqual((released.state, released.credit_state), ("sale", "released"))

    def test_locked_shipments(self):
        """Deliveries of customers who are overdue are ready and locked."""
        for key in ("L01", "L02"):
            picking = self.demo.ref(f"order_{key}").picking_ids
            self.assertEqual(picking.mapped("shipment_locked"), [True], key)
        for key in ("S01", "S02", "S03"):
            picking = self.demo.ref(f"order_{key}").picking_ids
            self.assertEqual(picking.mapped("shipment_locked"), [False], key)
            self.assertEqual(picking.mapped("state"), ["assigned"], key)

    def test_plan(self):
        """The plan has lines in every state that people work with, and messages."""
        states = dict(
            self.demo.env["supply.plan.line"]._read_group(self.own, ["state"], ["__count"])
        )
        self.assertGreaterEqual(states.get("proposed", 0), 20)
        for state in ("approved", "released", "rejected"):
            self.assertGreaterEqual(states.get(state, 0), 1, state)
        self.assertGreaterEqual(self._count("purchase.order", ("state", "=", "purchase")), 2)
        self.assertGreaterEqual(self._count("purchase.order", ("state", "=", "draft")), 1)
        self.assertGreaterEqual(self._count("mrp.production", ("state", "=", "done")), 1)
        self.assertGreaterEqual(
            self._count("mrp.production", ("state", "in", ("confirmed", "progress"))), 2
        )
        self.assertGreaterEqual(self._count("stock.picking", ("state", "=", "done")), 17)
