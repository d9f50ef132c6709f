from odoo import api, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class SuiteOutlook(models.AbstractModel):
    _inherit = "suite.outlook"

    @api.model
    def _held_days(self, order_ids, since):
        """How long the order or one of its deliveries was held, in days with their fraction; two
        holds at one time count once."""
        result = super()._held_days(order_ids, since)
        if not order_ids:
            return result
        self.env["credit.hold"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT x.order_id, sum(extract(epoch FROM upper(r) - lower(r))) / 86400.0
                  FROM (
                    SELECT v.order_id, range_agg(tsrange(
                               GREATEST(h.create_date, v.since),
                               GREATEST(
                                   CASE WHEN h.state = 'open' THEN now() AT TIME ZONE 'UTC'
                                        ELSE COALESCE(h.released_date, h.write_date) END,
                                   h.create_date, v.since))) AS ranges
                      FROM (
                        SELECT d.order_id, d.day::timestamp
                               AT TIME ZONE COALESCE(p.tz, 'UTC') AT TIME ZONE 'UTC' AS since
                          FROM unnest(%(orders)s::int[], %(days)s::date[]) AS d (order_id, day)
                          JOIN sale_order so ON so.id = d.order_id
                          JOIN res_company c ON c.id = so.company_id
                          JOIN res_partner p ON p.id = c.partner_id
                      ) v
                      JOIN credit_hold h ON h.sale_order_id = v.order_id
                           OR h.picking_id IN (
                              SELECT p.id FROM stock_picking p WHERE p.sale_id = v.order_id)
                     GROUP BY v.order_id
                  ) x, unnest(x.ranges) AS r
                 GROUP BY x.order_id
                """,
                orders=list(order_ids),
                days=[since[number] for number in order_ids],
            )
        )
        for order, days in self.env.cr.fetchall():
            if days > 0:
                result[order] = result.get(order, 0) + float(days)
        return result

    @api.model
    def _risky_orders(self, order_ids):
        """Orders of customers who are late with paying, or who have used up their limit: their
        deliveries may be locked on the day. One reading of the figures for all of them."""
        result = super()._risky_orders(order_ids)
        payers = self._credit_payers(order_ids)
        numbers = sorted({account for account, _partner in payers.values()})
        figures = self.env["credit.account"].sudo().browse(numbers)._figures() if numbers else {}
        for order, (account, partner) in payers.items():
            found = figures.get(account)
            if found is None:
                continue
            customer = {"model": "res.partner", "id": partner}
            if found.overdue_blocking:
                result[order] = (
                    _lt("%(customer)s is late with paying.", customer=customer),
                    _lt("Have the overdue invoices paid before the goods leave."),
                )
            elif not found.unlimited and found.available < 0:
                result[order] = (
                    _lt("%(customer)s is over the credit limit.", customer=customer),
                    _lt("Ask for a payment, or for a higher limit, before the goods leave."),
                )
        return result

    @api.model
    def _credit_payers(self, order_ids):
        """``{order id: (credit account id, partner id)}`` where credit is controlled."""
        if not order_ids:
            return {}
        self.env["sale.order"].flush_model(["partner_invoice_id", "company_id"])
        self.env.cr.execute(
            SQL(
                """
                SELECT so.id, a.id, a.partner_id
                  FROM sale_order so
                  JOIN res_company c ON c.id = so.company_id
                       AND COALESCE(c.credit_control, 'off') != 'off'
                  JOIN res_partner p ON p.id = so.partner_invoice_id
                  JOIN credit_account a ON a.company_id = so.company_id
                       AND a.partner_id = p.commercial_partner_id
                 WHERE so.id = ANY(%s)
                """,
                list(order_ids),
            )
        )
        return {order: (account, partner) for order, account, partner in self.env.cr.fetchall()}
