from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.inventory_link.tests.common import GuardCase
from odoo.addons.production_order.tests.common import ProductionCase


@tagged("post_install", "-at_install")
class TestCreditSupply(GuardCase, ProductionCase):
    """Credit and supply together: what is bought and made for an order that waits for credit.

    Neither addon knows the other; only the whole suite has both.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.company.write({"credit_control": "block", "supply_plan_holds": True})
        cls.customer.is_company = True
        cls.account = cls.env["credit.account"]._for(cls.customer, cls.company)
        cls.account.sudo().write({"limit_kind": "limited", "limit_amount": 100})
        cls.controller = cls.env["res.users"].search(
            [("login", "=", "supply_controller")]
        ) or cls.env["res.users"].create(
            {
                "name": "Controller",
                "login": "supply_controller",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.link(cls.env.ref("base.group_user").id),
                    Command.link(cls.env.ref("credit_risk.group_credit_controller").id),
                ],
            }
        )

    def _held(self, *products, quantity=5):
        """An order over the limit, on hold."""
        order = self.quote(products[0], quantity, 30)
        order.order_line = [
            Command.create({"product_id": product.id, "product_uom_qty": quantity})
            for product in products[1:]
        ]
        order.order_line.write({"price_unit": 100, "technical_price_unit": 0.0})
        order.action_confirm()
        self.assertEqual((order.state, order.credit_state), ("draft", "hold"))
        self.assertFalse(order.picking_ids)
        return order

    def _release(self, order):
        order.credit_hold_ids.filtered(lambda hold: hold.state == "open").with_user(
            self.controller
        ).action_release("pays tomorrow")
        self.assertEqual(order.state, "sale")

    def _shown(self, product):
        return [(line.quantity, line.tentative) for line in self.lines(product)]

    def test_by_kind_of_product(self):
        """A stock product is planned as tentative, a custom-made one isn't; released, both are
        firm exactly once."""
        stock = self.make_product("库存品", lead=5)
        custom = self.make_product("定制品", lead=5, credit_hold_supply="none")
        order = self._held(stock, custom)
        self.assertEqual(self._shown(stock), [(5, True)])
        self.assertEqual(self._shown(custom), [])
        line = self.lines(stock)
        line.action_approve()
        with self.assertRaisesRegex(UserError, "hold"):
            line.action_release()
        self.planner.run(self.warehouse.ids)
        self.assertEqual((self._shown(stock), self._shown(custom)), ([(5, True)], []))
        self._release(order)
        self.assertEqual(self._shown(stock), [(5, False)])
        self.assertEqual(self._shown(custom), [(5, False)])
        self.planner.run(self.warehouse.ids)
        self.assertEqual((self._shown(stock), self._shown(custom)), ([(5, False)], [(5, False)]))
        self.assertUnchanged()

    def test_changing_the_rule_replans(self):
        """The rule of the product, its category or the company counts in the same transaction."""
        category = self.env["product.category"].create({"name": "定制"})
        product = self.make_product("变化", lead=5, categ_id=category.id)
        self._held(product)
        self.assertEqual(self._shown(product), [(5, True)])
        category.credit_hold_supply = "none"
        self.assertEqual(self._shown(product), [])
        product.credit_hold_supply = "tentative"
        self.assertEqual(self._shown(product), [(5, True)])
        product.credit_hold_supply = False
        self.assertEqual(self._shown(product), [])
        category.credit_hold_supply = False
        self.assertEqual(self._shown(product), [(5, True)])
        self.company.credit_hold_supply = "none"
        self.assertEqual(self._shown(product), [])
        self.assertUnchanged()

    def test_rejected(self):
        """A rejected hold takes its needs out of the plan."""
        product = self.make_product("拒绝", lead=5)
        order = self._held(product)
        order.credit_hold_ids.with_user(self.controller).action_reject("no")
        self.assertEqual(self._shown(product), [])

    def test_make_to_order(self):
        """D14: lines that stock's rules buy or make to order: nothing while on hold, also when the
        scheduler runs; released once, one purchase line and one production, no duplicates."""
        bought = self.to_order("按单采购", supply_mode="rules")
        made = self.make_product(
            "按单生产",
            supply_mode="rules",
            route_ids=[
                Command.set((self.mto | self.env.ref("mrp.route_warehouse0_manufacture")).ids)
            ],
        )
        part = self.make_product("部件", stock=100, supply_mode="rules")
        self.bom(made, 1, (part, 1))
        order = self._held(bought, made)
        order.action_confirm()  # clicking again changes nothing
        self.run_scheduler()

        def made_and_bought():
            productions = self.env["mrp.production"].search([("product_id", "=", made.id)])
            return self.bought(bought), productions.mapped("product_qty")

        self.assertEqual(made_and_bought(), (0, []))
        self._release(order)
        self.assertEqual(made_and_bought(), (5, [5]))
        self.run_scheduler()
        self.assertEqual(made_and_bought(), (5, [5]))
        delivered = order.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self.assertEqual(sorted(delivered.mapped("product_uom_qty")), [5, 5])

    def test_drop_shipping(self):
        """D14: a drop-shipped line: no purchase while on hold, one after the release."""
        route = self.env.ref("stock_dropshipping.route_drop_shipping", raise_if_not_found=False)
        if not route:
            route = self._drop_shipping()
        product = self.make_product(
            "直发", lead=1, supply_mode="rules", route_ids=[Command.set(route.ids)]
        )
        order = self._held(product)
        self.run_scheduler()
        self.assertEqual(self.bought(product), 0)
        self._release(order)
        self.assertEqual(self.bought(product), 5)
        self.run_scheduler()
        self.assertEqual(self.bought(product), 5)

    def _drop_shipping(self):
        """The route as Odoo's addon of that name makes it: from the vendor to the customer."""
        customers = self.env.ref("stock.stock_location_customers")
        kind = self.env["stock.picking.type"].create(
            {
                "name": "Drop-ship",
                "code": "incoming",
                "sequence_code": "DS",
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "default_location_src_id": self.env.ref("stock.stock_location_suppliers").id,
                "default_location_dest_id": customers.id,
            }
        )
        return self.env["stock.route"].create(
            {
                "name": "Drop-ship",
                "sale_selectable": True,
                "product_selectable": True,
                "company_id": self.company.id,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Vendor → Customer",
                            "action": "buy",
                            "location_dest_id": customers.id,
                            "picking_type_id": kind.id,
                            "company_id": self.company.id,
                        }
                    )
                ],
            }
        )

    def test_locked_after_confirmation(self):
        """A delivery that is locked after the confirmation goes on being supplied."""
        product = self.make_product("继续", lead=5)
        self.account.sudo().limit_amount = 1000
        order = self.quote(product, 5, 30)
        order.order_line.write({"price_unit": 100, "technical_price_unit": 0.0})
        order.action_confirm()
        self.assertEqual(self._shown(product), [(5, False)])
        self.account.sudo().limit_amount = 10
        self.assertTrue(order.picking_ids.shipment_locked)
        self.assertEqual(self._shown(product), [(5, False)])
        self.assertUnchanged()

    def test_c11_a_date_with_its_condition(self):
        """C11: the quotation of a customer over the limit has its date, marked as not reserved and
        on credit hold; when its goods are reserved, only the condition is left."""
        product = self.make_product("C11", stock=50).with_context(lang="en_US")
        product.list_price = 100
        order = self.quote(product, 5)
        (promise,) = order.get_promises()
        self.assertEqual(promise["date"], self.today)
        self.assertIn("not reserved, credit hold", promise["condition"])
        order.order_line.sudo().write(
            {
                "reserved_quantity": 5,
                "reserved_on": "2026-01-01 00:00:00",
                "reserved_until": "2099-01-01 00:00:00",
                "reserved_date": self.today,
            }
        )
        (promise,) = order.get_promises()
        self.assertEqual((promise["date"], promise["reserved"]), (self.today, True))
        self.assertNotIn("not reserved", promise["condition"])
        self.assertTrue(promise["condition"])
