from odoo import models


class CreditAccount(models.Model):
    """From each figure of an account to the documents that make it."""

    _inherit = "credit.account"

    def action_open_holds(self):
        """The holds of these customers, open ones first."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_hold_action")
        return dict(action, domain=[("account_id", "in", self.ids)], context={})

    def action_open_receivable(self):
        """The open receivable items that make ``receivable``."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.receivable_item_action")
        return dict(
            action,
            domain=[
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            context={},
        )

    def action_open_orders(self):
        """The confirmed orders that these customers pay for."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.sale_order_action")
        return dict(
            action,
            domain=[
                ("state", "=", "sale"),
                ("partner_invoice_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            context={"create": False},
        )

    def action_open_draft_invoices(self):
        """The draft invoices of these customers."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return dict(
            action,
            domain=[
                ("state", "=", "draft"),
                ("move_type", "=", "out_invoice"),
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            context={"create": False},
        )

    def action_open_delivered(self):
        """The goods that left for these customers and aren't invoiced in full, order or none."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("stock.stock_move_action")
        return dict(
            action,
            domain=[
                ("state", "=", "done"),
                ("company_id", "in", self.company_id.ids),
                "|",
                "&",
                (
                    "sale_line_id.order_id.partner_invoice_id.commercial_partner_id",
                    "in",
                    self.partner_id.ids,
                ),
                ("sale_line_id.qty_to_invoice", ">", 0),
                ("credit_account_id", "in", self.ids),
            ],
            context={"create": False},
        )
