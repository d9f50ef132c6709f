from odoo import api, fields, models
from odoo.tools.misc import format_date
from odoo.tools.translate import LazyTranslate

from .supply_slow_stock import VALUE_GROUPS

_lt = LazyTranslate(__name__)


class SupplyStockWarning(models.Model):
    """Products of a warehouse that were found dead at one time, told once to who is in charge.

    The lines are the memory: a product is told again only after it has moved in between.
    """

    _name = "supply.stock.warning"
    _inherit = ["mail.thread", "mail.activity.mixin", "suite.decision.mixin"]
    _description = "Dead Stock Warning"
    _order = "id desc"

    warehouse_id = fields.Many2one(
        "stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        "res.company", related="warehouse_id.company_id", store=True, index=True
    )
    date = fields.Date("Found On", required=True, readonly=True)
    line_ids = fields.One2many("supply.stock.warning.line", "warning_id", "Products", readonly=True)
    currency_id = fields.Many2one("res.currency", related="company_id.currency_id")
    value = fields.Monetary(compute="_compute_value", compute_sudo=True, groups=VALUE_GROUPS)
    product_count = fields.Integer("Products Found", compute="_compute_value", compute_sudo=True)

    @api.depends("warehouse_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for warning in self:
            day = format_date(self.env, warning.date)
            warning.display_name = f"{warning.warehouse_id.name} {day}"

    @api.depends("line_ids.value")
    def _compute_value(self):
        for warning in self:
            warning.value = sum(warning.line_ids.mapped("value"))
            warning.product_count = len(warning.line_ids)

    def action_open_stock(self):
        """The products as they are now, with what to do about each."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "inventory_link.supply_slow_stock_action"
        )
        domain = [
            ("warehouse_id", "=", self.warehouse_id.id),
            ("product_id", "in", self.line_ids.product_id.ids),
        ]
        return action | {"domain": domain, "context": {}}

    # -- business -------------------------------------------------------------------------------

    @api.model
    def _cron_warn(self):
        """Each hour: tell what has become dead since, warehouse by warehouse."""
        warnings = self.sudo()
        warehouses = warnings.env["stock.warehouse"].search(
            [("company_id.supply_planning", "=", True)]
        )
        for number, warehouse in enumerate(warehouses, 1):
            if rows := warnings._newly_dead(warehouse):
                warnings._warn(warehouse, rows)
            self.env["ir.cron"]._commit_progress(1, remaining=len(warehouses) - number)

    @api.model
    def _newly_dead(self, warehouse):
        """Dead stock of a warehouse that nobody was told about since it rests."""
        dead = self.env["supply.slow.stock"].search(
            [("state", "=", "dead"), ("warehouse_id", "=", warehouse.id)]
        )
        told = {
            product.id: day
            for product, day in self.env["supply.stock.warning.line"]._read_group(
                [("product_id", "in", dead.product_id.ids), ("warehouse_id", "=", warehouse.id)],
                ["product_id"],
                ["idle_since:max"],
            )
        }
        return dead.filtered(
            lambda row: (
                told.get(row.product_id.id) is None or told[row.product_id.id] < row.idle_since
            )
        )

    def _warn(self, warehouse, rows):
        """One warning with its decisions, and one activity for each who is in charge."""
        quiet = {"mail_create_nolog": True, "mail_create_nosubscribe": True}
        tz = warehouse.company_id.partner_id.tz or "UTC"
        today = fields.Date.context_today(self.with_context(tz=tz))
        warning = self.with_context(**quiet).create(
            {
                "warehouse_id": warehouse.id,
                "date": today,
                "line_ids": [
                    fields.Command.create(
                        {
                            "product_id": row.product_id.id,
                            "warehouse_id": warehouse.id,
                            "idle_since": row.idle_since,
                            "quantity": row.on_hand,
                            "value": row.value,
                        }
                    )
                    for row in rows.sorted(lambda row: -row.value)
                ],
            }
        )
        self.env["suite.decision"]._record(
            [warning._prepare_dead(line) for line in warning.line_ids]
        )
        for user in warehouse._get_digest_users():
            if not warning.with_user(user).has_access("read"):
                continue
            translated = warning.with_context(lang=user.lang)
            translated.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                user_id=user.id,
                summary=translated._summary(),
                note=translated._note(rows.with_env(translated.env)),
            )
        return warning

    def _summary(self):
        """Without the value: whoever sees the warning sees everybody's activities on it."""
        return self.env._("%(count)s products became dead stock", count=self.product_count)

    def _note(self, rows):
        """The most valuable products with what to do, in the reader's language."""
        first = rows.sorted(lambda row: -row.value)[:5]
        return self.env["ir.qweb"]._render(
            "inventory_link.supply_stock_warning_note",
            {"rows": first, "more": len(rows) - len(first)},
        )

    def _prepare_dead(self, line):
        company = self.company_id
        return {
            "kind": "supply.slow",
            "record": self,
            "outcome": "dead",
            "explanation": _lt(
                "%(quantity)s of %(product)s rest since %(day)s and nothing in the plan needs them:"
                " dead after %(days)s days.",
                quantity={"quantity": line.quantity, "uom_id": line.product_id.uom_id.id},
                product={"model": "product.product", "id": line.product_id.id},
                day={"date": str(line.idle_since)},
                days=company.supply_slow_days,
            ),
            "rule": f"product.product:{line.product_id.id}",
            "rule_version": "1",
            "inputs": [
                {
                    "model": "res.company",
                    "id": company.id,
                    "field": "supply_slow_days",
                    "value": company.supply_slow_days,
                },
                {
                    "model": line._name,
                    "id": line.id,
                    "field": "idle_since",
                    "value": str(line.idle_since),
                },
                # amounts only here: inputs are shown by the reader's rights on the field
                {"model": line._name, "id": line.id, "field": "value", "value": line.value},
            ],
        }
