from odoo import fields, http
from odoo.http import content_disposition, request


class LedgerController(http.Controller):
    """Download of the ledger."""

    @http.route("/suite_base/ledger", type="http", auth="user", readonly=True)
    def ledger(self, companies=""):
        """The ledgers of the given companies (comma list of ids, all must be the user's own)
        as JSON lines; the ledger itself checks who may."""
        allowed = request.env.user.company_ids
        wanted = [int(part) for part in companies.split(",") if part.strip().isdecimal()]
        chosen = allowed.filtered(lambda company: company.id in wanted) or request.env.company
        ledger = request.env["suite.ledger.entry"].with_context(allowed_company_ids=chosen.ids)
        day = fields.Date.context_today(ledger)
        return request.make_response(
            ledger.export(),
            headers=[
                ("Content-Type", "application/x-ndjson; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"ledger-{day}.jsonl")),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
