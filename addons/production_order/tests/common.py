from odoo import Command

from odoo.addons.inventory_link.tests.common import SupplyCase


class ProductionCase(SupplyCase):
    """:class:`SupplyCase` with bills of materials."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("mrp.group_mrp_user")

    @classmethod
    def bom(cls, product, lead, *components, kind="normal", quantity=1.0, **values):
        """A bill: ``bom(fg, 3, (sa, 2), (rm, 1))``."""
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": quantity,
                "type": kind,
                "produce_delay": lead,
                "company_id": cls.company.id,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": amount})
                    for part, amount in components
                ],
                **values,
            }
        )

    @classmethod
    def production(cls, product, quantity, due, confirm=True):
        """An open production order made by hand that ends on a day."""
        bill = cls.env["mrp.bom"]._bom_find(product, company_id=cls.company.id)[product]
        production = cls.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "bom_id": bill.id,
                "company_id": cls.company.id,
                "picking_type_id": cls.warehouse.manu_type_id.id,
                "date_start": cls.noon(due - bill.produce_delay),
            }
        )
        if confirm:
            production.action_confirm()
        return production

    def release(self, *products):
        """Approve and release everything open of these products, top level first."""
        for product in products:
            lines = self.lines(product)
            lines.action_approve()
            lines.action_release()
