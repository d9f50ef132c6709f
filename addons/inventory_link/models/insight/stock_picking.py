from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models

#: Colours of Odoo's calendar.
RED, BLUE, GREEN, GREY = 1, 4, 10, 0
CLOSED = ("done", "cancel")
SHOWN = 3
#: Of no concern to customers and vendors, who may read their own transfers by RPC.
FOR_EMPLOYEES = {"supply_kind", "supply_late", "supply_purpose", "supply_flag", "supply_color"}


class StockPicking(models.Model):
    """What the week calendar of receipts and shipments shows of a transfer."""

    _inherit = "stock.picking"

    supply_kind = fields.Selection(
        [("receipt", "Receipt"), ("shipment", "Shipment"), ("other", "Other")],
        "Kind",
        compute="_compute_supply_kind",
    )
    supply_late = fields.Boolean(
        "Late",
        compute="_compute_supply_late",
        search="_search_supply_late",
        help="Its day is over, in the company's time zone, and it isn't done.",
    )
    supply_purpose = fields.Char("What For", compute="_compute_supply_purpose", compute_sudo=True)
    supply_flag = fields.Selection(
        [("locked", "Locked")],
        "Flag",
        compute="_compute_supply_flag",
        help="Whether something keeps the goods from leaving.",
    )
    supply_color = fields.Integer(compute="_compute_supply_color")

    def _has_field_access(self, field, operation):
        if field.name in FOR_EMPLOYEES and not (self.env.su or self.env.user._is_internal()):
            return False
        return super()._has_field_access(field, operation)

    @api.depends("picking_type_code")
    def _compute_supply_kind(self):
        kinds = {"incoming": "receipt", "outgoing": "shipment", "dropship": "shipment"}
        for picking in self:
            picking.supply_kind = kinds.get(picking.picking_type_code, "other")

    @api.depends("scheduled_date", "state", "company_id")
    def _compute_supply_late(self):
        for picking in self:
            picking.supply_late = (
                picking.state not in CLOSED
                and picking.scheduled_date
                and picking.scheduled_date < picking._supply_day_start(picking.company_id)
            )

    def _search_supply_late(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        late = fields.Domain.OR(
            fields.Domain("company_id", "=", company.id)
            & fields.Domain("scheduled_date", "<", self._supply_day_start(company))
            for company in self.env.companies
        ) & fields.Domain("state", "not in", CLOSED)
        return late if (True in value) == (operator == "in") else ~late

    @api.depends_context("lang")
    @api.depends("origin", "move_ids.purchase_line_id", "move_ids.sale_line_id", "state")
    def _compute_supply_purpose(self):
        """The same as on the Today screen; else the orders that are shipped or sent back."""
        purposes = self._origin._today_purposes()
        for picking in self:
            orders = picking.move_ids.sale_line_id.order_id
            names = purposes.get(picking._origin.id) or orders.sorted("id").mapped("name")
            shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
            picking.supply_purpose = shown or picking.origin

    def _compute_supply_flag(self):
        """An addon that locks shipments says so by ``shipment_locked``; there is none of ours
        that this one could depend on."""
        lockable = "shipment_locked" in self._fields
        for picking in self:
            picking.supply_flag = "locked" if lockable and picking.shipment_locked else False

    @api.depends("supply_late", "supply_kind", "state")
    def _compute_supply_color(self):
        colors = {"receipt": GREEN, "shipment": BLUE}
        for picking in self:
            if picking.supply_late:
                picking.supply_color = RED
            elif picking.state in CLOSED:
                picking.supply_color = GREY
            else:
                picking.supply_color = colors.get(picking.supply_kind, GREY)

    @api.depends("partner_id", "supply_purpose")
    @api.depends_context("supply_calendar", "lang", "uid")
    def _compute_display_name(self):
        """In the week calendar: who and what for instead of the number alone. Words and signs
        alone: it decides nothing."""
        super()._compute_display_name()
        if not self.env.context.get("supply_calendar") or not self.env.user._is_internal():
            return
        for picking in self:
            parts = [picking.partner_id.display_name, picking.supply_purpose, picking.name]
            sign = self.env._("[Locked] ") if picking.supply_flag == "locked" else ""
            arrow = {"receipt": "↓ ", "shipment": "↑ "}.get(picking.supply_kind, "")
            picking.display_name = arrow + sign + " · ".join(filter(None, parts))

    @api.model
    def _supply_day_start(self, company):
        """The beginning of today where the company is, as naive UTC."""
        tz = ZoneInfo(company.partner_id.tz or "UTC")
        local = fields.Datetime.now().replace(tzinfo=UTC).astimezone(tz)
        start = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return start.astimezone(UTC).replace(tzinfo=None)
