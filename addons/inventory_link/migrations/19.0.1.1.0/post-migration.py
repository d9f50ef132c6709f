"""Scheduled actions keep what their owner changed, so an update of the addon leaves them alone.
Here they change their meaning: the queue's worker, and the hourly look for a new day."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    full = env.ref("inventory_link.supply_planner_cron_full", raise_if_not_found=False)
    if full:
        full.write(
            {
                "name": "Supply planning: all products, when a day begins",
                "code": "model._cron_run()",
                "interval_number": 1,
                "interval_type": "hours",
                "nextcall": cr.now().replace(microsecond=0),
            }
        )
    changes = env.ref("inventory_link.supply_planner_cron_changes", raise_if_not_found=False)
    if changes:
        changes.write(
            {
                "code": "model._cron_changes()",
                "interval_number": 5,
                "interval_type": "minutes",
                "priority": 0,
            }
        )
    for name in ("full", "changes"):
        job = env.ref(f"inventory_link.supply_planner_cron_{name}", raise_if_not_found=False)
        if job:
            job.group_ids = env.ref("base.group_system")
    # lines that the plan works around keep their value; the next run writes that of all others
    cr.execute(
        "UPDATE supply_plan_line SET amount_company = quantity * price_unit"
        " WHERE amount_company IS NULL"
    )
    cr.execute("UPDATE supply_plan_line SET wanted_date = due_date WHERE wanted_date IS NULL")
    # what the old action would have found is planned by the first run of the queue
    companies = env["res.company"].search([("supply_planning", "=", True)])
    env["supply.change"]._enqueue_all(companies, reason="update")
