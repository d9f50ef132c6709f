"""Opening stock: what the table says is there today, plus what past orders have taken."""

from collections import Counter

from odoo.tools import SQL

from .orders import PAST_DELIVERED


def make_opening_stock(demo):
    """Count the stock in, thirteen months ago."""
    if demo.ref("opening_stock"):
        return
    taken = Counter()
    for row in demo.table("order"):
        if row["phase"] in PAST_DELIVERED:
            for part in row["lines"].split(";"):
                code, quantity = part.split(":")
                taken[code] += float(quantity)
    location = (
        demo.env["stock.warehouse"]
        .search([("company_id", "=", demo.company.id)], limit=1)
        .lot_stock_id
    )
    counted = [
        (row["code"], float(row["stock"]) + taken[row["code"]]) for row in demo.table("product")
    ]
    quants = (
        demo.env["stock.quant"]
        .with_context(inventory_mode=True)
        .create(
            [
                {
                    "product_id": demo.product(code).id,
                    "location_id": location.id,
                    "inventory_quantity": quantity,
                }
                for code, quantity in counted
                if quantity
            ]
        )
    )
    quants.action_apply_inventory()
    demo.remember([("opening_stock", quants[:1])])
    moves = demo.env["stock.move"].search(
        [("is_inventory", "=", True), ("company_id", "=", demo.company.id)]
    )
    demo.backdate(moves, -400, "date")
    demo.backdate(moves.move_line_ids, -400, "date")
    demo.env.cr.execute(
        SQL("UPDATE stock_quant SET in_date = %s WHERE id = ANY(%s)", demo.moment(-400), quants.ids)
    )
    quants.invalidate_recordset(["in_date"], flush=False)
