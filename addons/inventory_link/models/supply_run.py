from datetime import timedelta

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.tools.translate import LazyTranslate

from ..tools.recorder import COUNTS

_lt = LazyTranslate(__name__)
DRIFT_SHOWN = 20
KEPT_DAYS = 180


class SupplyRun(models.Model):
    """What a run changed in the plan of one warehouse, and the digest that told it."""

    _name = "supply.run"
    _inherit = ["mail.thread", "suite.decision.mixin"]
    _description = "Planning Run"
    _order = "id desc"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", related="warehouse_id.company_id", store=True, index=True
    )
    kind = fields.Selection(
        [
            ("night", "Nightly run"),
            ("user", "Started by a person"),
            ("queue", "After events"),
            ("action", "By a user's action"),
        ],
        "Trigger",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    inserted = fields.Integer("New Lines", readonly=True)
    updated = fields.Integer("Changed Lines", readonly=True)
    deleted = fields.Integer("Removed Lines", readonly=True)
    messages = fields.Integer("Plan Messages", readonly=True)
    late = fields.Integer(
        "Late Lines", readonly=True, help="New and changed lines that can't be there in time."
    )
    seconds = fields.Float(readonly=True)
    statements = fields.Integer("SQL Statements", readonly=True)
    check_result = fields.Selection(
        [
            ("equal", "No drift"),
            ("drift", "Drift, repaired"),
            ("skipped", "Not comparable"),
        ],
        "Nightly Check",
        readonly=True,
        help="The stored plan against a full run as of the same day. Not comparable: the plan held"
        " parts of two days, or was new.",
    )
    drift = fields.Integer("Products That Drifted", readonly=True)
    drift_product_ids = fields.Many2many(
        "product.product", string="Drifted", readonly=True, help="The first twenty."
    )
    line_numbers = fields.Json(readonly=True)
    told_on = fields.Datetime("Told On", readonly=True, index=True)

    @api.depends("warehouse_id", "create_date")
    @api.depends_context("tz", "lang")
    def _compute_display_name(self):
        for run in self:
            when = fields.Datetime.context_timestamp(run, run.create_date or fields.Datetime.now())
            run.display_name = f"{run.warehouse_id.name} {when:%Y-%m-%d %H:%M}"

    def action_view_lines(self):
        """The plan lines that the run made or changed, as far as they still exist."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "inventory_link.supply_plan_line_action"
        )
        return action | {"domain": [("id", "in", self.line_numbers or [])], "context": {}}

    # -- log ------------------------------------------------------------------------------------

    @api.model
    def _log(self, recorder):
        """One row for each warehouse where lines or messages changed; nightly runs leave one in
        any case, with the result of their check."""
        counts = {number: {} for number in recorder.checks} | recorder.told()
        runs = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True).create(
            [
                {
                    "warehouse_id": warehouse,
                    "kind": recorder.kind,
                    "user_id": self.env.uid if recorder.kind == "user" else False,
                    "seconds": recorder.seconds,
                    "statements": recorder.statements,
                    "line_numbers": recorder.lines.get(warehouse) or False,
                    **{name: counts[warehouse].get(name, 0) for name in COUNTS},
                    **self._prepare_check(recorder.checks.get(warehouse)),
                }
                for warehouse in sorted(counts)
            ]
        )
        runs.filtered("drift")._record_drift()
        return runs

    def _prepare_check(self, check):
        if not check:
            return {}
        result, products = check
        return {
            "check_result": result,
            "drift": len(products),
            "drift_product_ids": [Command.set(products[:DRIFT_SHOWN].ids)],
        }

    def _record_drift(self):
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "supply.drift",
                    "record": run,
                    "outcome": "repaired",
                    "explanation": _lt(
                        "The stored plan of %(count)s products wasn't what a full run gives:"
                        " %(products)s. The full run has put it right.",
                        count=run.drift,
                        products=[
                            {"model": "product.product", "id": product.id}
                            for product in run.drift_product_ids
                        ],
                    ),
                    "rule": f"stock.warehouse:{run.warehouse_id.id}",
                    "rule_version": "1",
                }
                for run in self
            ]
        )

    @api.autovacuum
    def _gc_old_runs(self):
        before = fields.Datetime.now() - timedelta(days=KEPT_DAYS)
        self.search([("create_date", "<", before)], limit=1000).unlink()

    # -- digest ---------------------------------------------------------------------------------

    @api.model
    def _tell(self, at_once, when_due):
        """One digest a warehouse: at once, or when the last one is long enough ago."""
        for warehouse in at_once:
            self._tell_warehouse(warehouse)
        for warehouse in when_due:
            if self._is_due(warehouse):
                self._tell_warehouse(warehouse)

    @api.model
    def _tell_due(self):
        """Digests of what piled up and has waited long enough."""
        self.env.cr.execute(
            "SELECT warehouse_id FROM supply_run_part"
            " UNION SELECT warehouse_id FROM supply_run WHERE told_on IS NULL"
        )
        numbers = [number for (number,) in self.env.cr.fetchall()]
        warehouses = self.env["stock.warehouse"].sudo().browse(sorted(numbers))
        self.sudo()._tell(warehouses.browse(), warehouses)

    def _is_due(self, warehouse):
        hours = warehouse.company_id.supply_digest_hours
        last = self.search(
            [("warehouse_id", "=", warehouse.id), ("told_on", "!=", False)],
            order="told_on desc",
            limit=1,
        ).told_on
        return not last or last <= fields.Datetime.now() - timedelta(hours=hours)

    def _tell_warehouse(self, warehouse):
        """Sum up what nobody was told yet, in people's actions and in runs."""
        part = self.env["supply.run.part"].sudo()._take(warehouse)
        if part:
            self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True).create(
                {"warehouse_id": warehouse.id, "kind": "action", **part}
            )
        runs = self.search([("warehouse_id", "=", warehouse.id), ("told_on", "=", False)])
        told = {name: sum(runs.mapped(name)) for name in (*COUNTS, "drift")}
        if not runs:
            return
        runs.told_on = fields.Datetime.now()
        if any(told.values()):
            runs.sorted(lambda run: (bool(run.drift), run.kind != "action", run.id))[-1]._post(told)

    def _post(self, told):
        """The digest, in the language of each reader; one message for all of one language."""
        readers = self._digest_users()
        for lang, users in readers.grouped(lambda user: user.lang or "en_US").items():
            run = self.with_context(lang=lang)
            run.message_post(
                subject=run.env._(
                    "Plan of %(warehouse)s changed", warehouse=run.warehouse_id.display_name
                ),
                body=run._digest_body(told),
                partner_ids=users.partner_id.ids,
                author_id=self.env.ref("base.partner_root").id,
                message_type="notification",
                subtype_xmlid="mail.mt_note",
                force_send=False,
            )

    def _digest_users(self):
        return self.warehouse_id._get_digest_users()

    def _digest_body(self, told):
        _ = self.env._
        text = _(
            "%(lines)s plan lines: %(new)s new, %(changed)s changed, %(removed)s removed;"
            " %(late)s late; %(messages)s messages.",
            lines=told["inserted"] + told["updated"] + told["deleted"],
            new=told["inserted"],
            changed=told["updated"],
            removed=told["deleted"],
            late=told["late"],
            messages=told["messages"],
        )
        body = Markup("<p>%s</p>") % text
        if told["drift"]:
            body += Markup("<p><b>%s</b></p>") % self._drift_text(told["drift"])
        link = Markup('<a href="/odoo/action-inventory_link.%s">%s</a>')
        return body + Markup("<p>%s · %s</p>") % (
            link % ("supply_plan_line_action", _("Plan Lines")),
            link % ("supply_message_action", _("Plan Messages")),
        )

    def _drift_text(self, count):
        return self.env._(
            "The nightly check found %(count)s products whose stored plan was wrong: %(products)s."
            " It is right now. Please look at what was ordered for them.",
            count=count,
            products=", ".join(self.drift_product_ids.mapped("display_name")),
        )
