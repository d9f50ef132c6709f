from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SalePromiseAccept(models.TransientModel):
    """Asks whether dates that are later than the customer was told are accepted."""

    _name = "sale.promise.accept"
    _description = "Accept Later Dates"

    order_ids = fields.Many2many("sale.order", string="Orders", required=True)
    line_ids = fields.One2many("sale.promise.accept.line", "accept_id")

    @api.model
    def default_get(self, fields):
        """What is later than told right now."""
        values = super().default_get(fields)
        commands = values.get("order_ids") or []
        ids = self.new({"order_ids": commands}).order_ids._origin.ids
        orders = self.env["sale.order"].browse(ids)
        orders.check_access("read")
        values["line_ids"] = [
            Command.create(
                {
                    "sale_line_id": line.id,
                    "told_date": told,
                    "new_date": day,
                    "reason": reason,
                }
            )
            for rows in orders._later_than_told().values()
            for line, told, day, reason in rows
        ]
        return values

    def action_accept(self):
        """Accept what is listed and confirm the orders.

        :raise UserError: it has become even later since the list was made
        """
        self.ensure_one()
        orders = self.order_ids
        orders.check_access("write")
        shown = {line.sale_line_id: line.new_date for line in self.line_ids}
        later = orders._later_than_told()
        for rows in later.values():
            for line, _told, day, _reason in rows:
                if line not in shown or (shown[line] and (not day or day > shown[line])):
                    raise UserError(
                        self.env._(
                            "The dates have changed again. Close this window and confirm anew to"
                            " see them."
                        )
                    )
        for order, rows in later.items():
            order._accept_later_dates(rows)
        orders.action_confirm()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
