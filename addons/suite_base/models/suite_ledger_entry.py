from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools import ledger_chain, ledger_sql
from ..tools.distinct import recorded_values


class SuiteLedgerEntry(models.Model):
    """One fact that nobody can take back: a chain of entries a company, each sealed with the
    hash of the one before it.

    The database itself refuses to update, delete or truncate; :meth:`verify` finds what was
    changed by somebody who got around that. Write here what must be provable later (releases,
    limits, approvals), not what is merely interesting: appends of one company wait for each
    other.
    """

    _name = "suite.ledger.entry"
    _description = "Ledger Entry"
    _order = "company_id, sequence desc"
    _rec_name = "sequence"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    sequence = fields.Integer(required=True, readonly=True, aggregator=None)
    kind = fields.Selection(
        "_selection_kind", required=True, readonly=True, index=True, validate=False
    )
    payload = fields.Text(required=True, readonly=True)
    previous_hash = fields.Char(required=True, readonly=True)
    hash = fields.Char("Hash (SHA-256)", required=True, readonly=True)
    create_date = fields.Datetime("Recorded On", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    summary = fields.Char("Content", compute="_compute_payload_text")
    payload_text = fields.Text("Full Content", compute="_compute_payload_text")

    _company_sequence_uniq = models.UniqueIndex("(company_id, sequence)")

    def init(self):
        """Let the database refuse every change (also after an upgrade of the addon)."""
        ledger_sql.protect_entries(self.env.cr)

    @api.depends("payload")
    def _compute_payload_text(self):
        for entry in self:
            entry.payload_text = ledger_chain.readable(entry.payload)
            entry.summary = ledger_chain.summary(entry.payload)

    # ------------------------------------------------------------------ CRUD

    @api.model_create_multi
    def create(self, vals_list):
        raise AccessError(self.env._("The ledger is written by the rules alone."))

    def write(self, vals):
        raise AccessError(self.env._("A ledger entry can't be changed."))

    def unlink(self):
        raise AccessError(self.env._("A ledger entry can't be deleted."))

    # ------------------------------------------------------------------ actions

    def action_export(self):
        """Download the ledgers of the active companies for ``scripts/verify-ledger``."""
        self._check_auditor()
        companies = ",".join(map(str, self.env.companies.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/suite_base/ledger?companies={companies}",
            "target": "download",
        }

    @api.model
    def action_verify(self):
        """Check the ledgers of the active companies and tell the result on the screen."""
        result = self.verify()
        if result["ok"]:
            message = self.env._(
                "The ledger is complete and unchanged: %(count)s entries checked.",
                count=result["entries"],
            )
        else:
            broken = self.browse(result["first_broken"]).exists()
            message = self.env._(
                "The ledger has been tampered with. First broken place: entry %(sequence)s.",
                sequence=broken.sequence or self.env._("(missing)"),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if result["ok"] else "danger",
                "message": message,
                "sticky": not result["ok"],
            },
        }

    # ------------------------------------------------------------------ business

    @api.model
    def _selection_kind(self):
        labels = self.env["suite.decision"]._kind_labels()
        codes = recorded_values(self, "kind")
        return [(code, labels.get(code, code)) for code in codes]

    def _check_auditor(self):
        if not self.env.su and not self.env.user.has_group("suite_base.group_suite_auditor"):
            raise AccessError(self.env._("Only auditors and administrators may do this."))

    def _ledger_companies(self):
        """All companies for the system itself, the active ones for a person."""
        if not self.env.su:
            return self.env.companies
        ids = {*recorded_values(self, "company_id")}
        ids.update(recorded_values(self.env["suite.ledger.head"], "company_id"))
        return self.env["res.company"].browse(sorted(ids))

    @api.model
    @api.readonly
    def verify(self):
        """Recompute the chains of the active companies (superuser code: of all companies).

        Finds a changed entry, a removed or inserted one, a gap in the numbers and entries cut
        off at the end.

        :return: ``{"ok": bool, "entries": entries checked, "first_broken": id or False}``;
            for a cut end ``first_broken`` is the last entry that is left, False if none is
        :raise AccessError: for others than auditors and administrators
        """
        self._check_auditor()
        self.flush_model()
        entries, broken = 0, None
        for company in self._ledger_companies():
            rows = ledger_sql.entries(self.env, company.id)
            head = ledger_sql.head(self.env, company.id)
            count, first_broken = ledger_chain.check(company.id, rows, head)
            entries += count
            broken = first_broken if broken is None else broken
        return {"ok": broken is None, "entries": entries, "first_broken": broken or False}

    @api.model
    @api.readonly
    def export(self):
        """The ledgers of the active companies as JSON lines: a heading, then an entry a line.

        Everything needed to check them without this system is in it.

        :raise AccessError: for others than auditors and administrators
        """
        self._check_auditor()
        self.flush_model()
        chains, lines = [], []
        for company in self._ledger_companies():
            sequence, last_hash = ledger_sql.head(self.env, company.id) or (0, ledger_chain.GENESIS)
            chains.append(
                {
                    "company": company.id,
                    "name": company.name,
                    "sequence": sequence,
                    "hash": last_hash,
                }
            )
            lines += (
                ledger_chain.export_line(company.id, row)
                for row in ledger_sql.entries(self.env, company.id)
            )
        heading = ledger_chain.export_heading(chains)
        return "".join(f"{line}\n" for line in [heading, *lines])

    @api.model
    def _append(self, kind, payload, company):
        """Append a fact to the ledger of ``company``; it can't be taken back.

        When another transaction appends to the same ledger meanwhile, the database raises a
        serialization error and the framework runs the whole request again.

        :param str kind: what happened, e.g. ``credit.release``
        :param dict payload: JSON values, dates and decimals
        :param company: ``res.company`` record
        :return: the new entry
        :raise ValueError: the payload can't be written as JSON
        """
        company.ensure_one()
        moment = datetime.now(UTC)
        user = self.env.user.sudo()
        text = ledger_chain.canonical(
            {
                "at": moment.strftime(ledger_chain.MOMENT_FORMAT),
                "by": {"id": user.id, "login": user.login, "name": user.name},
                "data": payload,
            }
        )
        sequence, previous_hash = ledger_sql.lock_head(self.env, company.id)
        values = {
            "company_id": company.id,
            "sequence": sequence + 1,
            "kind": kind,
            "payload": text,
            "previous_hash": previous_hash,
            "create_date": moment.replace(tzinfo=None, microsecond=0),
            "user_id": user.id,
        }
        values["hash"] = ledger_chain.entry_hash(
            company.id, sequence + 1, kind, text, previous_hash
        )
        return self.browse(ledger_sql.append(self.env, values))
