import logging

from psycopg2 import errors

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: Lines of one transaction: what a crash can cost, and what stays in memory.
CHUNK = 25
ATTEMPTS = 5


class SupplyRelease(models.Model):
    """The release of many plan lines: one transaction a chunk, watched from the screen, finished by
    the server when nobody watches. Whatever stops it, the next chunk goes on behind the last one.
    """

    _name = "supply.release"
    _description = "Release of Plan Lines"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", "Started By", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [("running", "Running"), ("done", "Done"), ("failed", "Failed")],
        "Status",
        required=True,
        default="running",
        readonly=True,
    )
    line_ids = fields.One2many("supply.release.line", "release_id", "Lines", readonly=True)
    total = fields.Integer("Lines to Release", compute="_compute_progress")
    done = fields.Integer("Released", compute="_compute_progress")
    failed = fields.Integer("Not Released", compute="_compute_progress")
    progress = fields.Float("Progress", compute="_compute_progress", help="Percent of the lines.")
    finished_on = fields.Datetime("Finished", readonly=True)

    _running_idx = models.Index("(id) WHERE state = 'running'")

    # -- computes -------------------------------------------------------------------------------

    @api.depends("line_ids.state")
    def _compute_progress(self):
        counts = {(release.id, state): number for release, state, number in self._line_counts()}
        for release in self:
            done, failed, left = (
                counts.get((release.id, state), 0) for state in ("done", "failed", "todo")
            )
            release.total = done + failed + left
            release.done = done
            release.failed = failed
            release.progress = 100.0 * (done + failed) / release.total if release.total else 0.0

    def _line_counts(self):
        return self.env["supply.release.line"]._read_group(
            [("release_id", "in", self.ids)], ["release_id", "state"], ["__count"]
        )

    # -- actions --------------------------------------------------------------------------------

    def action_next(self):
        """Release the next chunk; called again and again until ``state`` isn't ``running``.

        :return: ``{"state", "total", "done", "failed", "busy"}``; busy: somebody else is at it,
            nothing was done by this call
        :raise AccessError: somebody else started the release
        """
        self.ensure_one()
        self._check_may_drive()
        release = self.sudo()
        busy = not release._take() or not release._release_chunk()
        # what another process has finished meanwhile is for the next call to see
        values = release.read(["state", "total", "done", "failed"])[0]
        return {key: values[key] for key in ("state", "total", "done", "failed")} | {
            "busy": busy and values["state"] == "running"
        }

    def action_show_progress(self):
        """Watch a release that runs, and drive it."""
        self.ensure_one()
        self._check_may_drive()
        return self._progress_action()

    def action_view_lines(self):
        """The plan lines of this release."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "supply.plan.line",
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.plan_line_id.ids)],
        }

    # -- start ----------------------------------------------------------------------------------

    @api.model
    def _start(self, lines):
        """A release of these plan lines in the user's name; the caller has checked his rights."""
        if len(lines.company_id) > 1:
            raise UserError(self.env._("Release the lines of one company at a time."))
        commands = [
            Command.create(
                {
                    "plan_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": line.quantity,
                    "batch": number,
                }
            )
            for number, batch in enumerate(lines.sudo()._release_batches(CHUNK))
            for line in batch
        ]
        release = self.sudo().create(
            {
                "name": self.env["ir.sequence"].sudo().next_by_code(self._name),
                "user_id": self.env.uid,
                "company_id": lines.company_id.id,
                "line_ids": commands,
            }
        )
        self.env.ref("inventory_link.supply_release_cron").sudo()._trigger()
        return release.sudo(False)

    def _progress_action(self):
        release = self.sudo()
        return {
            "type": "ir.actions.client",
            "tag": "supply_release_progress",
            "name": self.env._("Release"),
            "target": "new",
            "params": {
                "release_id": release.id,
                "total": release.total,
                "done": release.done,
                "failed": release.failed,
            },
        }

    # -- work -----------------------------------------------------------------------------------

    def _check_may_drive(self):
        self.check_access("read")
        if not self.env.su and self.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "%(user)s started this release. It goes on by itself; start one of your own"
                    " for other lines.",
                    user=self.sudo().user_id.display_name,
                )
            )

    def _take(self):
        """Whether this transaction may work on the release: one process at a time."""
        self.env.cr.execute(
            SQL(
                "SELECT 1 FROM supply_release WHERE id = %s AND state = 'running'"
                " FOR UPDATE SKIP LOCKED",
                self.id,
            )
        )
        return bool(self.env.cr.fetchone())

    def _release_chunk(self):
        """Release the first batch of which a line is free. False when all are held by others."""
        todo = self.env["supply.release.line"].search(
            [("release_id", "=", self.id), ("state", "=", "todo")], order="batch, id"
        )
        taken = todo.browse()
        for rows in todo.grouped("batch").values():
            taken = rows._take()
            if taken:
                taken._release()
                break
        if taken == todo:
            self._finish()
        return bool(taken or not todo)

    def _finish(self):
        state = "done" if "done" in self.line_ids.mapped("state") else "failed"
        self.write({"state": state, "finished_on": fields.Datetime.now()})

    # -- the server goes on ---------------------------------------------------------------------

    @api.model
    def _cron_continue(self):
        """Finish what nobody drives: the browser was closed, or the server was started again."""
        for number in self.search([("state", "=", "running")], order="id").ids:
            while True:
                left, seconds = self._cron_chunk(number)
                if not left:
                    break
                if not seconds:
                    return

    def _cron_chunk(self, number):
        """One chunk in a transaction of its own: ``(go on with this release, seconds left)``."""
        cron = self.env["ir.cron"]
        for _attempt in range(ATTEMPTS):
            try:
                release = self.browse(number).exists()
                moved = release and release._take() and release._release_chunk()
                count = len(release.line_ids.filtered(lambda line: line.state == "todo"))
                # what others hold is left to them, and to the next run of this job
                seconds = cron._commit_progress(1 if moved else 0, remaining=count if moved else 0)
                return bool(moved and count), seconds
            except (errors.SerializationFailure, errors.LockNotAvailable, errors.DeadlockDetected):
                self.env.cr.rollback()
        _logger.warning("Release %s is being changed by others; it is tried again later", number)
        return False, cron._commit_progress(0, remaining=0)
