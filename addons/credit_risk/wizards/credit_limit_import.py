import base64
import csv
import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.limit_sheet import SheetError, empty_workbook, read_table, text


class CreditLimitImport(models.TransientModel):
    """Takes the limits of many customers from a spreadsheet: shows them first, then writes all.

    Nothing is written while a row is wrong, unless the user leaves the wrong rows out. Rows that
    need an approval become requests.
    """

    _name = "credit.limit.import"
    _description = "Import Credit Limits"

    template_file = fields.Binary("Empty Spreadsheet", compute="_compute_template")
    template_file_name = fields.Char(compute="_compute_template")
    file = fields.Binary("Spreadsheet", attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        help="For rows that name none.",
    )
    reason = fields.Char(help="For rows that give none; kept in the ledger.")
    skip_wrong = fields.Boolean("Leave Out Wrong Rows")
    state = fields.Selection(
        [("upload", "Upload"), ("preview", "Preview"), ("done", "Done")],
        default="upload",
        required=True,
        readonly=True,
    )
    line_ids = fields.One2many("credit.limit.import.line", "import_id", "Rows", readonly=True)
    change_count = fields.Integer(compute="_compute_counts")
    request_count = fields.Integer(compute="_compute_counts")
    same_count = fields.Integer(compute="_compute_counts")
    error_count = fields.Integer(compute="_compute_counts")
    error_file = fields.Binary("Wrong Rows", readonly=True, attachment=False)
    error_file_name = fields.Char(readonly=True, default="wrong_rows.csv")

    @api.depends_context("lang")
    def _compute_template(self):
        headings = self.env["credit.limit.reader"]._headings().values()
        content = base64.b64encode(empty_workbook(list(headings)))
        for wizard in self:
            wizard.template_file = content
            wizard.template_file_name = self.env._("credit_limits.xlsx")

    @api.depends("line_ids.outcome")
    def _compute_counts(self):
        for wizard in self:
            outcomes = wizard.line_ids.mapped("outcome")
            for name in ("change", "request", "same", "error"):
                wizard[f"{name}_count"] = outcomes.count(name)

    # ------------------------------------------------------------------ actions

    def action_preview(self):
        """Read the file and show what each row would change. Writes no limit.

        :raise UserError: no file, or one that can't be read
        """
        self.ensure_one()
        self._check_right()
        if not self.file:
            raise UserError(self.env._("Choose a spreadsheet (.xlsx or .csv)."))
        try:
            headings = self.env["credit.limit.reader"]._headings()
            __, rows = read_table(base64.b64decode(self.file), self.file_name or "", headings)
        except SheetError as error:
            raise UserError(self._file_error(error)) from error
        if not rows:
            raise UserError(self.env._("The file has no rows below its headings."))
        self.line_ids.unlink()
        self.env["credit.limit.import.line"].create(self._prepare_lines(rows))
        self.state = "preview"
        self._make_error_file()
        return self._reopen()

    def action_apply(self):
        """Write the limits; all or nothing.

        :raise UserError: a row is wrong and isn't to be left out; the limits have changed since
            the preview
        """
        self.ensure_one()
        self._check_right()
        if self.state != "preview":
            raise UserError(self.env._("Look at the preview first."))
        if self.error_count and not self.skip_wrong:
            raise UserError(
                self.env._(
                    "%(count)s rows are wrong. Correct the file, or leave the wrong rows out.",
                    count=self.error_count,
                )
            )
        self._check_fresh()
        self._apply_changes(self.line_ids.filtered(lambda line: line.outcome == "change"))
        self._make_requests(self.line_ids.filtered(lambda line: line.outcome == "request"))
        self.state = "done"
        return self._reopen()

    def action_template(self):
        """Download an empty spreadsheet with the headings in the user's language."""
        self.ensure_one()
        self._check_right()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/template_file"
            f"?download=true&filename={self.template_file_name}",
            "target": "download",
        }

    # ------------------------------------------------------------------ business

    @api.model
    def _check_right(self):
        if not self.env.user.has_group("credit_risk.group_credit_manager"):
            raise AccessError(self.env._("Only credit managers may import limits."))

    def _file_error(self, error):
        messages = {
            "file": self.env._("The file can't be read. Save it as .xlsx or as .csv (UTF-8)."),
            "empty": self.env._("The file is empty."),
            "headings": self.env._("Two columns have the same heading."),
            "customer": self.env._(
                "No column names the customer. Use the headings of the template."
            ),
            "rows": self.env._("The file is too large: import at most 20,000 rows at once."),
        }
        return messages[error.code]

    def _prepare_lines(self, rows):
        """Values of the preview."""
        reader = self.env["credit.limit.reader"]
        return [
            values | {"import_id": self.id}
            for values in reader._read_rows(rows, self.company_id, self.reason or "")
        ]

    def _check_fresh(self):
        """:raise UserError: somebody has changed one of the limits since the preview"""
        lines = self.line_ids.filtered(lambda line: line.outcome in ("change", "request"))
        fresh = self._prepare_lines([(line.number, line.cells) for line in self.line_ids])
        outcomes = {values["number"]: values for values in fresh}
        for line in lines:
            now = outcomes[line.number]
            if (line.outcome, line.old_text) != (now["outcome"], now["old_text"]):
                raise UserError(
                    self.env._(
                        "The limit of %(customer)s has been changed since the preview. Look at "
                        "the preview again.",
                        customer=line.customer,
                    )
                )

    def _apply_changes(self, lines):
        accounts = self._accounts_of(lines).with_context(tracking_disable=True)
        by_pair = {(rec.partner_id.id, rec.company_id.id): rec for rec in accounts}
        changes = [
            (by_pair[line.partner_id.id, line.company_id.id], line.values, line.reason)
            for line in lines
        ]
        accounts._change_limits_together(changes)

    def _make_requests(self, lines):
        accounts = self._accounts_of(lines)
        by_pair = {(rec.partner_id.id, rec.company_id.id): rec for rec in accounts}
        requests = self.env["credit.limit.request"]
        for line in lines:
            account = by_pair[line.partner_id.id, line.company_id.id]
            wanted = {f"new_{name}": value for name, value in line.values.items()}
            rest = {name: wanted.pop(f"new_{name}", None) for name in ("rating", "policy_id")}
            wanted.pop("new_group_id", None)
            requests |= requests.create(
                wanted | {"account_id": account.id, "kind": "limit", "reason": line.reason}
            )
            rest = {name: value for name, value in rest.items() if value is not None}
            if rest:
                account.write(rest)
        requests.action_submit()

    def _accounts_of(self, lines):
        """The credit accounts of these rows, made where they are missing."""
        pairs = [(line.partner_id.id, line.company_id.id) for line in lines]
        made = self.env["credit.account"].sudo()._for_pairs(pairs)
        ids = sorted(account.id for account in made.values())
        return self.env["credit.account"].browse(ids)

    def _make_error_file(self):
        """The wrong rows as a CSV file with their problems, to be corrected and imported again."""
        wrong = self.line_ids.filtered(lambda line: line.outcome == "error")
        if not wrong:
            self.error_file = False
            return
        columns = dict.fromkeys(name for line in wrong for name in line.cells)
        headings = self.env["credit.limit.reader"]._headings()
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([*(headings[name] for name in columns), self.env._("Problem")])
        for line in wrong:
            cells = [_harmless(text(line.cells.get(name, ""))) for name in columns]
            writer.writerow([*cells, line.error])
        self.error_file = base64.b64encode(out.getvalue().encode("utf-8-sig"))

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "name": self.env._("Import Credit Limits"),
            "views": [(False, "form")],
            "target": "new",
        }


def _harmless(cell):
    """A text that a spreadsheet program doesn't take for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "@", "+") else cell
