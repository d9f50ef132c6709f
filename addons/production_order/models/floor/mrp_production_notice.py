import logging
from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from odoo.addons.inventory_link.models.runs.supply_planner import REPEATED

_logger = logging.getLogger(__name__)
_lt = LazyTranslate(__name__)

TRIGGER = "production_order.notice_trigger"


class MrpProduction(models.Model):
    """A production that has become ready says so once."""

    _inherit = "mrp.production"

    supply_seen_ready = fields.Selection(
        [("no", "Not ready"), ("yes", "Ready")],
        "Last Seen",
        readonly=True,
        copy=False,
        help="Whether all components were there when it was last looked at. Its responsible is told"
        " when that changes from not ready to ready.",
    )

    def action_confirm(self):
        """From now on it waits: when it becomes ready, its responsible is told."""
        result = super().action_confirm()
        new = self.sudo().filtered(
            lambda mo: mo.company_id.supply_planning and not mo.supply_seen_ready
        )
        if new:
            # of others that want the same only what they have in common was looked at
            states = new._seen_states(new._solve_readiness(new.ids))
            self._keep_seen({number: states[number] for number in new.ids if number in states})
        return result

    # -- waking ---------------------------------------------------------------------------------

    @api.model
    def _wake_notices(self, moves):
        """Look for productions that became ready when this transaction is committed, if one waits
        for what was moved. One statement."""
        if not moves or not self._is_waited_for(moves.product_id.ids):
            return
        cron = self.env.ref("production_order.mrp_production_cron_notices", False)
        known = self.env.cr.postcommit.data
        # a trigger made inside a savepoint may be gone again
        if cron and not self.env["ir.cron.trigger"].sudo().browse(known.get(TRIGGER)).exists():
            known[TRIGGER] = cron.sudo()._trigger().id

    def _is_waited_for(self, product_ids):
        self.env["stock.move"].flush_model(["product_id", "state", "raw_material_production_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT 1
                  FROM stock_move m
                  JOIN res_company c ON c.id = m.company_id AND c.supply_planning
                 WHERE m.product_id = ANY(%s) AND m.raw_material_production_id IS NOT NULL
                   AND m.state NOT IN ('done', 'cancel')
                 LIMIT 1
                """,
                product_ids,
            )
        )
        return bool(self.env.cr.fetchone())

    # -- looking --------------------------------------------------------------------------------

    @api.model
    def _cron_notices(self):
        """Woken by goods that arrive; the interval catches what became ready in another way: an
        earlier production was cancelled, a date or a priority changed."""
        planner = self.env["supply.planner"].sudo()
        for company in self.env["res.company"].sudo().search([("supply_planning", "=", True)]):
            try:
                planner._repeat(lambda company=company: self._tell_and_commit(company))
            except REPEATED:
                _logger.warning("Ready productions: company %s waits for the next time", company.id)
                self.env.cr.rollback()

    def _tell_and_commit(self, company):
        self._tell_ready(company)
        self.env["ir.cron"]._commit_progress()

    @api.model
    def _tell_ready(self, company):
        """Tell of the company's productions that have become ready since they were last looked at;
        those that were told are told again only after they were not ready in between.

        :return: the productions told of
        """
        productions = self.sudo().with_company(company)
        solved = productions._solve_readiness(None, company)
        seen = self._seen_states(solved)
        before = self._seen_before(seen)
        self._keep_seen({n: state for n, state in seen.items() if before.get(n) != state})
        ready = [n for n, state in seen.items() if state == "yes" and before.get(n) == "no"]
        told = productions.browse(ready)
        if told:
            told._record_ready()
            told._notify_ready()
        return told

    @staticmethod
    def _seen_states(solved):
        return {
            number: "no" if any(line.short for line in mine.lines.values()) else "yes"
            for number, mine in solved.items()
        }

    def _seen_before(self, seen):
        self.env.cr.execute(
            SQL("SELECT id, supply_seen_ready FROM mrp_production WHERE id = ANY(%s)", list(seen))
        )
        return dict(self.env.cr.fetchall())

    def _keep_seen(self, states):
        """Only the flag, in one statement: neither a write nor a new date of change."""
        by_state = defaultdict(list)
        for number, state in states.items():
            by_state[state].append(number)
        for state, ids in by_state.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE mrp_production SET supply_seen_ready = %s"
                    " WHERE id = ANY(%s) AND supply_seen_ready IS DISTINCT FROM %s",
                    state,
                    ids,
                    state,
                )
            )
        self.browse(states).invalidate_recordset(["supply_seen_ready"], flush=False)

    # -- telling --------------------------------------------------------------------------------

    def _record_ready(self):
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "production.ready",
                    "record": production,
                    "outcome": "ready",
                    "rule": "production_order.readiness",
                    "rule_version": "1",
                    "explanation": _lt(
                        "All components of %(production)s are there: %(quantity)s of %(product)s"
                        " can be made. Earlier and more urgent productions were served first.",
                        production={"model": "mrp.production", "id": production.id},
                        quantity={
                            "quantity": production.product_qty,
                            "uom_id": production.product_uom_id.id,
                        },
                        product={"model": "product.product", "id": production.product_id.id},
                    ),
                    "inputs": [
                        {
                            "model": "stock.move",
                            "id": move.id,
                            "field": "product_uom_qty",
                            "value": move.product_uom_qty,
                        }
                        for move in production.move_raw_ids
                    ],
                }
                for production in self
            ]
        )

    def _notify_ready(self):
        """A note on each, and one message for each reader: the responsible; where there is none,
        everybody who produces for the company."""
        self._message_log_batch(
            {production.id: self.env._("All components are there.") for production in self}
        )
        by_user = defaultdict(self.browse)
        for production in self:
            for user in production._readiness_readers():
                by_user[user] |= production
        for user, productions in by_user.items():
            productions.with_context(lang=user.lang or "en_US")._send_ready(user)

    def _readiness_readers(self):
        if self.user_id.active and not self.user_id.share:
            return self.user_id
        return self.env.ref("mrp.group_mrp_user").all_user_ids.filtered(
            lambda user: user.active and not user.share and self.company_id in user.company_ids
        )

    def _send_ready(self, user):
        _ = self.env._
        items = Markup().join(
            Markup('<li><a href="/odoo/mrp.production/%s">%s</a> · %s</li>')
            % (production.id, production.name, production.product_id.display_name)
            for production in self
        )
        single = self if len(self) == 1 else self.browse()
        single.message_notify(
            subject=_("%(name)s can be started", name=self.name)
            if single
            else _("%(count)s production orders can be started", count=len(self)),
            body=Markup("<p>%s</p><ul>%s</ul>") % (_("All components are there:"), items),
            partner_ids=user.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            force_send=False,
        )
