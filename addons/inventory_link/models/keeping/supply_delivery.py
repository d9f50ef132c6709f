from datetime import datetime, time, timedelta
from math import ceil
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.suite_base.tools.explanation import pack_explanation, render_explanation

from ...engine import deliveries, explain_keeping

CAUSES = [
    ("material", "Material"),
    ("capacity", "Capacity"),
    ("vendor", "Vendor"),
    ("credit", "Credit"),
    ("customer", "Customer"),
    ("other", "Other"),
]


class SupplyDelivery(models.Model):
    """A quantity of an order line that reached the customer, against what was promised.

    One row for each time goods of a line leave, so that every backorder has its own. It counts
    what the line has delivered in all: goods that come back and leave again count once, and a kit
    counts when it is complete. Written by the delivery alone; a manager may correct the cause.
    """

    _name = "supply.delivery"
    _inherit = ["suite.decision.mixin"]
    _description = "Delivery Against Promise"
    _order = "done_date desc, id desc"
    _rec_name = "sale_line_id"
    _check_company_auto = True

    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Order Line",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    sale_order_id = fields.Many2one(
        "sale.order", "Order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True, index=True)
    product_id = fields.Many2one("product.product", "Product", readonly=True, index=True)
    product_uom_id = fields.Many2one("uom.uom", "Unit", related="product_id.uom_id")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    salesperson_id = fields.Many2one("res.users", "Salesperson", readonly=True, index=True)
    quantity = fields.Float(digits="Product Unit", readonly=True, help="In the product's own unit.")
    promised_date = fields.Date(
        "Promised", readonly=True, help="What was promised; without a promise what was wanted."
    )
    wanted_date = fields.Date("Wanted", readonly=True, help="The customer's day at the end.")
    done_date = fields.Date("Delivered", required=True, readonly=True, index=True)
    days_late = fields.Integer(readonly=True, aggregator="avg")
    on_time = fields.Boolean(readonly=True)
    cause = fields.Selection(CAUSES, readonly=True, index="btree_not_null")
    found_cause = fields.Selection(CAUSES, "Cause Found", readonly=True)
    cause_data = fields.Json(readonly=True)
    explanation = fields.Char(compute="_compute_explanation")
    corrected_by_id = fields.Many2one("res.users", "Corrected By", readonly=True)
    reason = fields.Char("Reason of the Correction", readonly=True)
    can_correct = fields.Boolean(compute="_compute_can_correct")

    _cause_check = models.Constraint(
        "CHECK((cause IS NULL) = COALESCE(on_time, FALSE))",
        "A late delivery has a cause, one on time has none.",
    )

    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    @api.depends("cause_data")
    def _compute_explanation(self):
        packed = [tuple(row.cause_data or (False, "", {})) for row in self]
        for row, text in zip(self, render_explanation(self.env, packed), strict=True):
            row.explanation = text

    @api.depends_context("uid")
    @api.depends("on_time")
    def _compute_can_correct(self):
        allowed = self._may_correct()
        for row in self:
            row.can_correct = allowed and not row.on_time

    # -- actions --------------------------------------------------------------------------------

    @api.model
    def _may_correct(self):
        return self.env.user.has_group("sales_team.group_sale_manager") or self.env.user.has_group(
            "inventory_link.group_supply_manager"
        )

    def action_correct(self):
        """Ask for the true cause and the reason."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the Cause"),
            "res_model": "supply.delivery.correct",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids},
        }

    def action_correct_cause(self, cause, reason):
        """Another cause than the one found. The one found stays beside it, and the decision that
        named it is overruled with the reason.

        :param str cause: ``material``, ``capacity``, ``vendor``, ``credit``, ``customer`` or
            ``other``
        :param str reason: needed
        :raise AccessError: not a sales or planning manager
        :raise UserError: unknown cause, no reason, or delivered on time
        """
        self.check_access("read")
        if not self.env.su and not self._may_correct():
            raise AccessError(
                self.env._("Only sales and planning managers may correct the cause of a delivery.")
            )
        reason = (reason or "").strip()
        if cause not in dict(CAUSES):
            raise UserError(self.env._("Choose one of the causes."))
        if not reason:
            raise UserError(self.env._("Give the reason of the correction."))
        if any(row.on_time for row in self):
            raise UserError(
                self.env._("What was delivered on time has no cause. Choose late deliveries only.")
            )
        self.sudo().write({"cause": cause, "reason": reason, "corrected_by_id": self.env.uid})
        decisions = (
            self.env["suite.decision"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids), ("answer", "=", False)]
            )
        )
        decisions.with_env(self.env)._answer("overruled", reason)
        return True

    # -- recording ------------------------------------------------------------------------------

    @api.model
    def _record(self, lines, moment):
        """Record what of these order lines has newly reached the customer."""
        lines = lines.sudo()
        lines.flush_recordset()
        known = deliveries.recorded(self.env.cr, lines.ids)
        values = []
        for line in lines:
            unit = line.product_id.uom_id
            delivered = line.product_uom_id._compute_quantity(line.qty_delivered, unit, round=False)
            quantity = unit.round(delivered - known.get(line.id, 0.0))
            if unit.compare(quantity, 0) > 0:
                values.append(self._prepare_delivery(line, quantity, moment))
        values = [value for value in values if value["promised_date"]]
        texts = self._find_causes([value for value in values if not value["on_time"]], moment)
        rows = self.sudo().create(values)
        if texts:
            rows.filtered(lambda row: not row.on_time)._record_causes(texts)
        return rows

    @api.model
    def _prepare_delivery(self, line, quantity, moment):
        zone = _zone(line)
        wanted = line.order_id.commitment_date
        wanted = wanted and _day(wanted, zone)
        promised = line.promised_date or wanted
        done = _day(moment, zone)
        late = max(0, (done - promised).days) if promised else 0
        return {
            "sale_line_id": line.id,
            "sale_order_id": line.order_id.id,
            "partner_id": line.order_id.partner_id.id,
            "product_id": line.product_id.id,
            "company_id": line.company_id.id,
            "salesperson_id": line.order_id.user_id.id,
            "quantity": quantity,
            "promised_date": promised,
            "wanted_date": wanted,
            "done_date": done,
            "days_late": late,
            "on_time": not late,
        }

    @api.model
    def _find_causes(self, values, moment):
        """Add the cause to the values of deliveries that were late at a moment, and return why as
        lazy texts; a few statements for all of them."""
        if not values:
            return []
        lines = self.env["sale.order.line"].sudo().browse([v["sale_line_id"] for v in values])
        lines.flush_recordset()
        receipts = deliveries.late_receipts(self.env.cr, lines.ids)
        since = {}
        for value in values:
            day = value["promised_date"] + timedelta(days=1)
            since[value["sale_order_id"]] = min(day, since.get(value["sale_order_id"], day))
        held = self.env["suite.outlook"]._held_days(list(since), since)
        texts = []
        for value, line in zip(values, lines, strict=True):
            facts = {
                "late_days": value["days_late"],
                "late_time": _days_since(value["promised_date"], moment, line),
                "promised_date": str(value["promised_date"]),
                "wanted_date": value["wanted_date"] and str(value["wanted_date"]),
                "done_date": str(value["done_date"]),
                "held_days": held.get(value["sale_order_id"], 0),
                "driver": line._named_driver(),
                "receipt": receipts.get(line.id),
            }
            found = deliveries.cause(facts)
            told = facts | {"held_days": ceil(facts["held_days"])}
            texts.append(explain_keeping.cause(found, told))
            packed = list(pack_explanation(texts[-1]))
            value.update(cause=found, found_cause=found, cause_data=packed)
        return texts

    def _record_causes(self, texts):
        """Why each cause was named, with what it was found by."""
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "delivery.late",
                    "record": row,
                    "partner_id": row.partner_id.id,
                    "outcome": row.cause,
                    "explanation": text,
                    "rule": "supply.delivery",
                    "rule_version": "1",
                    "inputs": [
                        {
                            "model": "sale.order.line",
                            "id": row.sale_line_id.id,
                            "field": "promised_date",
                            "value": str(row.promised_date),
                        },
                        {
                            "model": self._name,
                            "id": row.id,
                            "field": "done_date",
                            "value": str(row.done_date),
                        },
                        {
                            "model": "sale.order.line",
                            "id": row.sale_line_id.id,
                            "field": "late_driver",
                            "value": row.sale_line_id.late_driver,
                        },
                    ],
                }
                for row, text in zip(self, texts, strict=True)
            ]
        )


def _zone(line):
    return line.company_id.partner_id.tz or "UTC"


def _days_since(promised, moment, line):
    """Days, with their fraction, from the end of the promised day."""
    end = datetime.combine(promised + timedelta(days=1), time.min, ZoneInfo(_zone(line)))
    return (moment.replace(tzinfo=ZoneInfo("UTC")) - end) / timedelta(days=1)


def _day(moment, zone):
    return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone)).date()
