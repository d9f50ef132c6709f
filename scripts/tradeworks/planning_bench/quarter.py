"""AdventureWorks, a quarter of its orders, planned afresh. Runs inside Odoo."""

from tradeworks.adventureworks import confirm as loaded
from tradeworks.adventureworks.session import Session

from .measure import full as full_run


def confirm(env):
    """Confirm every loaded quotation with planning and credit off, then switch planning on and
    forget what the loading planned."""
    session = Session(env)
    session.company.write({"supply_planning": False, "credit_control": "off"})
    session.commit()
    result = loaded.confirm(session)
    session.company.supply_planning = True
    env.cr.execute("DELETE FROM supply_plan_line WHERE state = 'proposed'")
    env.cr.execute("DELETE FROM supply_peg")
    env.cr.execute("DELETE FROM supply_message")
    session.commit()
    return {
        "orders": result["asked"],
        "seconds": result["seconds"],
        "refused": len(result["refused"]),
        "order_lines": env["sale.order.line"].search_count(
            [("company_id", "=", session.company.id), ("state", "=", "sale")]
        ),
    }


def full(env):
    """A full run of the loaded company."""
    return full_run(env, repeat=3)
