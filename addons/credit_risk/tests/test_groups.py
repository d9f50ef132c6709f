from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestGroups(CreditCase):
    """Limits that several customers share: of a group, of a parent company."""

    def _group(self, limit, *partners, **values):
        group = self.env["credit.group"].create(
            {"name": "北方集团", "limit_kind": "limited", "limit_amount": limit, **values}
        )
        for partner in partners:
            self._account(partner).group_id = group
        return group

    def _holds(self, order):
        return order.credit_hold_ids.filtered(lambda hold: hold.state == "open")

    def test_shared_limit(self):
        """B5: 15,000 shared by A and B (10,000 each), A owes 9,000: B's order of 7,000 is held
        (16,000), 6,000 passes (15,000)."""
        first, second = self._customer(10000), self._customer(10000)
        group = self._group(15000, first, second)
        self._confirmed(first, 9000)
        order = self._confirmed(second, 7000)
        self.assertEqual(self._holds(order).reason_codes, "LIMIT")
        self.assertEqual(self._holds(order).excess_amount, 1000)
        self.assertEqual(self._holds(order).shared_limit, "北方集团")
        self.assertEqual(self._confirmed(second, 6000).state, "sale")
        group.invalidate_recordset()
        self.assertEqual((group.exposure, group.available, group.member_count), (15000, 0, 2))

    def test_raise_releases_lower_locks(self):
        """A raised shared limit releases the held order of any member; a lowered one locks."""
        first, second = self._customer(10000), self._customer(10000)
        group = self._group(15000, first, second)
        shipped = self._confirmed(first, 9000)
        order = self._confirmed(second, 7000)
        version = group.version
        group.with_user(self.manager).write({"limit_amount": 16000, "limit_reason": "Merger"})
        self.assertEqual(order.state, "sale")
        self.assertGreater(group.version, version)
        group.with_user(self.manager).limit_amount = 15999
        for one in (shipped, order):
            self.assertEqual(one.picking_ids.credit_hold_ids.mapped("state"), ["open"])
        group.with_user(self.manager).active = False
        for one in (shipped, order):
            self.assertEqual(one.picking_ids.credit_hold_ids.mapped("state"), ["closed"])
        entries = self.env["suite.ledger.entry"].sudo().search([("kind", "=", "credit.limit")])
        self.assertTrue([one for one in entries if "Merger" in one.payload])

    def test_membership(self):
        """Joining a full group locks all its members, leaving it frees them; both on record."""
        first, second = self._customer(10000), self._customer(10000)
        group = self._group(10000, first)
        one, two = self._confirmed(first, 9000), self._confirmed(second, 7000)
        account = self._account(second).with_user(self.manager)
        versions = group.version, account.version
        account.write({"group_id": group.id, "limit_reason": "Same owner"})
        self.assertGreater(group.version, versions[0])
        self.assertGreater(account.version, versions[1])
        for order in (one, two):
            self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["open"])
        entry = self.env["suite.ledger.entry"].sudo().search([], order="id desc", limit=1)
        account.group_id = False
        for order in (one, two):
            self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["closed"])
        entries = self.env["suite.ledger.entry"].sudo().search([("id", "<=", entry.id)])
        self.assertTrue([row for row in entries if "Same owner" in row.payload])

    def test_parent_has_no_room(self):
        """The child has room, its parent has none: held, and the parent is named."""
        parent, child = self._customer(100, name="母公司"), self._customer(100, name="子公司")
        self._account(child).parent_id = self._account(parent)
        self._confirmed(parent, 90)
        order = self._confirmed(child, 20)
        self.assertEqual(self._holds(order).excess_amount, 10)
        self.assertEqual(self._holds(order).shared_limit, "母公司")
        account = self._account(child)
        finding = account._figures()[account.id]
        self.assertEqual([one.name for one in finding.umbrellas], ["母公司"])
        self.assertIn("母公司", account.limit_explanation)
        self.assertEqual(self._confirmed(child, 10).state, "sale")

    def test_child_has_no_room(self):
        """The parent has room, the child has none: held by its own limit."""
        parent, child = self._customer(1000), self._customer(100)
        self._account(child).parent_id = self._account(parent)
        order = self._confirmed(child, 120)
        self.assertEqual(self._holds(order).excess_amount, 20)
        self.assertFalse(self._holds(order).shared_limit)
        self.assertEqual(self._confirmed(parent, 900).state, "sale")

    def test_parent_limit_raised(self):
        """A raised limit of the parent releases the child's order; a new parent may lock."""
        parent, child = self._customer(100), self._customer(100)
        self._account(child).parent_id = self._account(parent)
        self._confirmed(parent, 90)
        order = self._confirmed(child, 20)
        self.assertTrue(self._holds(order))
        self._account(parent).with_user(self.manager).limit_amount = 110
        self.assertEqual(order.state, "sale")
        small = self._customer(5)
        self._account(parent).with_user(self.manager).parent_id = self._account(small)
        self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["open"])
        self._account(parent).with_user(self.manager).parent_id = False
        self.assertEqual(order.picking_ids.credit_hold_ids.mapped("state"), ["closed"])

    def test_parent_checks(self):
        """No cycle, no parent of another company."""
        one, two, three = (self._account(self._customer(100)) for __ in range(3))
        two.parent_id = one
        three.parent_id = two
        with self.assertRaises(ValidationError), self.cr.savepoint():
            one.parent_id = three
        with self.assertRaises(ValidationError), self.cr.savepoint():
            one.parent_id = one
        other = self.setup_other_company()["company"]
        foreign = self._account(self._customer(), other)
        with self.assertRaises(UserError), self.cr.savepoint():
            one.parent_id = foreign

    def test_group_checks(self):
        """A company's group takes only its customers; an archived one takes none."""
        other = self.setup_other_company()["company"]
        mine, foreign = self._customer(10), self._account(self._customer(), other)
        group = self._group(100, mine, company_id=self.company.id)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            foreign.group_id = group
        group.company_id = False
        foreign.group_id = group
        with self.assertRaises(ValidationError), self.cr.savepoint():
            group.company_id = self.company
        group.active = False
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._account(self._customer(10)).group_id = group

    def test_rights(self):
        """Only credit managers make groups, change them, or change who belongs to them."""
        partner = self._customer(100)
        group = self._group(100, partner)
        for user in (self.salesman, self.accountant, self.controller, self.sales_boss):
            for attempt in (
                lambda user=user: group.with_user(user).write({"limit_amount": 1e6}),
                lambda user=user: group.with_user(user).copy(),
                lambda user=user: group.with_user(user).unlink(),
                lambda user=user: self._account(partner).with_user(user).write({"group_id": False}),
                lambda user=user: (
                    self._account(partner).with_user(user).write({"parent_id": False})
                ),
            ):
                with self.assertRaises(AccessError):
                    attempt()
        self.assertEqual((group.limit_amount, group.account_ids), (100, self._account(partner)))
