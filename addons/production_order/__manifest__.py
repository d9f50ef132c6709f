{
    "name": "Tradeworks Production",
    "summary": "From confirmed orders to production orders over all levels, with readiness",
    "version": "19.0.1.0.0",
    "author": "Tradeworks",
    "license": "LGPL-3",
    "category": "Supply Chain/Manufacturing",
    "depends": ["inventory_link", "sale_mrp", "mrp_account", "purchase_mrp"],
    "data": [
        "security/production_order_groups.xml",
        "security/ir.model.access.csv",
        "views/supply_plan_line_views.xml",
        "views/supply_message_views.xml",
        "views/supply_peg_views.xml",
        "views/mrp_production_views.xml",
        "views/sale_order_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
