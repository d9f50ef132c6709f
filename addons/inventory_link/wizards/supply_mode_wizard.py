from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

GROUPS = ("inventory_link.group_supply_planner", "stock.group_stock_manager")
NAMES_SHOWN = 5


class SupplyModeWizard(models.TransientModel):
    """Moves products or whole categories to supply planning, or back to Odoo's own rules."""

    _name = "supply.mode.wizard"
    _description = "Move Products to Supply Planning or Back"

    direction = fields.Selection(
        [("planned", "To supply planning"), ("rules", "Back to Odoo's rules")],
        "Move",
        required=True,
        default="planned",
    )
    template_ids = fields.Many2many("product.template", string="Products")
    category_ids = fields.Many2many(
        "product.category",
        string="Categories",
        help="With all categories below. New products of these categories follow as well.",
    )
    take_minimum = fields.Boolean(
        "Minimum becomes safety stock",
        default=True,
        help="Only for products without a safety stock so far. Of several rules, the largest"
        " minimum of a warehouse counts.",
    )
    take_multiple = fields.Boolean(
        "Multiple becomes order multiple",
        default=True,
        help="Only for products without an order multiple so far. Of several rules, the largest"
        " multiple counts.",
    )
    has_rules = fields.Boolean(compute="_compute_preview")
    movable = fields.Boolean(compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.depends("direction", "template_ids", "category_ids")
    def _compute_preview(self):
        for wizard in self:
            sets = wizard._sort_out()
            wizard.movable = bool(sets["moving"] or wizard.category_ids)
            wizard.has_rules = bool(
                wizard.direction == "planned" and wizard._rules_of(sets["moving"])
            )
            wizard.preview = wizard.env["ir.qweb"]._render(
                "inventory_link.supply_mode_preview",
                {
                    "chosen": sets["chosen"] or wizard.category_ids,
                    "rows": [row for row in wizard._preview_rows(sets) if row["count"]],
                    "off": not wizard._planning_companies(),
                },
            )

    @api.model
    def default_get(self, fields):
        """Start with what is selected in a list of products, variants or categories."""
        values = super().default_get(fields)
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids") or []
        if model == "product.template":
            values["template_ids"] = [Command.set(ids)]
        elif model == "product.product":
            templates = self.env[model].browse(ids).product_tmpl_id
            values["template_ids"] = [Command.set(templates.ids)]
        elif model == "product.category":
            values["category_ids"] = [Command.set(ids)]
        return values

    # -- actions --------------------------------------------------------------------------------

    def action_move(self):
        """Move what was chosen and plan it, or take it out of the plan.

        :return: a notification that tells what was done
        :raise AccessError: the user neither plans nor manages the warehouse
        :raise UserError: nothing to move was chosen
        """
        self.ensure_one()
        self._check_may_move()
        moving = self._sort_out()["moving"]
        if not moving and not self.category_ids:
            raise UserError(
                self.env._("Nothing to move. Choose products that are tracked in stock.")
            )
        if self.direction == "planned":
            self._take_over(moving)
            moving.sudo().write({"supply_mode": "planned"})
            self._rules_of(moving)._pause()
        else:
            moving.sudo().write({"supply_mode": "rules"})
        self._set_category_defaults()
        return self._notify_moved(moving)

    # -- business -------------------------------------------------------------------------------

    def _check_may_move(self):
        if not self.env.su and not any(map(self.env.user.has_group, GROUPS)):
            raise AccessError(
                self.env._(
                    "Only planners and inventory administrators move products between supply"
                    " planning and Odoo's rules."
                )
            )

    def _sort_out(self):
        """What was chosen: ``chosen``, and of these ``moving``, ``already`` there,
        ``unplannable`` and ``foreign`` (of a company that isn't selected)."""
        chosen = self.template_ids._origin | self.env["product.template"].search(
            Domain("categ_id", "child_of", self.category_ids.ids)
            if self.category_ids
            else Domain.FALSE
        )
        foreign = chosen.filtered(
            lambda template: template.company_id and template.company_id not in self.env.companies
        )
        rest = chosen - foreign
        unplannable = rest.browse()
        if self.direction == "planned":
            unplannable = self._unplannable(rest)
            rest -= unplannable
        already = rest.filtered(lambda template: template.supply_mode == self.direction)
        return {
            "chosen": chosen,
            "moving": rest - already,
            "already": already,
            "unplannable": unplannable,
            "foreign": foreign,
        }

    def _unplannable(self, templates):
        """Products that a plan makes no sense for."""
        return templates.filtered(lambda template: not template.is_storable)

    @api.model
    def _planning_companies(self):
        return self.env["res.company"].sudo().search([("supply_planning", "=", True)])

    def _rules_of(self, templates):
        """Reordering rules that order these products where the plan would do it."""
        points = self.env["stock.warehouse.orderpoint"].sudo()
        found = points.search(
            [
                ("product_id.product_tmpl_id", "in", templates.ids),
                ("company_id", "in", self._planning_companies().ids),
            ]
        )
        return found.filtered(lambda point: point._orders() and not point._is_proposal())

    def _take_over(self, templates):
        """Minimum and multiple of the rules, for products that have none of their own yet."""
        for template, points in self._rules_of(templates).grouped("product_tmpl_id").items():
            values = {}
            if self.take_minimum and not template.supply_safety_stock:
                values["supply_safety_stock"] = points._largest_minimum()
            if self.take_multiple and not template.supply_multiple:
                values["supply_multiple"] = points._largest_multiple()
            values = {name: value for name, value in values.items() if value > 0}
            if values:
                template.sudo().write(values)

    def _set_category_defaults(self):
        """New products of the categories follow; below them the same holds everywhere."""
        categories = self.category_ids.sudo()
        below = categories.search([("id", "child_of", categories.ids)]) if categories else None
        if below:
            (below - categories).filtered("supply_mode_default").supply_mode_default = False
            categories.supply_mode_default = self.direction

    def _notify_moved(self, moved):
        if self.direction == "planned":
            message = self.env._("%(count)s products moved to supply planning.", count=len(moved))
        else:
            message = self.env._("%(count)s products given back to Odoo's rules.", count=len(moved))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # -- preview --------------------------------------------------------------------------------

    def _preview_rows(self, sets):
        """What will happen, as ``{"count", "label", "note", "names", "warn"}``."""
        moving = sets["moving"]
        rows = [
            self._row(
                len(moving),
                self.env._("Move to supply planning")
                if self.direction == "planned"
                else self.env._("Go back to Odoo's rules"),
                names=moving,
            )
        ]
        rows += self._rows_in(moving) if self.direction == "planned" else self._rows_out(moving)
        return rows + [
            self._row(
                len(self.category_ids),
                self.env._("Categories whose new products follow"),
                self.env._("With all categories below them."),
            ),
            self._row(
                len(sets["already"]),
                self.env._("Already in supply planning")
                if self.direction == "planned"
                else self.env._("Already with Odoo's rules"),
            ),
            self._row(
                len(sets["unplannable"]),
                self.env._("Skipped"),
                self.env._("Services, kits, and goods that aren't tracked in stock."),
            ),
            self._row(
                len(sets["foreign"]),
                self.env._("Skipped"),
                self.env._("Products of companies that you haven't selected."),
            ),
        ]

    def _rows_in(self, moving):
        missing = self._without_source(moving)
        return [
            self._row(
                len(self._rules_of(moving)),
                self.env._("Reordering rules paused"),
                self.env._("Archived; they come back when the product is given back."),
            ),
            self._row(
                len(self._made_to_order(moving)),
                self.env._("With a make-to-order route"),
                self.env._("The route stays as it is and orders nothing."),
            ),
            self._row(
                self._count_drafts(moving),
                self.env._("Open drafts"),
                self.env._("Requests and productions not confirmed yet count as supply."),
            ),
            self._row(
                len(missing),
                self._missing_label(),
                self.env._("The plan shows what is needed, but can't say from where."),
                names=missing,
                warn=True,
            ),
        ]

    def _rows_out(self, moving):
        products = self._variants(moving)
        lines = (
            self.env["supply.plan.line"]
            .sudo()
            .search([("product_id", "in", products.ids), ("state", "in", ("proposed", "approved"))])
        )
        roots = self.env["supply.peg"].sudo()._sale_lines_of("supply_plan_line_id", lines.ids)
        waiting = {number for found in roots.values() for number in found}
        orders = self.env["sale.order.line"].sudo().browse(waiting).order_id
        points = self.env["stock.warehouse.orderpoint"].sudo().with_context(active_test=False)
        own = Domain("product_id", "in", products.ids)
        paused = points.search(own & Domain("supply_paused", "=", True))
        ruled = points.search(own & Domain("active", "=", True)) | paused
        orphans = moving - ruled.product_tmpl_id - self._made_to_order(moving)
        return [
            self._row(
                len(lines),
                self.env._("Plan lines removed"),
                self.env._("Proposed and approved ones. Released orders stay."),
            ),
            self._row(
                len(orders),
                self.env._("Sales orders waiting for these lines"),
                self.env._("Routes act on new orders only: order what these need by hand."),
                warn=True,
            ),
            self._row(len(paused), self.env._("Reordering rules back in force")),
            self._row(
                len(orphans),
                self.env._("Ordered by nothing from then on"),
                self.env._("No reordering rule and no make-to-order route."),
                names=orphans,
                warn=True,
            ),
        ]

    def _row(self, count, label, note="", names=None, warn=False):
        """A line of the preview; ``names`` are records of which the first few are named."""
        shown = ""
        if names:
            shown = ", ".join(names[:NAMES_SHOWN].mapped("display_name"))
            if len(names) > NAMES_SHOWN:
                shown = self.env._(
                    "%(names)s and %(count)s more", names=shown, count=len(names) - NAMES_SHOWN
                )
        return {"count": count, "label": label, "note": note, "names": shown, "warn": warn}

    @api.model
    def _variants(self, templates):
        return templates.with_context(active_test=False).product_variant_ids

    def _made_to_order(self, templates):
        routes = self._planning_companies()._make_to_order_routes()
        return templates.filtered(
            lambda template: (template.route_ids | template.categ_id.total_route_ids) & routes
        )

    def _count_drafts(self, templates):
        """Open requests for quotation of these products; extended for productions."""
        return (
            self.env["purchase.order.line"]
            .sudo()
            .search_count(
                [
                    ("product_id", "in", self._variants(templates).ids),
                    ("order_id.state", "in", ("draft", "sent", "to approve")),
                ]
            )
        )

    def _without_source(self, templates):
        """Products that the plan couldn't get from anywhere; extended for productions."""
        return templates.filtered(lambda template: not template.sudo().seller_ids)

    def _missing_label(self):
        return self.env._("Without a vendor")
