from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestMerge(CreditCase):
    """Customers become one, or belong to another company: nothing is lost, all is judged again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.company_data_2["company"] if hasattr(cls, "company_data_2") else None
        if not cls.second:
            cls.second = cls.setup_other_company(name="South 华南")["company"]
        cls.second.write({"credit_control": "block", "currency_id": cls.company.currency_id.id})
        cls.env.user.company_ids |= cls.second

    # ------------------------------------------------------------------ helpers

    def _merge(self, keep, *others, user=None):
        wizard = self.env["base.partner.merge.automatic.wizard"]
        if user:
            user.group_ids |= self.env.ref("base.group_partner_manager")
            wizard = wizard.with_user(user)
        partners = keep.union(*others)
        wizard.create(
            {
                "partner_ids": [Command.set(partners.ids)],
                "dst_partner_id": keep.id,
                "state": "selection",
            }
        ).action_merge()
        self.env.invalidate_all()
        self.assertFalse((partners - keep).exists())

    def _in(self, company):
        """A test's environment in another company."""
        return self.env(context=dict(self.env.context, allowed_company_ids=company.ids))

    def _order_in(self, company, partner, price):
        env = self._in(company)
        return env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.delivery_goods.id,
                            "price_unit": price,
                            "technical_price_unit": 0.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def _ledger(self, account):
        return self.env["suite.ledger.entry"].search(
            [("kind", "=", "credit.merge"), ("company_id", "=", account.company_id.id)]
        )

    # ------------------------------------------------------------------ merging

    def test_two_customers_two_companies(self):
        """Limits 100 and 300 in one company, only the other has one in the second: exposures add
        up, the survivor keeps its limit, deliveries lock, holds and the second account move."""
        keep, gone = self._customer(100, email="a@b.cn"), self._customer(300, email="a@b.cn")
        first = self._confirmed(keep, 60)
        second = self._confirmed(gone, 200)
        held = self._confirmed(gone, 120)
        self.assertEqual(held.credit_hold_ids.state, "open")
        south = self._account(gone, self.second)
        south.write({"limit_kind": "limited", "limit_amount": 50})
        southern = self._order_in(self.second, gone, 40)
        southern.action_confirm()
        account, other = self._account(keep), self._account(gone)
        decisions = self.env["suite.decision"].search_count(
            [("res_model", "=", "credit.account"), ("res_id", "in", (account + other).ids)]
        )
        self.assertEqual((account.exposure, other.exposure, south.exposure), (60, 200, 40))
        version = account.version
        self._merge(keep, gone)
        self.assertFalse(other.exists())
        self.assertEqual((account.exposure, account.limit_amount), (260, 100))
        self.assertEqual((account.excess, account.is_locked), (160, True))
        self.assertGreater(account.version, version)
        self.assertEqual((south.partner_id, south.exposure, south.limit_amount), (keep, 40, 50))
        self.assertFalse(south.is_locked)
        self.assertTrue(all((first | second).picking_ids.mapped("shipment_locked")))
        self.assertFalse(any(southern.picking_ids.mapped("shipment_locked")))
        self.assertEqual((first | second).picking_ids.credit_hold_ids.account_id, account)
        hold = held.credit_hold_ids
        self.assertEqual((hold.state, hold.account_id, hold.partner_id), ("open", account, keep))
        self.assertEqual((hold.exposure, hold.excess_amount), (260, 280))
        self.assertEqual(self._ledger(account)[:1].kind, "credit.merge")
        self.assertIn("300.0", self._ledger(account)[:1].payload)
        self.assertEqual(
            self.env["suite.decision"].search_count(
                [("res_model", "=", "credit.account"), ("res_id", "=", account.id)]
            ),
            decisions + 1,
        )
        with self.assertRaises(UserError):
            self._prepare(first.picking_ids)
            self._validate(first.picking_ids)
        account.limit_amount = 380
        self.assertEqual(held.state, "sale")
        self.assertFalse(any((first | second).picking_ids.mapped("shipment_locked")))
        self.assertEqual(account.exposure, 380)

    def test_three_customers(self):
        """Three at once: invoices and orders of all under one account."""
        keep, one, two = (self._customer(limit, email="x@y.cn") for limit in (500, 100, 200))
        self._bill(one, 70)
        self._bill(two, 80)
        self._confirmed(keep, 10)
        self._merge(keep, one, two)
        account = self._account(keep)
        self.assertEqual((account.receivable, account.open_orders), (150, 10))
        self.assertEqual((account.exposure, account.limit_amount), (160, 500))
        accounts = self.env["credit.account"].search([("partner_id", "=", keep.id)])
        self.assertEqual(len(accounts), 1)

    def test_survivor_without_a_limit(self):
        """Default limit: the lower of the company's default and the other's own is taken."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 150})
        for own, expected in ((100, ("limited", 100)), (200, ("default", 0))):
            with self.subTest(own=own):
                keep, gone = self._customer(email="d@e.cn"), self._customer(own, email="d@e.cn")
                self._account(keep)
                self._merge(keep, gone)
                account = self._account(keep)
                self.assertEqual((account.limit_kind, account.limit_amount), expected)

    def test_nobody_raises_a_limit_by_merging(self):
        """A salesperson can't merge a customer over his limit into an unlimited one; who may set
        limits can, and the limit of the one that stays is left as it is."""
        keep, gone = self._customer(email="s@s.cn"), self._customer(100, email="s@s.cn")
        self._account(keep).limit_kind = "unlimited"
        order = self._confirmed(gone, 100)
        self._bill(gone, 50)
        self.assertTrue(order.picking_ids.shipment_locked)
        with self.assertRaises(AccessError):
            self._merge(keep, gone, user=self.salesman)
        self.assertTrue(gone.exists())
        self._merge(keep, gone)
        account = self._account(keep)
        self.assertEqual((account.limit_kind, account.exposure), ("unlimited", 150))

    def test_settings_of_lower_risk(self):
        """Held by hand, the worse rating, group and subsidiaries are taken over."""
        keep, gone = self._customer(100, email="r@r.cn"), self._customer(100, email="r@r.cn")
        child = self._account(self._customer(10))
        group = self.env["credit.group"].create({"name": "集团", "limit_amount": 1000})
        account, other = self._account(keep), self._account(gone)
        account.rating = "A"
        other.write(
            {
                "rating": "C",
                "manual_hold": True,
                "manual_hold_reason": "fraud",
                "group_id": group.id,
            }
        )
        child.parent_id = other
        self._merge(keep, gone)
        self.assertEqual((account.rating, account.manual_hold), ("C", True))
        self.assertEqual((account.manual_hold_reason, account.group_id), ("fraud", group))
        self.assertEqual(child.parent_id, account)

    def test_parent_merged_with_its_subsidiary(self):
        """The parent account goes into its subsidiary's: no circle is left."""
        keep, gone = self._customer(100, email="p@p.cn"), self._customer(100, email="p@p.cn")
        top = self._account(self._customer(1000))
        account, other = self._account(keep), self._account(gone)
        other.parent_id = top
        account.parent_id = other
        self._merge(keep, gone)
        self.assertNotEqual(account.parent_id, account)
        self.assertFalse(account._has_cycle("parent_id"))

    def test_limit_lines(self):
        """Deposits come along; the other's temporary raise is kept and ends."""
        keep, gone = self._customer(100, email="t@t.cn"), self._customer(100, email="t@t.cn")
        account, other = self._account(keep), self._account(gone)
        days = {"date_from": self.today, "date_to": self.today}
        self.env["credit.limit.line"].sudo().create(
            [
                {"account_id": other.id, "kind": "deposit", "amount": 30},
                {"account_id": other.id, "kind": "temporary_add", "amount": 500, **days},
                {"account_id": other.id, "kind": "temporary_add", "amount": -5, **days},
            ]
        )
        self._merge(keep, gone)
        self.assertEqual(len(account.limit_line_ids), 3)
        self.assertEqual(account.effective_limit, 125)

    def test_other_currency(self):
        """The other's limit and release were in another currency: converted at today's rate."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].search([("currency_id", "=", euro.id)]).unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "rate": 0.5,
                "name": self.today,
                "company_id": self.company.id,
            }
        )
        keep, gone = self._customer(email="c@c.cn"), self._customer(email="c@c.cn")
        account, other = self._account(keep), self._account(gone)
        other.currency_id = euro
        other.write({"limit_kind": "limited", "limit_amount": 40})
        self._merge(keep, gone)
        self.assertEqual(
            (account.limit_amount, account.currency_id), (80, self.company.currency_id)
        )

    def test_released_hold_goes_on_counting(self):
        """A person's release is kept with its decision and still covers its order."""
        keep, gone = self._customer(100, email="h@h.cn"), self._customer(100, email="h@h.cn")
        order = self._confirmed(gone, 150)
        hold = order.credit_hold_ids
        hold.with_user(self.controller).action_release("ok")
        self._merge(keep, gone)
        self.assertEqual((hold.state, hold.partner_id), ("released", keep))
        self.assertFalse(order.picking_ids.shipment_locked)

    # ------------------------------------------------------------------ contacts

    def test_contacts_of_two_customers(self):
        """A contact with an order is merged into another customer's: the order goes along."""
        one, two = self._customer(100), self._customer(100)
        contacts = [
            self.env["res.partner"].create(
                {"name": "李", "parent_id": parent.id, "email": "li@li.cn"}
            )
            for parent in (one, two)
        ]
        order = self._confirmed(contacts[0], 70)
        own = self._confirmed(two, 60)
        waiting = self._confirmed(one, 50)
        self.assertEqual(waiting.credit_state, "hold")
        self._merge(contacts[1], contacts[0])
        self.assertEqual((self._exposure(one), self._exposure(two)), (50, 130))
        self.assertTrue(order.picking_ids.shipment_locked)
        self.assertTrue(own.picking_ids.shipment_locked)
        self.assertEqual(waiting.state, "sale", "what one owed is gone: his order fits")

    def test_customer_into_a_contact(self):
        """A customer merged into a contact of another one: that one's account has it all."""
        company, loose = self._customer(100), self._customer(40, email="l@l.cn", is_company=False)
        contact = self.env["res.partner"].create(
            {"name": "王", "parent_id": company.id, "email": "l@l.cn"}
        )
        order = self._confirmed(loose, 40)
        self._bill(company, 70)
        self._merge(contact, loose)
        account = self._account(company)
        self.assertEqual(
            self.env["credit.account"].search([("partner_id", "=", contact.id)]).ids, []
        )
        self.assertEqual((account.exposure, account.limit_amount), (110, 100))
        self.assertTrue(order.picking_ids.shipment_locked)

    def test_contact_moves(self):
        """A contact changes its company: both are judged again, at once."""
        one, two = self._customer(100), self._customer(100)
        contact = self.env["res.partner"].create({"name": "赵", "parent_id": one.id})
        order = self._confirmed(contact, 80)
        held = self._confirmed(contact, 90)
        own = self._confirmed(two, 50)
        waiting = self._confirmed(one, 100)
        versions = [self._account(partner).version for partner in (one, two)]
        contact.parent_id = two
        self.assertEqual((self._exposure(one), self._exposure(two)), (100, 130))
        self.assertGreater(self._account(one).version, versions[0])
        self.assertGreater(self._account(two).version, versions[1])
        self.assertTrue(order.picking_ids.shipment_locked)
        self.assertTrue(own.picking_ids.shipment_locked)
        self.assertEqual(waiting.state, "sale")
        hold = held.credit_hold_ids
        self.assertEqual((hold.state, hold.account_id), ("open", self._account(two)))

    def test_company_becomes_a_contact(self):
        """A customer of its own becomes a contact: its account goes into the company's."""
        company, shop = self._customer(100), self._customer(50)
        order = self._confirmed(shop, 50)
        self._confirmed(company, 60)
        account = self._account(shop)
        shop.write({"is_company": False, "parent_id": company.id})
        self.assertFalse(account.exists())
        self.assertEqual(self._exposure(company), 110)
        self.assertTrue(order.picking_ids.shipment_locked)

    def test_contact_leaves(self):
        """A contact leaves its company: what it ordered is its own, under the default limit."""
        self.company.write({"credit_default_limit_kind": "limited", "credit_default_limit": 20})
        company = self._customer(100)
        contact = self.env["res.partner"].create({"name": "孙", "parent_id": company.id})
        order = self._confirmed(contact, 80)
        contact.parent_id = False
        self.assertEqual((self._exposure(company), self._exposure(contact)), (0, 80))
        self.assertTrue(order.picking_ids.shipment_locked)

    # ------------------------------------------------------------------ archive, delete

    def test_archived(self):
        """An archived customer owes as before, and his deliveries stay locked."""
        partner = self._customer(100)
        order = self._confirmed(partner, 60)
        self._bill(partner, 60)
        self.assertTrue(order.picking_ids.shipment_locked)
        partner.active = False
        self.env.invalidate_all()
        self.assertEqual(self._exposure(partner), 120)
        self.assertTrue(order.picking_ids.shipment_locked)
        self.assertEqual(order.picking_ids.credit_hold_ids.state, "open")

    def test_deleted(self):
        """A customer with a limit can't be deleted; one with an empty account can."""
        partner = self._customer(100)
        with self.assertRaisesRegex(UserError, "Archive"):
            partner.unlink()
        empty = self._customer()
        account = self._account(empty)
        empty.unlink()
        self.assertFalse(account.exists())
        with self.assertRaises(AccessError):
            self._account(partner).with_user(self.manager).unlink()

    def test_off(self):
        """Without credit control contacts merge as in Odoo; the limit set then is kept."""
        self.company.credit_control = "off"
        keep, gone = self._customer(email="o@o.cn"), self._customer(70, email="o@o.cn")
        self._merge(keep, gone)
        self.assertEqual(self._account(keep).limit_amount, 70)
