from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime
from odoo.tools.translate import LazyTranslate

from ...engine import writer

_lt = LazyTranslate(__name__)

#: Written by the reservation alone.
KEPT_BY_SYSTEM = {"reservation_activity_id"}


class SaleOrder(models.Model):
    """What a quotation needs is kept for it for some days: nobody else is promised it."""

    _inherit = "sale.order"

    reserved_until = fields.Datetime(
        compute="_compute_reserved_until",
        search="_search_reserved_until",
        compute_sudo=True,
        help="Until then the plan keeps for this quotation what is reserved.",
    )
    reservation_allowed = fields.Boolean(
        compute="_compute_reservation_allowed",
        help="The user may reserve for this quotation, or end its reservation.",
    )
    reservation_activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, help="Reminds of the end of the reservation."
    )

    # ------------------------------------------------------------------ computes

    @api.depends("order_line.reserved_until", "order_line.reserved_quantity", "state")
    def _compute_reserved_until(self):
        for order in self:
            until = order.order_line.filtered("reserved_quantity").mapped("reserved_until")
            order.reserved_until = min(filter(None, until), default=False)

    def _search_reserved_until(self, operator, value):
        if operator in ("any", "any!", "not any", "not any!"):
            return NotImplemented
        if operator == "not in":
            return NotImplemented  # the ORM takes the contrary of "in"
        some = fields.Domain("reserved_quantity", ">", 0)
        if operator != "in":
            lines = some & fields.Domain("reserved_until", operator, value)
            return fields.Domain("order_line", "any", lines)
        days = [day for day in value if day]
        lines = some & fields.Domain("reserved_until", "in", days)
        found = fields.Domain("order_line", "any", lines)
        if len(days) < len(value):
            lines = some & fields.Domain("reserved_until", "!=", False)
            found |= fields.Domain("order_line", "not any", lines)
        return found

    @api.depends_context("uid")
    @api.depends("state", "user_id", "company_id")
    def _compute_reservation_allowed(self):
        for order in self:
            order.reservation_allowed = bool(
                order.company_id.sudo().supply_planning
                and order.company_id.sudo().supply_reservation_days
                and order.state in ("draft", "sent")
                and order._may_reserve()
            )

    def _may_reserve(self):
        user = self.env.user
        return self.env.su or (
            user.has_group("sales_team.group_sale_manager")
            or (
                user.has_group("sales_team.group_sale_salesman")
                and self.user_id in (user, self.env["res.users"])
            )
        )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in KEPT_BY_SYSTEM and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------------ CRUD

    def write(self, vals):
        """A quotation that is cancelled, or confirmed by its state, needs no reservation."""
        state = vals.get("state")
        ending = self._reserved_orders() if state in ("cancel", "sale") else self.browse()
        moved = "warehouse_id" in vals and self._reserved_orders()
        if moved:
            moved._plan_reservations()
        result = super().write(vals)
        if moved:
            moved._plan_reservations()
        if state == "cancel":
            ending._drop_reservations()
        elif ending:
            # the confirmation still takes what was reserved, and ends it when it is through
            ending.filtered(lambda rec: not rec._is_confirming())._drop_reservations()
        return result

    def action_confirm(self):
        """An order holds its goods itself: the reservation ends, unless credit keeps it back."""
        result = super().action_confirm()
        self.filtered(lambda order: order.state == "sale")._drop_reservations()
        return result

    def unlink(self):
        """The plan may give away again what was reserved."""
        self.sudo().order_line._plan_reservations()
        return super().unlink()

    # ------------------------------------------------------------------ actions

    def action_reserve_promises(self):
        """Reserve what the quotations' lines need for the company's days, or until they expire.

        The customer may be told the dates: they are kept as told.

        :raise AccessError: for others than the order's salesperson and sales managers
        :raise UserError: the company reserves nothing, the quotation has expired or has no goods
        """
        self._check_may_reserve()
        for order in self:
            order._check_reservable()
        self._reserve()
        return True

    def action_end_reservation(self):
        """Give back what is reserved.

        :raise AccessError: for others than the order's salesperson and sales managers
        """
        self._check_may_reserve()
        self._reserved_orders()._end_reservations("ended")
        return True

    def _check_may_reserve(self):
        self.check_access("write")
        if not all(order._may_reserve() for order in self):
            raise AccessError(
                self.env._(
                    "Only the order's salesperson and sales managers may reserve for it or end its"
                    " reservation."
                )
            )

    def _check_reservable(self):
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "Only quotations are reserved for; %(order)s isn't one.", order=self.name
                )
            )
        company = self.company_id.sudo()
        if not (company.supply_planning and company.supply_reservation_days):
            raise UserError(
                self.env._(
                    "%(company)s doesn't reserve for quotations. An administrator sets the days in"
                    " the settings.",
                    company=company.name,
                )
            )
        if self._reservation_end() <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "%(order)s has expired: set a later expiration before you reserve.",
                    order=self.name,
                )
            )
        if not self._reservable_lines():
            raise UserError(self.env._("%(order)s has no goods that are planned.", order=self.name))

    # ------------------------------------------------------------------ business

    def _reservable_lines(self):
        """Lines with goods that the plan keeps; a kit counts by its components."""
        lines = self.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and line.product_id.type == "consu"
                and line.product_uom_qty > 0
            )
        )
        parts = lines._promise_components()
        return lines.filtered(
            lambda line: any(
                product.supply_mode == "planned" and product.is_storable
                for product, _quantity in parts[line.id]
            )
        )

    def _reservation_end(self):
        """The company's days from now, never beyond the last day of the quotation."""
        self.ensure_one()
        company = self.company_id.sudo()
        end = fields.Datetime.now() + timedelta(days=company.supply_reservation_days)
        if self.validity_date:
            zone = ZoneInfo(company.partner_id.tz or "UTC")
            midnight = datetime.combine(self.validity_date + timedelta(days=1), time(), tzinfo=zone)
            end = min(end, midnight.astimezone(ZoneInfo("UTC")).replace(tzinfo=None))
        return end

    def _promises_sent(self):
        """Where the company says so, sending a quotation reserves for it."""
        result = super()._promises_sent()
        quotes = self.sudo()._quotes_with_promises()
        quotes.filtered(
            lambda order: (
                order.company_id.supply_reservation_on_sent
                and order.company_id.supply_reservation_days
                and not order.reserved_until
                and order._reservable_lines()
                and order._reservation_end() > fields.Datetime.now()
            )
        )._reserve()
        return result

    def _reserve(self):
        """Reserve, and plan in the same act.

        Who reserves the same goods meanwhile gets SQLSTATE 40001 by taking the warehouses' plans,
        and Odoo repeats that on fresh data: see :meth:`~odoo.addons.inventory_link.engine.writer.
        Changes.claim`.
        """
        lines = self.sudo()._reservable_lines()
        if not lines:
            return
        writer.bump(self.env.cr, lines.warehouse_id.ids)
        for order in self:
            order._reserve_lines()
        self.env["supply.planner"]._plan_products(lines._outlook_products())

    def _reserve_lines(self):
        self.ensure_one()
        order, now, end = self.sudo(), fields.Datetime.now(), self._reservation_end()
        order._forget_reminder()
        lines = order._reservable_lines()
        # what can be had without the goods of others, asked before anything is reserved
        promises = order._line_promises()
        if not any(promises[line]["date"] for line in lines):
            raise UserError(promises[lines[0]]["driver"])
        for line in lines:
            day = promises[line]["date"]
            line.write(
                {
                    "reserved_quantity": line.product_uom_qty if day else 0.0,
                    "reserved_on": now,
                    "reserved_until": end,
                    "reserved_date": day,
                    # a day that was told before stays: a later one has to be accepted
                    "promise_told_date": line.promise_told_date or day,
                }
            )
        self.env.ref("inventory_link.sale_order_cron_reservations")._trigger(at=end)
        order._record_reservation("reserved", end)
        order.message_post(
            body=self.env._(
                "Reserved until %(until)s.", until=format_datetime(self.env, end, dt_format="short")
            )
        )

    def _reserved_orders(self):
        return self.filtered(
            lambda order: any(line.reserved_quantity for line in order.sudo().order_line)
        )

    def _end_reservations(self, outcome):
        """End them with a note and a decision: ``ended`` by a person or ``expired``."""
        for order in self.sudo():
            until = order.reserved_until
            order._drop_reservations()
            order._record_reservation(outcome, until)
            order.message_post(
                body=order.env._("The reservation has expired.")
                if outcome == "expired"
                else order.env._("The reservation was ended.")
            )

    def _drop_reservations(self):
        """Clear what is reserved and let the plan follow; nothing to do where nothing is."""
        orders = self.sudo()._reserved_orders()
        orders._plan_reservations()
        orders._forget_reminder()
        lines = orders.order_line.filtered("reserved_quantity")
        lines.write(
            {
                "reserved_quantity": 0.0,
                "reserved_on": False,
                "reserved_until": False,
                "reserved_date": False,
            }
        )

    def _forget_reminder(self):
        activities = self.reservation_activity_id
        self.filtered("reservation_activity_id").reservation_activity_id = False
        activities.filtered("active").unlink()

    def _plan_reservations(self):
        self.sudo().order_line._plan_reservations()

    def _record_reservation(self, outcome, until):
        when = {"datetime": fields.Datetime.to_string(until)} if until else ""
        texts = {
            "reserved": _lt("Reserved for the quotation until %(until)s.", until=when),
            "ended": _lt("The reservation until %(until)s was ended before.", until=when),
            "expired": _lt("The reservation has expired on %(until)s.", until=when),
        }
        self.env["suite.decision"]._record(
            [
                {
                    "kind": "supply.reservation",
                    "record": self,
                    "partner_id": self.partner_id.id,
                    "outcome": outcome,
                    "explanation": texts[outcome],
                    "rule": "res.company.supply_reservation_days",
                    "rule_version": "1",
                    "inputs": [
                        {
                            "model": "sale.order.line",
                            "id": line.id,
                            "field": "product_uom_qty",
                            "value": line.product_uom_qty,
                        }
                        for line in self._reservable_lines()
                    ],
                }
            ]
        )
