from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SupplyCase


@tagged("post_install", "-at_install")
class TestBulkApprove(SupplyCase):
    """Many lines are approved at once; what needs a look is shown, what is refused is told."""

    def setUp(self):
        super().setUp()
        self.user = self.make_user("supply_bulk", "inventory_link.group_supply_planner")
        self.company.supply_approval_amount = 100
        self.good = self.proposal("Good", lead=3, quantity=5)
        self.dear = self.proposal("Dear", lead=3, quantity=500)
        self.late = self.proposal("Late", lead=9, quantity=5, due=4)
        self.lost = self.proposal("Lost", lead=None, quantity=5)
        self.all = self.good | self.dear | self.late | self.lost

    def proposal(self, name, lead, quantity, due=30):
        product = self.make_product(name, lead=lead)
        self.sell(product, quantity, due)
        return self.lines(product)

    def open_wizard(self, lines, method="action_approve_many"):
        action = getattr(lines.with_user(self.user), method)()
        self.assertEqual(action.get("res_model"), "supply.plan.approve")
        return self.env["supply.plan.approve"].with_user(self.user).browse(action["res_id"])

    def states(self):
        return [line.state for line in (self.good, self.dear, self.late, self.lost)]

    def test_nothing_to_look_at(self):
        """Without remarks there is no dialog: approved, and told."""
        result = self.good.with_user(self.user).action_approve_many()
        self.assertEqual(result["tag"], "display_notification")
        self.assertEqual(result["params"]["message"], "1 approved.")
        self.assertEqual(self.good.state, "approved")

    def test_mix(self):
        """One good, one above the limit, one late, one without a vendor: three to look at; the
        late one is taken by default, the dear one can't be."""
        wizard = self.open_wizard(self.all)
        self.assertEqual((wizard.clear_count, wizard.chosen_count), (1, 2))
        rows = {row.line_id: row for row in wizard.attention_ids}
        self.assertEqual(
            {line: (row.blocked, row.chosen) for line, row in rows.items()},
            {self.dear: (True, False), self.late: (False, True), self.lost: (False, False)},
        )
        result = wizard.action_approve()
        self.assertEqual(result["params"]["message"], "2 approved.")
        self.assertEqual(self.states(), ["approved", "proposed", "approved", "proposed"])

    def test_a_tick_by_hand_passes_no_limit(self):
        """Ticking the line above the limit approves it not: refused, with the reason."""
        wizard = self.open_wizard(self.all)
        wizard.attention_ids.write({"chosen": True, "blocked": False})
        result = wizard.action_approve()
        lines = result["params"]["message"].split("\n")
        self.assertEqual(lines[:2], ["3 approved.", "1 refused:"])
        self.assertIn("Dear", lines[2])
        self.assertEqual(self.dear.state, "proposed")

    def test_manager_passes_the_limit(self):
        """A planning manager is asked about late lines and vendors, not about the limit."""
        manager = self.make_user("supply_bulk_boss", "inventory_link.group_supply_manager")
        result = (self.good | self.dear).with_user(manager).action_approve_many()
        self.assertEqual(result["params"]["message"], "2 approved.")

    def test_approve_and_release(self):
        """In one go: what can't be released is left as it was."""
        wizard = self.open_wizard(self.all, "action_approve_and_release")
        wizard.attention_ids.write({"chosen": True})
        result = wizard.action_approve()
        self.assertEqual(result["params"]["message"].split("\n")[0], "2 approved and released.")
        self.assertEqual(self.states(), ["released", "proposed", "released", "proposed"])
        self.assertTrue(self.good.purchase_order_id)
        self.assertUnchanged()

    def test_rights(self):
        """The warehouse may approve and not release; salespeople and others neither."""
        stock = self.make_user("supply_bulk_stock", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.good.with_user(stock).action_approve_and_release()
        self.good.with_user(stock).action_approve_many()
        self.assertEqual(self.good.state, "approved")
        salesman = self.make_user("supply_bulk_sale", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.late.with_user(salesman).action_approve_many()
        company = self.env["res.company"].create({"name": "别家", "supply_planning": True})
        stranger = self.make_user("supply_bulk_other", "inventory_link.group_supply_planner")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        with self.assertRaises(AccessError):
            self.late.with_user(stranger).with_context(
                allowed_company_ids=company.ids
            ).action_approve_many()

    def test_search_and_groups(self):
        """Above the limit is a filter; urgency groups and is counted without being stored."""
        mine = [("company_id", "=", self.company.id)]
        lines = self.env["supply.plan.line"]
        self.assertEqual(lines.search([*mine, ("above_limit", "=", True)]), self.dear)
        groups = lines._read_group(mine, ["urgency"], ["__count"])
        self.assertEqual(dict(groups), {"planned": 2, "late": 1, "no_date": 1})
        self.assertEqual(
            [line.urgency for line in (self.good, self.late, self.lost)],
            ["planned", "late", "no_date"],
        )
