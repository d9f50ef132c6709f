"""Odoo's own jobs that call the publisher: paused while the addon is installed."""

PAUSED_KEY = "suite_base.paused_cron_ids"
PINGS = ("mail.ir_cron_module_update_notification",)


def pause_update_pings(env):
    """Deactivate the jobs that are active, and remember them."""
    crons = env["ir.cron"].sudo().browse()
    for xmlid in PINGS:
        crons |= env.ref(xmlid, raise_if_not_found=False) or crons
    active = crons.filtered("active")
    active.active = False
    env["ir.config_parameter"].sudo().set_param(PAUSED_KEY, ",".join(map(str, active.ids)))


def resume_update_pings(env):
    """Activate what :func:`pause_update_pings` has deactivated, and nothing else."""
    ids = env["ir.config_parameter"].sudo().get_param(PAUSED_KEY) or ""
    crons = env["ir.cron"].sudo().with_context(active_test=False)
    crons.browse(int(part) for part in ids.split(",") if part).exists().active = True
