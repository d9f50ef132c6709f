from contextlib import suppress

import psycopg2

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import CreditCase

# What a caller gets when he is refused. Everything else is an error of ours.
REFUSALS = (UserError, ValueError, KeyError, AttributeError, TypeError, psycopg2.Error)

# Every context key that the addon or Odoo's stock and sale modules read somewhere.
CONTEXT_KEYS = (
    "active_test",
    "allowed_company_ids",
    "bypass_duplicate",
    "bypass_reservation_update",
    "button_validate_picking_ids",
    "cancel_backorder",
    "cleared",
    "credit_pass",
    "credit_risk.cleared",
    "default_decision",
    "default_state",
    "disable_cancel_warning",
    "do_not_propagate",
    "do_not_unreserve",
    "force",
    "force_company",
    "from_wizard",
    "import_file",
    "install_mode",
    "inventory_mode",
    "is_scrap",
    "mail_notrack",
    "module",
    "no_recompute",
    "picking_ids_not_to_backorder",
    "skip_backorder",
    "skip_credit",
    "skip_expired",
    "skip_immediate",
    "skip_procurement",
    "skip_sanity_check",
    "skip_sms",
    "su",
    "test_skip",
    "tracking_disable",
    "uid",
)


class _Undone(Exception):
    """Takes back an attempt and carries what has left in it."""

    def __init__(self, left):
        super().__init__()
        self.left = left


class AttackCase(CreditCase):
    """A customer who is locked, one who is free, and everybody who may touch goods or orders.

    An attack is a method that gets a user and does what it can; refusals on the way don't stop
    it. ``_left_by`` says how many pieces of the locked goods have left the company by it.
    """

    ROLES = (
        "storekeeper",
        "stock_boss",
        "salesman",
        "sales_boss",
        "accountant",
        "controller",
        "manager",
        "seller_keeper",
        "owner",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "stock_boss": "stock.group_stock_manager",
            "seller_keeper": "sales_team.group_sale_salesman_all_leads,stock.group_stock_user",
            "owner": "base.group_system,sales_team.group_sale_manager,stock.group_stock_manager,"
            "account.group_account_manager,credit_risk.group_credit_manager",
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
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.gear = cls._stocked("Gear set 齿轮组")
        cls.shaft = cls._stocked("Shaft set 轴组")
        self = cls  # the makers of the fixture are instance methods
        cls.poor = cls._partner("锁定客户 Locked")
        cls.rich = cls._partner("自由客户 Free")
        cls.account = self.env["credit.account"]._for(cls.poor, cls.company)
        cls.account.write({"limit_kind": "limited", "limit_amount": 1e6})
        cls.shipped = cls._sold(cls.poor, cls.gear, 5)
        cls._fill(cls.shipped)
        cls.shipped.with_context(skip_backorder=True).button_validate()
        cls.locked = cls._sold(cls.poor, cls.gear, 10)
        cls.free = cls._sold(cls.rich, cls.gear, 10)
        cls.other = cls._sold(cls.rich, cls.shaft, 10)
        cls.order = cls.locked.sale_id
        for picking in cls.locked | cls.free | cls.other:
            cls._fill(picking)
        cls.account.limit_amount = 1
        cls.hold = cls.locked.credit_hold_ids
        cls.server_actions = {
            code: cls.env["ir.actions.server"].create(
                {
                    "name": code,
                    "model_id": cls.env["ir.model"]._get_id("stock.picking"),
                    "state": "code",
                    "code": code,
                }
            )
            for code in (
                "records.button_validate()",
                "records._action_done()",
                "records.move_ids._action_done()",
                "records.move_ids.write({'state': 'done'})",
                "records.move_ids.sudo()._action_done(cancel_backorder=True)",
            )
        }
        cls.env.flush_all()

    # ------------------------------------------------------------------ fixture

    @classmethod
    def _partner(cls, name):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "property_payment_term_id": False}
        )

    @classmethod
    def _stocked(cls, name):
        product = cls._product(name, "delivery", is_storable=True, list_price=10.0)
        cls.env["stock.quant"]._update_available_quantity(product, cls.stock, 1000)
        return product

    @classmethod
    def _sold(cls, partner, product, quantity):
        """The delivery of a confirmed order that the salesperson made."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "user_id": cls.salesman.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": 10.0,
                            "technical_price_unit": 0.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order.picking_ids

    @classmethod
    def _fill(cls, picking):
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True

    # ------------------------------------------------------------------ measuring

    def _gone(self):
        """Pieces of the locked goods that have left the company's own places by done lines."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(line.quantity_product_uom), 0)
              FROM stock_move_line line
              JOIN stock_location source ON source.id = line.location_id
              JOIN stock_location target ON target.id = line.location_dest_id
             WHERE line.product_id = %s AND line.state = 'done'
               AND source.usage <> 'customer' AND target.usage NOT IN ('internal', 'view')
            """,
            [self.gear.id],
        )
        return self.env.cr.fetchone()[0]

    def _in_moves(self):
        """Pieces that done moves say to be delivered, whatever their lines say."""
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(move.quantity), 0)
              FROM stock_move move
              JOIN stock_location target ON target.id = move.location_dest_id
             WHERE move.product_id = %s AND move.state = 'done' AND target.usage = 'customer'
            """,
            [self.gear.id],
        )
        return self.env.cr.fetchone()[0]

    def _at_customers(self):
        """Pieces that the stock shows outside: catches what no line and no move shows."""
        quants = (
            self.env["stock.quant"]
            .sudo()
            .search([("product_id", "=", self.gear.id), ("location_id.usage", "=", "customer")])
        )
        return sum(quants.mapped("quantity"))

    def _left_by(self, attack, user):
        """Pieces that one attempt gets out; everything it does is undone."""
        before = (self._gone(), self._in_moves(), self._at_customers())
        try:
            with self.env.cr.savepoint():
                allowed = attack(user) or 0
                self.env.flush_all()
                self.env.invalidate_all()
                after = (self._gone(), self._in_moves(), self._at_customers())
                pairs = zip(before, after, strict=True)
                left = max(now - then for then, now in pairs)
                raise _Undone(max(0.0, left - allowed))
        except _Undone as undone:
            return undone.left
        finally:
            self.env.invalidate_all()

    def _try(self, *steps):
        """Run the steps one after the other; what is refused is undone and doesn't stop others."""
        for step in steps:
            with suppress(*REFUSALS), self.env.cr.savepoint():
                step()
            self.env.invalidate_all()

    def _assert_nothing_leaves(self, attacks, roles=ROLES):
        """Each attack as each role; all that pass are told together."""
        passed = []
        for attack in attacks:
            for role in roles:
                user = getattr(self, role)
                if left := self._left_by(attack, user):
                    passed.append(f"{attack.__name__} as {role}: {left:g} pieces")
        self.assertFalse(passed, "\n" + "\n".join(passed))
