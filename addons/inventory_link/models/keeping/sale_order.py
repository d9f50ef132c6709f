from collections import defaultdict
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.suite_base.tools.explanation import pack_explanation, render_explanation

from ...engine import risk, risk_reads, risk_texts

LEVELS = [("low", "Low"), ("middle", "Middle"), ("high", "High")]
RISK_FIELDS = {"delivery_risk", "delivery_risk_points", "delivery_risk_data"}
#: Orders judged in one go; between them the hourly action commits.
AT_ONCE = 2000
#: What is stored of an order without anything to come.
NONE = (None, 0, None)


class SaleOrder(models.Model):
    """How likely a confirmed order comes late, why, and what would help."""

    _inherit = "sale.order"

    delivery_risk = fields.Selection(
        LEVELS,
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Of a confirmed order that isn't delivered yet: looked at when its plan changes, and"
        " every hour. High from 75 points, middle from 50.",
    )
    delivery_risk_points = fields.Integer(
        "Risk Points", readonly=True, copy=False, aggregator="max"
    )
    delivery_risk_data = fields.Json(readonly=True, copy=False)
    delivery_risk_causes = fields.Text("Causes", compute="_compute_delivery_risk_texts")
    delivery_risk_fix = fields.Text("What Would Help", compute="_compute_delivery_risk_texts")
    delivery_promised_date = fields.Date(
        "Promised",
        compute="_compute_delivery_days",
        help="Of the line that is latest against its promise.",
    )
    delivery_possible_date = fields.Date(
        "Possible",
        compute="_compute_delivery_days",
        help="Of the line that is latest against its promise; empty when a part has no day.",
    )

    def _has_field_access(self, field, operation):
        """Risk is found by the facts: nobody writes one by hand."""
        if operation == "write" and field.name in RISK_FIELDS and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # -- computes -------------------------------------------------------------------------------

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("delivery_risk_data")
    def _compute_delivery_risk_texts(self):
        """In the reader's language, with the names he may see; one rendering for all orders."""
        causes = [(order, cause) for order in self for cause in order.delivery_risk_data or ()]
        packed = [tuple(cause[name]) for _order, cause in causes for name in ("text", "fix")]
        texts = iter(render_explanation(self.env, packed))
        told, fixes = defaultdict(list), defaultdict(list)
        for order, cause in causes:
            told[order].append(
                self.env._("%(text)s (%(points)s points)", text=next(texts), points=cause["points"])
            )
            fixes[order].append(next(texts))
        for order in self:
            order.delivery_risk_causes = "\n".join(told[order]) or False
            order.delivery_risk_fix = "\n".join(dict.fromkeys(fixes[order])) or False

    @api.depends("order_line.promised_date", "order_line.promise_date", "order_line.qty_delivered")
    def _compute_delivery_days(self):
        for order in self:
            lines = order.order_line.filtered(
                lambda line: (
                    not line.display_type
                    and line.promised_date
                    and line.qty_delivered < line.product_uom_qty
                )
            )
            worst = max(lines, key=_lateness, default=lines)
            order.delivery_promised_date = worst.promised_date
            order.delivery_possible_date = worst.promise_date

    # -- actions --------------------------------------------------------------------------------

    def action_update_delivery_risk(self):
        """Look at the risk of these orders now.

        :raise AccessError: the user may not read them
        """
        self.check_access("read")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("The delivery risk is for the company's own people."))
        self.sudo()._update_delivery_risk()
        return True

    # -- when -----------------------------------------------------------------------------------

    @api.model
    def _cron_delivery_risk(self):
        """Each hour: promises and risk of every open order, since days pass without any event.
        What is found of a company's promises is kept, whatever happens with the next one's."""
        model = self.sudo()
        steps = [
            partial(model._watch_promises, None, company)
            for company in self.env["res.company"].sudo().search([], order="id")
        ]
        orders = self._with_open_risk()
        steps += [
            partial(model._update_risk_of, orders.ids[start : start + AT_ONCE])
            for start in range(0, len(orders), AT_ONCE)
        ]
        for done, step in enumerate(steps, start=1):
            step()
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(steps) - done):
                return

    @api.model
    def _update_risk_of(self, order_ids):
        """Those of them that there still are."""
        self.browse(order_ids).exists()._update_delivery_risk()

    @api.model
    def _cron_delivery_risk_changes(self):
        """Soon after plans changed: the risk of the orders that they touched."""
        self.env["ir.cron"]._commit_progress(self._update_waiting_risks())

    @api.model
    def _update_waiting_risks(self):
        """Judge the orders that wait for it; how many."""
        numbers = self.env["supply.risk.change"].sudo()._take()
        for start in range(0, len(numbers), AT_ONCE):
            self.sudo()._update_risk_of(numbers[start : start + AT_ONCE])
        return len(numbers)

    @api.model
    def _with_open_risk(self):
        """Confirmed orders of companies that plan with something still to come, and those that
        have a risk and nothing to come any more."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT so.id FROM sale_order so
              JOIN res_company c ON c.id = so.company_id
             WHERE so.delivery_risk IS NOT NULL
                OR (c.supply_planning AND so.state = 'sale' AND EXISTS (
                    SELECT 1 FROM sale_order_line sol
                     WHERE sol.order_id = so.id AND sol.promise_data IS NOT NULL
                       AND sol.product_uom_qty - COALESCE(sol.qty_delivered, 0) > 0.000001))
             ORDER BY so.company_id, so.id
            """
        )
        return self.sudo().browse(number for (number,) in self.env.cr.fetchall())

    # -- judging --------------------------------------------------------------------------------

    def _update_delivery_risk(self):
        """Store what has changed of the risk of these orders; nothing is written otherwise."""
        found = {}
        for company, orders in self.grouped("company_id").items():
            today = fields.Date.context_today(self.with_context(tz=company.partner_id.tz or "UTC"))
            found |= orders._delivery_risks(today)
        different = [
            (number, *found.get(number, NONE))
            for number, *stored in risk_reads.stored(self.env.cr, self.ids)
            if tuple(stored) != found.get(number, NONE)
        ]
        if different:
            risk_reads.keep(self.env.cr, different)
            self.invalidate_model(list(RISK_FIELDS), flush=False)

    @api.private
    def _delivery_risks(self, as_of):
        """The risk of these orders as of a day, from what is stored: a few statements for all.

        :param as_of: the day, in the companies' own time
        :return: ``{order id: (level, points, causes)}`` of those with something to come; causes
            are ``{"code", "points", "text", "fix"}``, the heaviest first, as stored
        """
        self.env.flush_all()
        lines = risk_reads.open_lines(self.env.cr, self.ids)
        risks = {row[1]: risk.Risk() for row in lines}
        for row in lines:
            risk.judge_line(risks[row[1]], row, as_of)
        self._judge_supplies(risks, as_of)
        credit = self.env["suite.outlook"]._risky_orders(list(risks))
        return {order: self._told_risk(found, credit.get(order)) for order, found in risks.items()}

    def _judge_supplies(self, risks, as_of):
        """Add the causes that lie in what the orders wait for. Addons add theirs."""
        chain = self.env["supply.peg"]._chain_columns()
        rows = risk_reads.supplies(self.env.cr, list(risks), chain)
        refs = defaultdict(set)
        for _order, kind, ref, _product, _slack in rows:
            refs[kind].add(ref)
        purchases = risk_reads.purchases(self.env.cr, refs["purchase_line"])
        plans = risk_reads.plan_lines(self.env.cr, refs["plan_line"])
        vendors = {row[1] for row in purchases.values()} | {row[1] for row in plans.values()}
        companies = self.sudo().company_id.ids
        records = risk_reads.receipts(self.env.cr, vendors - {None}, companies, as_of)
        for order, kind, ref, product, slack in rows:
            if kind == "purchase_line" and ref in purchases:
                found = purchases[ref]
                record = records.get(found[1])
                risk.judge_purchase(risks[order], ref, product, slack, found, record, as_of)
            elif kind == "plan_line" and ref in plans:
                found = plans[ref]
                record = records.get(found[1])
                risk.judge_plan(risks[order], ref, product, slack, found, record, as_of)
        return rows

    @api.model
    def _told_risk(self, found, credit):
        """Level, points and causes as they are stored; ``credit`` is ``(why, what helps)``."""
        causes = [
            {
                "code": code,
                "points": points,
                "text": list(pack_explanation(risk_texts.cause(code, arguments))),
                "fix": list(pack_explanation(risk_texts.fix(code, arguments))),
            }
            for code, points, arguments in found.sorted()
        ]
        points = found.points
        if credit:
            points += risk.CREDIT
            causes.append(
                {
                    "code": "credit",
                    "points": risk.CREDIT,
                    "text": list(pack_explanation(credit[0])),
                    "fix": list(pack_explanation(credit[1])),
                }
            )
        causes.sort(key=lambda cause: -cause["points"])
        return risk.level(points), points, causes or None


def _lateness(line):
    """Lines without any day first, then the later against the promise, then the later."""
    if not line.promise_date:
        return 1, 0, line.promised_date
    return 0, (line.promise_date - line.promised_date).days, line.promised_date
