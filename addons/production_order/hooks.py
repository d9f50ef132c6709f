"""Uninstalling gives back the rights that the addon takes from production users."""

from odoo.addons.inventory_link.tools.fields import drop_triggers

# Odoo lets production users write on sales orders; with us they read them.
SALES_ACCESS_ROWS = (
    "sale_mrp.access_sale_order_manufacturing_user",
    "sale_mrp.access_sale_order_line_manufacturing_user",
)


def uninstall_hook(env):
    """Restore Odoo's own access rows; its tables keep no trigger of ours."""
    for table in ("mrp_production", "mrp_bom"):
        drop_triggers(env.cr, table)
    for name in SALES_ACCESS_ROWS:
        row = env.ref(name, raise_if_not_found=False)
        if row:
            row.perm_write = True
