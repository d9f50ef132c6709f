import logging

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class SupplyReleaseLine(models.Model):
    """One plan line of a release: waiting, released, or why not."""

    _name = "supply.release.line"
    _description = "Line of a Release"
    _order = "batch, id"
    _rec_name = "product_id"

    release_id = fields.Many2one(
        "supply.release", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="release_id.company_id")
    plan_line_id = fields.Many2one(
        "supply.plan.line", "Plan Line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    product_id = fields.Many2one("product.product", readonly=True, ondelete="cascade")
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    quantity = fields.Float(digits="Product Unit", readonly=True)
    batch = fields.Integer(readonly=True, help="Lines with the same number are made together.")
    state = fields.Selection(
        [("todo", "Waiting"), ("done", "Released"), ("failed", "Not Released")],
        "Status",
        required=True,
        default="todo",
        readonly=True,
    )
    error = fields.Text("Why Not", readonly=True)

    _todo_idx = models.Index("(release_id, batch) WHERE state = 'todo'")

    # -- business -------------------------------------------------------------------------------

    def _take(self):
        """Those whose plan line is free for this transaction, or gone."""
        self.invalidate_recordset(["plan_line_id"])
        free = self.plan_line_id._locked(skip=True)
        return self.filtered(lambda row: not row.plan_line_id or row.plan_line_id in free)

    def _release(self):
        """Make the documents of taken rows; what can't be made doesn't stop the others."""
        problems = self._problems()
        self._fail(problems)
        good = self.filtered(lambda row: row.id not in problems)
        good.write({"state": "done"})
        good = good.filtered(lambda row: row.plan_line_id.state != "released")
        if good and good._attempt():
            for row in good:  # one of them is to blame: find it, make the others
                error = row._attempt()
                if error:
                    row._fail({row.id: error})

    def _problems(self):
        """What is known to be wrong before anything is made: ``{row id: text}``."""
        lines = self._plan_lines()
        try:
            lines.sudo(False)._check_may_release()
        except UserError as error:
            return dict.fromkeys(self.ids, str(error))
        wrong = lines.filtered(lambda line: line.state != "released")._release_problems()
        # in the language of who started it: a background job has none
        gone = lines.env._("The line is gone: the plan doesn't want it any more.")
        return {
            row.id: wrong[row.plan_line_id.id] if row.plan_line_id else gone
            for row in self
            if not row.plan_line_id or row.plan_line_id.id in wrong
        }

    def _plan_lines(self):
        """The plan lines in the name of who started the release, in his company."""
        release = self.release_id
        return (
            self.plan_line_id.with_user(release.user_id)
            .with_context(allowed_company_ids=release.company_id.ids, lang=release.user_id.lang)
            .sudo()
        )

    def _attempt(self):
        """Release the rows together or not at all; the reason when it didn't work."""
        try:
            with self.env.cr.savepoint():
                self._plan_lines()._release()
        except OperationalError:
            raise  # the transaction is repeated on fresh data, or the connection is lost
        except UserError as error:
            return str(error)
        except Exception:
            _logger.exception("Plan lines %s can't be released", self.plan_line_id.ids)
            return self._plan_lines().env._(
                "Something unexpected happened. Try again; if it stays, tell the administrator: the"
                " server's log has the details."
            )
        return ""

    def _fail(self, problems):
        for row in self.filtered(lambda row: row.id in problems):
            row.write({"state": "failed", "error": problems[row.id]})
