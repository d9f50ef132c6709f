"""Worlds of open items and orders: one of each made by Odoo, then copied inside the database.

A copy is a row like its original but for what tells them apart, so that every query, ours, stock
Odoo's and OCA's, finds what it would find in a real company. Everything here runs inside Odoo.
"""

import json

from . import shape

# What a copied row must have of its own; %(n)s is its number.
PARTNER = {
    "name": "'World ' || n",
    "commercial_partner_id": "{id} + n",
    "complete_name": "'World ' || n",
}
TABLES = ("res_partner", "account_move", "account_move_line", "sale_order", "sale_order_line")


def build(env, world):
    """Write the world of the shape (a dict) and commit it.

    :return: ids of what others need: company, first partner, product
    """
    world = shape.Shape(**world)
    origin = _originals(env)
    env.flush_all()
    cr = env.cr
    keys = _without_keys(cr)
    partners = _clone(cr, "res_partner", origin["partner"], world.customers, PARTNER)
    columns = {"partner_id": f"{partners} + (n - 1) %% {world.customers}"}
    _entries(cr, origin, world, columns)
    _orders(cr, origin, world, columns)
    for statement in keys:
        cr.execute(statement)
    _fix_sequences(cr)
    env.cr.commit()
    analyze(env)
    return {
        "company": env.company.id,
        "partner": partners,
        "customers": world.customers,
        "product": origin["product"],
        "lines": _count(cr, "account_move_line"),
    }


def _originals(env):
    """One customer, posted invoice and confirmed order, made as anybody would."""
    company = env.company
    if not company.chart_template:
        env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
    partner = env["res.partner"].create({"name": "World 0", "is_company": True})
    product = env["product.product"].create(
        {"name": "World part", "type": "consu", "taxes_id": False, "invoice_policy": "order"}
    )
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_date": "2024-01-15",
            "invoice_line_ids": [
                (0, 0, {"product_id": product.id, "price_unit": 1.0, "tax_ids": False})
            ],
        }
    )
    invoice.action_post()
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [
                (0, 0, {"product_id": product.id, "price_unit": 100.0, "tax_ids": False})
            ],
        }
    )
    order.action_confirm()
    receivable = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
    return {
        "partner": partner.id,
        "product": product.id,
        "invoice": invoice.id,
        "item": receivable.id,
        "order": order.id,
        "order_line": order.order_line.id,
    }


def _entries(cr, origin, world, columns):
    """Posted entries with their open and their paid receivable items."""
    per = world.items_per_entry
    lines = world.lines + world.closed_lines
    partner = {"commercial_partner_id": columns["partner_id"], **columns}
    moves = _clone(
        cr,
        "account_move",
        origin["invoice"],
        -(-lines // per),
        {
            "name": "'WORLD/' || n",
            "sequence_number": "n",
            "payment_reference": "'WORLD/' || n",
            "access_token": "NULL",
            "partner_shipping_id": columns["partner_id"],
            **partner,
        },
    )
    entry_partner = (
        f"{columns['partner_id'].split(' + ')[0]} + ((n - 1) / {per}) %% {world.customers}"
    )
    is_open = f"n <= {world.lines}"
    value = "((hashint4(n::int) & 2147483647) %% 4999 + 1)::numeric"
    _clone(
        cr,
        "account_move_line",
        origin["item"],
        lines,
        {
            "move_id": f"{moves} + (n - 1) / {per}",
            "move_name": f"'WORLD/' || ((n - 1) / {per} + 1)",
            "partner_id": entry_partner,
            "debit": value,
            "balance": value,
            "amount_currency": value,
            "amount_residual": f"CASE WHEN {is_open} THEN {value} ELSE 0 END",
            "amount_residual_currency": f"CASE WHEN {is_open} THEN {value} ELSE 0 END",
            "reconciled": f"NOT ({is_open})",
            "date_maturity": "CURRENT_DATE + 30 - (n %% 60)::int",
        },
    )


def _orders(cr, origin, world, columns):
    """Confirmed orders of one line, nothing delivered or billed."""
    if not world.orders:
        return
    orders = _clone(
        cr,
        "sale_order",
        origin["order"],
        world.orders,
        {
            "name": "'WORLD' || n",
            "partner_invoice_id": columns["partner_id"],
            "partner_shipping_id": columns["partner_id"],
            "access_token": "NULL",
            "commercial_partner_id": columns["partner_id"],
            "procurement_group_id": "NULL",
            **columns,
        },
    )
    _clone(
        cr,
        "sale_order_line",
        origin["order_line"],
        world.orders,
        {"order_id": f"{orders} + n - 1", "order_partner_id": columns["partner_id"]},
    )


def _clone(cr, table, original, count, values):
    """Copy a row ``count`` times.

    :param values: SQL of columns that differ, of ``n``; those that the table lacks are left out
    :return: id of the first copy; the others follow without a gap
    """
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND table_schema = current_schema() AND is_generated = 'NEVER'"
        " AND column_name <> 'id'",
        [table],
    )
    names = [row[0] for row in cr.fetchall()]
    cr.execute(f'SELECT COALESCE(max(id), 0) + 1 FROM "{table}"')
    first = cr.fetchone()[0]
    used = {"id": f"{first} + n - 1"}
    for name in names:
        used[name] = values.get(name, f'o."{name}"').replace("{id}", str(first - 1))
    columns = ", ".join(f'"{name}"' for name in used)
    cr.execute(
        f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(used.values())}'
        f' FROM "{table}" o CROSS JOIN generate_series(1, %s) n WHERE o.id = %s',
        [count, original],
    )
    return first


def _without_keys(cr):
    """Take the foreign keys of the long tables away: they're checked at once, afterwards.

    :return: the statements that bring them back
    """
    cr.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [list(TABLES)],
    )
    keys = cr.fetchall()
    for table, name, _definition in keys:
        cr.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    return [f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}' for table, name, text in keys]


def _fix_sequences(cr):
    for table in TABLES:
        cr.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )


def analyze(env):
    """Statistics as after a night's autovacuum; outside of any transaction."""
    connection = env.cr._cnx
    connection.autocommit = True
    try:
        with connection.cursor() as cr:
            cr.execute("VACUUM ANALYZE")
    finally:
        connection.autocommit = False


def _count(cr, table):
    cr.execute(f"SELECT count(*) FROM {table}")
    return cr.fetchone()[0]


def remember(env, made):
    """Keep what was made for the next process."""
    env["ir.config_parameter"].set_param("tradeworks.bench", json.dumps(made))
    env.cr.commit()


def remembered(env):
    """What :func:`remember` has kept."""
    return json.loads(env["ir.config_parameter"].get_param("tradeworks.bench"))
