from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PoolCase


@tagged("post_install", "-at_install")
class TestCustomerPoolAccess(PoolCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls._customer("自己的客户", user_id=cls.salesman.id, customer_rank=1)
        cls.foreign = cls._customer("同事的客户", user_id=cls.colleague.id, customer_rank=1)
        cls.free = cls._customer("无主客户", customer_rank=1)
        cls.Pool.classify((cls.own | cls.foreign | cls.free).ids)

    def test_plain_write_refused(self):
        """No user, not even by RPC as administrator, writes a pool field; nor at creation."""
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            for values in (
                {"customer_pool": "won"},
                {"customer_pool": False},
                {"customer_pool_since": "2020-01-01"},
                {"customer_pool_manual": True, "name": "新名"},
            ):
                with self.subTest(user=user.login, **values), self.assertRaises(AccessError):
                    self.own.with_user(user).write(values)
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.manager).create(
                {"name": "新客户", "customer_pool": "won"}
            )
        with self.assertRaises(AccessError):
            self.own.with_user(self.salesman).with_context(crm_ext_merging=True).write(
                {"customer_pool": "won"}
            )
        self.assertEqual(self.own.customer_pool, "nurture")

    def test_history_not_writable(self):
        """The history can't be written, deleted or invented, whoever tries."""
        move = self.own.customer_pool_move_ids
        self.assertEqual(len(move), 1)
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                with self.assertRaises(UserError):
                    move.with_user(user).write({"to_pool": "won"})
                with self.assertRaises(UserError):
                    move.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    move.with_user(user).create({"partner_id": self.own.id, "to_pool": "won"})

    def test_salesman_moves_own(self):
        """A salesperson moves his own and nobody's customers, a manager everybody's."""
        wizard = Form(
            self.env["customer.pool.move.wizard"]
            .with_user(self.salesman)
            .with_context(default_partner_ids=(self.own | self.free).ids)
        )
        wizard.to_pool = "target"
        wizard.reason = "展会上谈了需求"
        wizard.save().action_move()
        self.assertEqual((self.own | self.free).mapped("customer_pool"), ["target", "target"])
        move = self.own.customer_pool_move_ids[0]
        self.assertEqual(
            (move.from_pool, move.to_pool, move.reason, move.automatic, move.user_id),
            ("nurture", "target", "展会上谈了需求", False, self.salesman),
        )
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.salesman).action_move_pool("won", "x")
        with self.assertRaises(AccessError):
            self.own.with_user(self.clerk).action_move_pool("won", "x")
        self.foreign.with_user(self.manager).action_move_pool("won", "老客户")
        self.assertEqual(self.foreign.customer_pool, "won")

    def test_batch_is_all_or_nothing(self):
        """One foreign customer in a batch stops the whole batch."""
        with self.assertRaises(AccessError):
            (self.own | self.foreign).with_user(self.salesman).action_move_pool("won", "x")
        self.assertEqual(self.own.customer_pool, "nurture")

    def test_reason_and_pool_checked(self):
        """No move without reason, into an unknown pool, of a non-customer."""
        partner = self.own.with_user(self.salesman)
        for pool, reason in (("won", "  "), ("won", False), ("lost", "x")):
            with self.subTest(pool=pool, reason=reason), self.assertRaises(UserError):
                partner.action_move_pool(pool, reason)
        stranger = self._customer("路人")
        with self.assertRaises(UserError):
            stranger.with_user(self.salesman).action_move_pool("won", "x")

    def test_history_read(self):
        """A salesperson reads the history of his own and nobody's customers only."""
        Move = self.env["customer.pool.move"]
        customers = [("partner_id", "in", (self.own | self.foreign | self.free).ids)]
        self.assertEqual(
            Move.with_user(self.salesman).search(customers).partner_id, self.own | self.free
        )
        self.assertEqual(Move.with_user(self.manager).search_count(customers), 3)
        with self.assertRaises(AccessError):
            Move.with_user(self.clerk).search(customers)

    def test_classify_by_rpc(self):
        """Classifying everybody needs a manager, some customers a salesperson."""
        with self.assertRaises(AccessError):
            self.Pool.with_user(self.clerk).classify(self.own.ids)
        with self.assertRaises(AccessError):
            self.Pool.with_user(self.salesman).classify()
        with self.assertRaises(AccessError):
            self.env["customer.pool.rule"].with_user(self.salesman).action_classify()
        self.assertEqual(self.Pool.with_user(self.salesman).classify(self.own.ids)["nurture"], 1)
        self.assertEqual(
            self.Pool.with_user(self.manager).classify(),
            {"nurture": 3, "target": 0, "won": 0, "moved": 0},
        )

    def test_rules_edited_by_manager_only(self):
        """A salesperson sees the rules and can't change them."""
        rule = self.rules["open_quotation"]
        self.assertEqual(rule.with_user(self.salesman).name, rule.name)
        with self.assertRaises(AccessError):
            rule.with_user(self.salesman).months = 3
        rule.with_user(self.manager).months = 3

    def test_merge_keeps_decided_pool(self):
        """Merging two customers doesn't copy a pool; the rules decide for the one that stays."""
        self.env.user.group_ids |= self.env.ref("base.group_partner_manager")
        order = self._order(self.own)
        self._commit()
        self.assertEqual(self.own.customer_pool, "target")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.own | self.free).ids, dst_partner=self.free)
        self._commit()
        self.assertFalse(self.own.exists())
        self.assertEqual(order.partner_id, self.free)
        self.assertEqual(self.free.customer_pool, "target")
        self.assertEqual(self.free.customer_pool_reason, f"Open quotation: {order.name}")

    def test_portal_sees_no_pool(self):
        """A customer's own login doesn't learn what we think of him."""
        portal = self.env["res.users"].create(
            {
                "name": "客户",
                "login": "pool_portal",
                "partner_id": self.own.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        with self.assertRaises(AccessError):
            self.own.with_user(portal).read(["customer_pool"])
