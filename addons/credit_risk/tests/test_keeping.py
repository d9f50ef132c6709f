from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import fields
from odoo.tests import tagged

from .common import CreditCase


@tagged("post_install", "-at_install")
class TestKeeping(CreditCase):
    """What credit says about deliveries: how long they were locked, and which may be."""

    def setUp(self):
        super().setUp()
        self.outlook = self.env["suite.outlook"]
        self.today = fields.Date.today()

    def _hold(self, order, first, last):
        """A hold of the order from so many days ago until so many; open when ``last`` is None."""
        account = self._account(order.partner_id)
        now = fields.Datetime.now()
        hold = (
            self.env["credit.hold"]
            .sudo()
            .create(
                {
                    "account_id": account.id,
                    "sale_order_id": order.id,
                    "reason_codes": "OVERDUE",
                    "state": "open" if last is None else "released",
                    "released_date": last is not None and now - timedelta(days=last),
                }
            )
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE credit_hold SET create_date = %s WHERE id = %s",
            (now - timedelta(days=first), hold.id),
        )
        return hold

    def _days(self, order, since):
        day = self.today - timedelta(days=since)
        return self.outlook._held_days([order.id], {order.id: day}).get(order.id, 0)

    def test_days_on_hold(self):
        """Held from 10 to 7 days ago and from 8 to 4 days ago: six days, the overlap once. Since 6
        days ago: one to three. Since yesterday: none."""
        order = self._confirmed(self._customer(1000), 100)
        self._hold(order, 10, 7)
        self._hold(order, 8, 4)
        self.assertAlmostEqual(self._days(order, 30), 6, 3)
        self.assertTrue(1 <= self._days(order, 6) <= 3)
        self.assertEqual(self._days(order, 1), 0)

    def test_open_hold_counts_until_now(self):
        """A hold that is still open counts until now; other orders aren't touched by it."""
        partner = self._customer(1000)
        order, other = self._confirmed(partner, 100), self._confirmed(partner, 100)
        self._hold(order, 3, None)
        self.assertAlmostEqual(self._days(order, 30), 3, 3)
        self.assertEqual(self._days(other, 30), 0)

    def test_hours_of_the_company(self):
        """Held for one hour: 1/24 of a day, not a whole one. The day begins at midnight of the
        company: 16 o'clock UTC of the day before in Shanghai."""
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._confirmed(self._customer(1000), 100)
        hold = self._hold(order, 10, 7)
        day = self.today - timedelta(days=5)
        midnight = datetime.combine(day, time.min, ZoneInfo("Asia/Shanghai"))
        begin = midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
        for first, last, hours in ((2, 3, 1), (-3, 1, 1), (-3, 0, 0)):
            self.env.cr.execute(
                "UPDATE credit_hold SET create_date = %s, released_date = %s WHERE id = %s",
                (begin + timedelta(hours=first), begin + timedelta(hours=last), hold.id),
            )
            found = self.outlook._held_days([order.id], {order.id: day})
            self.assertAlmostEqual(found.get(order.id, 0), hours / 24, 6)

    def test_risky_orders(self):
        """Customers who are late with paying, and over their limit, are told apart; who is neither
        has no risk, nor where credit isn't controlled."""
        good, late, over = (
            self._customer(1000, name=name) for name in ("好客户", "逾期客户", "超额客户")
        )
        orders = [self._confirmed(partner, 100) for partner in (good, late, over)]
        self._bill(late, 500, days_late=60)
        self._account(over).limit_amount = 10
        found = self.outlook._risky_orders([order.id for order in orders])
        self.assertNotIn(orders[0].id, found)
        self.assertIn("late with paying", str(found[orders[1].id][0]._source))
        self.assertIn("over the credit limit", str(found[orders[2].id][0]._source))
        self.company.credit_control = "off"
        self.env.flush_all()
        self.assertFalse(self.outlook._risky_orders([order.id for order in orders]))
