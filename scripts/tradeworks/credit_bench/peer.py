"""Stock Odoo and OCA's financial risk on the same world, without our addons.

Everything here runs inside Odoo. The limit is Odoo's own field, which OCA uses as well.
"""

from ..planning_bench.meter import Meter, load_average
from . import world


def build(env, sizes):
    """The world; each customer has the same limit and, with OCA, counts everything."""
    made = world.build(env, sizes)
    company = env.company
    if "account_use_credit_limit" in company._fields:
        company.account_use_credit_limit = True
    partners = _customers(env, made)
    partners.write({"use_partner_credit_limit": True, "credit_limit": sizes["limit"]})
    flags = [
        name for name in partners._fields if name.startswith("risk_") and name.endswith("_include")
    ]
    if flags:
        partners.write(dict.fromkeys(flags, True))
    env.flush_all()
    if flags:  # the stored amount of each order line, which copies don't have
        lines = env["sale.order.line"].search([])
        env.add_to_compute(lines._fields["risk_amount"], lines)
        env.flush_all()
    env.cr.commit()
    world.analyze(env)
    world.remember(env, made)
    return made


def _customers(env, made):
    first = made["partner"]
    return env["res.partner"].browse(range(first, first + made["customers"]))


def oca(env):
    """OCA's own search for customers over their limit, and 80 rows of its total."""
    made = world.remembered(env)
    env.invalidate_all()
    with Meter(env) as cost:
        found = env["res.partner"].search([("risk_exception", "=", True)])
    return {"search": cost.result | {"found": len(found)}} | _page(env, made, ("risk_total",))


def stock(env):
    """Stock Odoo has no such search: its figure of every customer, compared in Python."""
    made = world.remembered(env)
    env.invalidate_all()
    with Meter(env) as cost:
        partners = env["res.partner"].search([("credit_limit", ">", 0)])
        found = partners.filtered(lambda rec: rec.credit + rec.credit_to_invoice > rec.credit_limit)
    return {"search": cost.result | {"found": len(found)}} | _page(
        env, made, ("credit", "credit_to_invoice")
    )


def _page(env, made, names):
    partners = _customers(env, made)[:80]
    env.invalidate_all()
    with Meter(env) as cost:
        partners.web_read({name: {} for name in ("display_name", *names)})
    return {"list_80": cost.result, "load": load_average()}
