from odoo import api, fields, models
from odoo.tools import SQL

TRIGGER = "inventory_link.supply_risk_change_trigger"


class SupplyRiskChange(models.Model):
    """Orders whose delivery risk has to be looked at again. Only inserted and deleted, as
    :class:`supply.change`: a plan in a user's action waits for nobody, and judges nothing."""

    _name = "supply.risk.change"
    _description = "Order Whose Risk May Have Changed"
    _log_access = False
    _rec_name = "order_number"

    order_number = fields.Integer(readonly=True)

    @api.model
    def _add(self, line_ids):
        """Look at the orders of these lines soon after this transaction."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO supply_risk_change (order_number)"
                " SELECT DISTINCT order_id FROM sale_order_line WHERE id = ANY(%s)",
                list(line_ids),
            )
        )
        cron = self.env.ref("inventory_link.sale_order_cron_delivery_risk_changes", False)
        known = self.env.cr.postcommit.data
        # a trigger made inside a savepoint may be gone again
        if cron and not self.env["ir.cron.trigger"].sudo().browse(known.get(TRIGGER)).exists():
            known[TRIGGER] = cron.sudo()._trigger().id

    @api.model
    def _take(self):
        """Ids of the orders that wait, and take them off the list."""
        self.env.cr.execute(
            """
            WITH taken AS (
                DELETE FROM supply_risk_change WHERE id IN (
                    SELECT id FROM supply_risk_change ORDER BY id FOR UPDATE SKIP LOCKED)
                RETURNING order_number
            )
            SELECT DISTINCT order_number FROM taken ORDER BY 1
            """
        )
        return [number for (number,) in self.env.cr.fetchall()]
