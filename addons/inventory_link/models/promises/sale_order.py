from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """When an order can be delivered."""

    _inherit = "sale.order"

    def get_promises(self):
        """When each line can be delivered, from stock, open orders, vendors and production.

        Works on quotations: their lines get what isn't promised to anybody else (orders,
        reservations, orders on hold that are planned for), in the order of the lines; nobody's
        promise gets later by them. Nothing is stored or reserved. Confirmed lines tell what the
        plan says today.

        :return: list of ``{"line_id", "date", "splits": [{"quantity", "date"}], "driver",
            "late_days", "earlier": [{"date", "text"}], "condition", "reserved"}``; ``date`` is
            ``False`` when a part can't be had (the driver says why); quantities are in the line's
            unit; ``late_days`` are days after the delivery date that the order asks for;
            ``earlier`` says what would bring the date forward; ``condition`` what it depends on
            besides goods and time, empty when on nothing
        :raise UserError: more than one company
        """
        self.check_access("read")
        promises = self._line_promises()
        return list(promises.values())

    def _line_promises(self, lines=None):
        """Promises by line, also of records that aren't saved yet: see :meth:`get_promises`.

        :param lines: only these lines
        """
        if len(self.company_id) > 1:
            raise UserError(self.env._("Ask for the promises of one company at a time."))
        lines = (self.order_line if lines is None else lines).filtered(
            lambda line: not line.display_type and line.product_id.type == "consu"
        )
        confirmed = lines.filtered(lambda line: line.state == "sale")
        quoted = lines - confirmed
        result = {line: line._stored_promise() for line in confirmed}
        result |= quoted._quoted_promises()
        conditions = self.env["suite.outlook"]._conditions(quoted.order_id) if quoted else {}
        for line in quoted:
            result[line]["condition"] = conditions.get(line.order_id, "")
        return {line: result[line] for line in lines}

    def _wished_day(self):
        """The day that the customer asked for in the company's time zone, or ``None``."""
        self.ensure_one()
        if not self.commitment_date:
            return None
        zone = self.company_id.partner_id.tz or "UTC"
        return fields.Datetime.context_timestamp(
            self.with_context(tz=zone), self.commitment_date
        ).date()
