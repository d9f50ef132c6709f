from odoo.tests import tagged

from .common import SupplyCase

ADDONS = {"suite_base", "inventory_link", "production_order", "credit_risk", "crm_ext"}
#: What customers may read of what our addons add to documents that they may read.
READABLE = {
    "sale.order": {
        "company_currency_id",
        "delivery_possible_date",
        "delivery_promised_date",
        "is_being_checked",
        "milestones_protected",
        "payment_milestone_ids",
        "production_ids",
        "promise_differs",
        "promise_latest",
        "reservation_allowed",
        "reserved_until",
        "supply_pegged",
        "supply_production_count",
    },
    "sale.order.line": {
        "company_currency_id",
        "promise_date",
        "promise_late_days",
        "promise_told_date",
        "promised_date",
        "reserved_on",
        "reserved_quantity",
        "reserved_until",
        "supply_pegged",
    },
    "stock.picking": set(),
    "account.move": {"credit_message", "credit_state", "credit_warned"},
}


@tagged("post_install", "-at_install")
class TestQuotingPortalFields(SupplyCase):
    """What stands behind a promise is no business of the customer's, by RPC either."""

    def test_fields_that_customers_read(self):
        """Of all fields that our addons add to documents of customers: the days and reservations
        of their own orders; no reasons, risks, costs, vendors or credit figures."""
        buyer = self.make_user("fields_buyer", "base.group_portal")
        for name, readable in READABLE.items():
            model = self.env[name].with_user(buyer)
            found = {
                field.name
                for field in model._fields.values()
                if set(field._modules) <= ADDONS
                and field._modules
                and model._has_field_access(field, "read")
            }
            self.assertEqual(found, readable & model._fields.keys(), name)

    def test_week_calendar_names(self):
        """The calendar's names tell customers no more than their own transfer's number."""
        order = self.sell(self.make_product("箱", stock=3), 2, 3)
        picking = order.picking_ids
        buyer = self.make_user("fields_buyer", "base.group_portal")
        buyer.partner_id.parent_id = self.customer
        names = picking.with_context(supply_calendar=True)
        self.assertIn("客户甲", names.display_name)
        self.assertEqual(names.with_user(buyer).sudo().display_name, picking.name)
