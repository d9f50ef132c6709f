from datetime import timedelta

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class CreditCase(AccountTestInvoicingCommon):
    """A company with a chart of accounts, credit control on "block" and one user a role.

    Goods aren't tracked in stock, so that deliveries need no receipts; there is no tax unless
    a test asks for one.
    """

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for name in (
            "credit_risk.group_credit_manager",
            "sales_team.group_sale_manager",
            "stock.group_stock_manager",
            "account.group_account_manager",
        ):
            groups |= cls.env.ref(name)
        return groups

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.company.write({"credit_control": "block", "credit_release_deviation": 0.0})
        cls.today = cls.company._credit_today()
        groups = {
            "salesman": "sales_team.group_sale_salesman",
            "sales_boss": "sales_team.group_sale_manager",
            "accountant": "account.group_account_invoice",
            "chief_accountant": "account.group_account_user",
            "storekeeper": "stock.group_stock_user",
            "controller": "credit_risk.group_credit_controller",
            "manager": "credit_risk.group_credit_manager",
        }
        for login, group in groups.items():
            user = new_test_user(
                cls.env,
                f"credit_{login}",
                f"base.group_user,{group}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            setattr(cls, login, user)
        cls.goods = cls._product("Gear 齿轮", "order")
        cls.delivery_goods = cls._product("Shaft 轴", "delivery")

    # ------------------------------------------------------------------ makers

    @classmethod
    def _product(cls, name, policy, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": 1.0,
                "invoice_policy": policy,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                **values,
            }
        )

    def _customer(self, limit=None, name="华北传动 Customer", **values):
        partner = self.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "property_payment_term_id": False,
                **values,
            }
        )
        if limit is not None:
            self._account(partner).write({"limit_kind": "limited", "limit_amount": limit})
        return partner

    def _account(self, partner, company=None):
        return self.env["credit.account"]._for(partner, company or self.company)

    def _exposure(self, partner, company=None):
        return self._account(partner, company).exposure

    def _order(self, partner, price, quantity=1.0, product=None, tax=None, **values):
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": self.salesman.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.delivery_goods).id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "technical_price_unit": 0.0,  # a price typed by hand stays
                            "tax_ids": [Command.set(tax.ids if tax else [])],
                        }
                    )
                ],
                **values,
            }
        )

    def _confirmed(self, partner, price, quantity=1.0, **values):
        order = self._order(partner, price, quantity, **values)
        order.action_confirm()
        return order

    def _bill(self, partner, amount, days_late=0, post=True, **values):
        """An invoice that comes from no order, due ``days_late`` days ago."""
        due = self.today - timedelta(days=days_late)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "货物", "price_unit": amount, "tax_ids": [Command.clear()]}
                    )
                ],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    def _ship(self, order, quantity=None):
        """Deliver an order (or a part, the rest stays in a backorder)."""
        picking = order.picking_ids.filtered(lambda rec: rec.state not in ("done", "cancel"))
        self._prepare(picking, quantity)
        return self._validate(picking)

    def _prepare(self, picking, quantity=None):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty if quantity is None else quantity
            move.picked = True

    def _validate(self, picking):
        return picking.with_context(skip_backorder=True).button_validate()

    def _invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def _manual_delivery(self, partner, value, user=None):
        """A ready delivery without an order, of goods worth ``value``."""
        product = self._product(f"Loose {value}", "order", list_price=value)
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "partner_id": partner.id if partner else False,
                "picking_type_id": warehouse.out_type_id.id,
                "location_id": warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1.0,
                            "location_id": warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        self._prepare(picking)
        return picking
