import math

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestApprovals(CreditCase):
    """Who may release a hold, by how far the document is over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(
            cls.env,
            "credit_gm",
            "base.group_user,base.group_system",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _matrix(self, kind, *lines):
        return (
            self.env["credit.approval"]
            .sudo()
            .create(
                [
                    {
                        "company_id": self.company.id,
                        "kind": kind,
                        "sequence": index,
                        "max_percent": percent,
                        "max_amount": amount,
                        "group_id": self.env.ref(group).id,
                    }
                    for index, (percent, amount, group) in enumerate(lines)
                ]
            )
        )

    def _release_matrix(self):
        return self._matrix(
            "release",
            (10, 0, "sales_team.group_sale_manager"),
            (30, 0, "credit_risk.group_credit_controller"),
            (0, 0, "base.group_system"),
        )

    def test_release_matrix(self):
        """E7: over by 8 %, 25 %, 60 % with 10/30/∞: sales manager, finance, general manager."""
        self._release_matrix()
        users = (self.sales_boss, self.controller, self.boss)
        for amount, deciding in ((108, 0), (125, 1), (160, 2)):
            partner = self._customer(100)
            for index, user in enumerate(users):
                order = self._confirmed(partner, amount)
                hold = order.credit_hold_ids.with_user(user)
                self.assertEqual(hold.can_decide, index >= deciding, (amount, user.login))
                if index < deciding:
                    with self.assertRaises(AccessError):
                        hold.action_release("I want it")
                else:
                    hold.action_release("Good customer")
                    self.assertEqual(order.state, "sale")
                    order.sudo().action_cancel()

    def test_release_four_eyes(self):
        """E7: the manager who made the order can't release it, whatever the matrix says."""
        self._release_matrix()
        partner = self._customer(100)
        order = self._order(partner, 108, user_id=self.sales_boss.id)
        order.action_confirm()
        hold = order.credit_hold_ids.with_user(self.sales_boss)
        self.assertFalse(hold.can_decide)
        with self.assertRaises(UserError):
            hold.action_release("Mine")

    def test_release_of_no_limit(self):
        """Without any limit every excess is infinite: only the last line covers it."""
        self._release_matrix()
        order = self._confirmed(self._customer(0), 1)
        for user in (self.sales_boss, self.controller):
            with self.assertRaises(AccessError):
                order.credit_hold_ids.with_user(user).action_release("Only 1")
        order.credit_hold_ids.with_user(self.boss).action_release("Only 1")
        self.assertEqual(order.state, "sale")

    def test_release_counts_now(self):
        """The matrix counts what is owed now, not what the hold was made with."""
        self._release_matrix()
        partner = self._customer(100)
        order = self._confirmed(partner, 108)
        self._bill(partner, 40)
        with self.assertRaises(AccessError):
            order.credit_hold_ids.with_user(self.controller).action_release("8 % only")

    def test_release_dialog_and_rejection(self):
        """Sales managers get the dialog; controllers may reject what they couldn't release."""
        self._release_matrix()
        order = self._confirmed(self._customer(100), 108)
        hold = order.credit_hold_ids.with_user(self.sales_boss)
        action = hold.action_decide()
        wizard = (
            self.env["credit.hold.decide"]
            .with_user(self.sales_boss)
            .with_context(**action["context"])
            .create({"reason": "Good customer"})
        )
        wizard.action_apply()
        self.assertEqual(order.state, "sale")
        order = self._confirmed(self._customer(100), 160)
        with self.assertRaises(AccessError):
            order.credit_hold_ids.with_user(self.sales_boss.browse(self.salesman.id)).action_reject(
                "No"
            )
        order.credit_hold_ids.with_user(self.controller).action_reject("Too much")
        self.assertEqual(order.credit_hold_ids.state, "rejected")

    def test_without_matrix(self):
        """Without lines any controller releases, sales managers don't."""
        order = self._confirmed(self._customer(100), 160)
        hold = order.credit_hold_ids
        self.assertFalse(hold.with_user(self.sales_boss).can_decide)
        with self.assertRaises(AccessError):
            hold.with_user(self.sales_boss).action_release("Please")
        hold.with_user(self.controller).action_release("Good customer")
        self.assertEqual(order.state, "sale")

    def test_matrix(self):
        """The first line that covers percent and amount decides, later ones may as well."""
        approvals = self.env["credit.approval"]
        self._matrix(
            "release",
            (10, 1000, "sales_team.group_sale_manager"),
            (30, 0, "credit_risk.group_credit_controller"),
        )
        for amount, percent, group in (
            (1000, 10, "sales_team.group_sale_manager"),
            (1000.01, 10, "credit_risk.group_credit_controller"),
            (1000, 10.01, "credit_risk.group_credit_controller"),
            (1e9, 30, "credit_risk.group_credit_controller"),
            (1, 30.01, "base.group_system"),
            (1, math.inf, "base.group_system"),
        ):
            needed = approvals._needed_group("release", self.company, amount, percent)
            self.assertEqual(needed, self.env.ref(group), (amount, percent))
        self.assertTrue(approvals._may("release", self.company, 1, 1, self.controller))
        self.assertFalse(approvals._may("release", self.company, 1, 20, self.sales_boss))
        other = self.setup_other_company()["company"]
        self.assertFalse(approvals._may("release", other, 1, 1, self.controller))
        with self.assertRaises(ValidationError):
            self._matrix("release", (5, 0, "base.group_system"))
