from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase, new_test_user

from odoo.addons.inventory_link.tools import at_noon


class SupplyCase(TransactionCase):
    """A company of its own that plans, with one warehouse, a customer and two vendors.

    Days are given as offsets from today: ``sell(product, 10, 20)`` is an order due in 20 days.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("inventory_link.group_supply_planner")
        cls.company = cls.env["res.company"].create(
            {"name": "齿轮测试公司", "supply_planning": True, "supply_dampener_days": 3}
        )
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.env.user.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
                "tz": "Asia/Shanghai",
            }
        )
        cls.env = cls.env(
            context=dict(
                cls.env.context, allowed_company_ids=cls.company.ids, tracking_disable=True
            )
        )
        cls.company = cls.company.with_env(cls.env)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.today = fields.Date.context_today(cls.env.user.with_context(tz="Asia/Shanghai"))
        cls.customer = cls.env["res.partner"].create({"name": "客户甲"})
        cls.vendor_1, cls.vendor_2 = cls.env["res.partner"].create(
            [{"name": "供应商一"}, {"name": "供应商二"}]
        )
        cls.planner = cls.env["supply.planner"]

    # -- given ----------------------------------------------------------------------------------

    @classmethod
    def day(cls, offset):
        return cls.today + timedelta(days=offset)

    @classmethod
    def noon(cls, offset):
        return at_noon(cls.day(offset), "Asia/Shanghai")

    @classmethod
    def make_product(cls, name, stock=0, lead=None, price=1.0, **values):
        """A planned product, with stock and (``lead`` in days) a vendor."""
        product = cls.env["product.product"].create(
            {"name": name, "is_storable": True, "supply_mode": "planned", **values}
        )
        if stock:
            cls.put_in_stock(product, stock)
        if lead is not None:
            cls.add_vendor(product, cls.vendor_1, price, lead)
        return product

    @classmethod
    def put_in_stock(cls, product, quantity):
        cls.env["stock.quant"]._update_available_quantity(
            product, cls.warehouse.lot_stock_id, quantity
        )

    @classmethod
    def add_vendor(cls, product, vendor, price, lead, minimum=0, **values):
        return cls.env["product.supplierinfo"].create(
            {
                "partner_id": vendor.id,
                "product_tmpl_id": product.product_tmpl_id.id,
                "price": price,
                "delay": lead,
                "min_qty": minimum,
                "currency_id": cls.company.currency_id.id,
                **values,
            }
        )

    @classmethod
    def quote(cls, product, quantity, due=None, **values):
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "warehouse_id": cls.warehouse.id,
                "commitment_date": cls.noon(due) if due is not None else False,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": quantity})
                ],
                **values,
            }
        )

    @classmethod
    def sell(cls, product, quantity, due):
        order = cls.quote(product, quantity, due)
        order.action_confirm()
        return order

    @classmethod
    def purchase(cls, product, quantity, due, vendor=None, confirm=True):
        order = cls.env["purchase.order"].create(
            {
                "partner_id": (vendor or cls.vendor_1).id,
                "company_id": cls.company.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": 1.0,
                            "date_planned": cls.noon(due),
                        }
                    )
                ],
            }
        )
        if confirm:
            order.button_confirm()
        return order

    def make_user(self, login, groups):
        return new_test_user(
            self.env,
            login,
            groups,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    # -- then -----------------------------------------------------------------------------------

    def plan(self, product, states=("proposed", "approved")):
        """Open plan lines: ``[(action, quantity, order offset, due offset)]`` by due day."""
        lines = self.env["supply.plan.line"].search(
            [("product_id", "=", product.id), ("state", "in", states)], order="due_date, id"
        )
        return [
            (
                line.action,
                line.quantity,
                (line.order_date - self.today).days,
                (line.due_date - self.today).days,
            )
            for line in lines
        ]

    def lines(self, product, states=("proposed", "approved")):
        return self.env["supply.plan.line"].search(
            [("product_id", "=", product.id), ("state", "in", states)], order="due_date, id"
        )

    def pegs(self, product, **domain):
        """``[(supply, quantity)]`` of a product, stock first, then by size."""
        found = self.env["supply.peg"].search(
            [("product_id", "=", product.id), *((key, "=", value) for key, value in domain.items())]
        )
        return sorted((peg.supply, peg.quantity) for peg in found)

    def messages(self, product):
        """``[(kind, quantity needed, day needed)]`` that are open."""
        found = self.env["supply.message"].search(
            [("product_id", "=", product.id), ("state", "=", "open")]
        )
        return sorted((m.kind, m.quantity_needed, (m.date_needed - self.today).days) for m in found)

    def offset(self, day):
        return (day - self.today).days if day else None

    def assertUnchanged(self):
        """A full run after what just happened writes nothing: the net change, in the user's action
        or by the queue, was complete."""
        self.planner._plan_changes()  # what the queue holds
        before = self.stored_plan()
        result = self.planner.run(self.warehouse.ids)
        changed = {
            key: result[key] for key in ("inserted", "updated", "deleted", "messages", "pegs")
        }
        nothing = {"inserted": 0, "updated": 0, "deleted": 0, "messages": 0, "pegs": 0}
        if changed != nothing:
            after = self.stored_plan()
            rows = [f"- {row}" for row in before - after] + [f"+ {row}" for row in after - before]
            self.assertEqual(changed, nothing, "\n".join(["The full run changed:", *sorted(rows)]))

    def stored_plan(self):
        """Plan lines and pegs of the warehouse as texts."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT 'line ' || l::text FROM supply_plan_line l WHERE warehouse_id = %(id)s"
            " UNION ALL SELECT 'peg ' || g::text FROM supply_peg g WHERE warehouse_id = %(id)s",
            {"id": self.warehouse.id},
        )
        return {row[0] for row in self.env.cr.fetchall()}


class GuardCase(SupplyCase):
    """:class:`SupplyCase` with stock's own planners: make to order, buying, reordering rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mto = cls.env.ref("stock.route_warehouse0_mto")
        cls.mto.action_unarchive()
        cls.buy = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.mto_rule = cls.env["stock.rule"].search(
            [("route_id", "=", cls.mto.id), ("warehouse_id", "=", cls.warehouse.id)], limit=1
        )

    def to_order(self, name, **values):
        values.setdefault("lead", 1)
        return self.make_product(name, route_ids=[Command.set((self.mto | self.buy).ids)], **values)

    def reorder(self, product, minimum=5, maximum=5, **values):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "product_min_qty": minimum,
                "product_max_qty": maximum,
                **values,
            }
        )

    def run_scheduler(self):
        for _time in range(2):
            self.env["stock.rule"].run_scheduler(company_id=self.company.id)

    def bought(self, product):
        """Everything on purchase lines that aren't cancelled."""
        lines = self.env["purchase.order.line"].search(
            [("product_id", "=", product.id), ("order_id.state", "!=", "cancel")]
        )
        return sum(lines.mapped("product_uom_qty"))

    def assertOnlyPlanned(self, product, quantity):
        """Stock ordered nothing, even when its scheduler runs twice; the plan has it all."""
        self.run_scheduler()
        self.assertEqual(self.bought(product), 0)
        self.assertEqual(sum(line[1] for line in self.plan(product)), quantity)
        self.assertUnchanged()

    def delivered(self, order):
        """What leaves to the customer in the end, over all steps."""
        moves = order.picking_ids.move_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and (move.location_final_id or move.location_dest_id).usage == "customer"
                and move.location_id == self.warehouse.lot_stock_id
            )
        )
        return sum(moves.mapped("product_uom_qty"))
