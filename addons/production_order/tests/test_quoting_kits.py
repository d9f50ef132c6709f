from odoo.tests import tagged

from .common import ProductionCase


@tagged("post_install", "-at_install")
class TestQuotingKits(ProductionCase):
    """Quotations of kits reserve what the plan keeps: their components."""

    def test_kit_counts_by_its_components(self):
        """A kit that isn't planned itself is reserved when a component is: 3 of 8 stay free. One
        without planned components isn't."""
        self.company.supply_reservation_days = 5
        part = self.make_product("零件", stock=8)
        loose = self.make_product("散件", stock=8)
        loose.supply_mode = "rules"
        orders = self.env["sale.order"]
        for name, component in (("套件", part), ("散套", loose)):
            kit = self.make_product(name)
            kit.write({"supply_mode": "rules", "is_storable": False})
            self.bom(kit, 0, (component, 1), kind="phantom")
            orders |= self.quote(kit, 5, validity_date=False)
        self.assertEqual([bool(order._reservable_lines()) for order in orders], [True, False])
        orders[0].action_reserve_promises()
        self.assertEqual(self.quote(part, 3).get_promises()[0]["date"], self.today)
        self.assertFalse(self.quote(part, 4).get_promises()[0]["date"])
