from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import records
from ..tools.cure import shipment_error


class StockPicking(models.Model):
    _name = "stock.picking"
    _inherit = ["stock.picking", "suite.decision.mixin"]

    credit_hold_ids = fields.One2many(
        "credit.hold",
        "picking_id",
        "Credit Holds",
        readonly=True,
        copy=False,
        groups="sales_team.group_sale_salesman,account.group_account_readonly,"
        "account.group_account_invoice,credit_risk.group_credit_controller",
    )
    shipment_locked = fields.Boolean(
        compute="_compute_shipment_locked", search="_search_shipment_locked", compute_sudo=True
    )
    credit_state = fields.Selection(
        [
            ("clear", "Clear"),
            ("warning", "Warning"),
            ("hold", "Shipment Locked"),
            ("released", "Released"),
        ],
        "Credit",
        compute="_compute_shipment_locked",
        compute_sudo=True,
    )
    credit_message = fields.Text(compute="_compute_shipment_locked", compute_sudo=True)

    # ------------------------------------------------------------------ computes

    @api.depends_context("lang")
    @api.depends(
        "state",
        "partner_id",
        "sale_id",
        "location_dest_id",
        "credit_hold_ids.state",
        "move_ids.product_uom_qty",
        "move_ids.quantity",
        "move_line_ids.location_dest_id",
    )
    def _compute_shipment_locked(self):
        self.shipment_locked = False
        self.credit_state = "clear"
        self.credit_message = False
        open_moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        groups = open_moves._credit_outgoing()._credit_moves_by_account(make=False)
        groups.pop(self.env["credit.account"].sudo(), None)
        figures = self.env["credit.account"].sudo().union(*groups)._figures()
        released = self._credit_released()
        for account, moves in groups.items():
            reasons = figures[account.id].reasons()
            if reasons:
                for picking in moves.picking_id:
                    picking._set_credit_state(account, figures[account.id], reasons, released)

    def _set_credit_state(self, account, figures, reasons, released):
        if self in released:
            self.credit_state = "released"
            return
        locked = account.company_id.credit_control == "block"
        self.shipment_locked = locked
        self.credit_state = "hold" if locked else "warning"
        self.credit_message = shipment_error(account, figures, reasons, 0.0)

    def _search_shipment_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        accounts = self.env["credit.account"].sudo().search([("is_locked", "=", True)])
        pickings = self.env["stock.picking"].sudo()._credit_open_deliveries(accounts)
        return Domain("id", "in", [picking.id for picking in pickings])

    # ------------------------------------------------------------------ actions

    def button_validate(self):
        """Leave locked deliveries out, with their reason; the others go through.

        :raise UserError: nothing is left to validate
        """
        locked = self.filtered(lambda rec: rec.state not in ("done", "cancel")).filtered(
            "shipment_locked"
        )
        if not locked:
            return super().button_validate()
        others = self - locked
        if all(rec.state in ("done", "cancel") for rec in others):
            raise UserError("\n\n".join(dict.fromkeys(rec.credit_message or "" for rec in locked)))
        locked._credit_open_holds()
        for picking in locked:
            picking.message_post(body=picking._credit_message_for_all())
        context = {"button_validate_picking_ids": others.ids}
        return super(StockPicking, others.with_context(**context)).button_validate()

    def action_open_credit_hold(self):
        """The holds of this delivery."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("credit_risk.credit_hold_action")
        return dict(action, domain=[("picking_id", "in", self.ids)], context={})

    # ------------------------------------------------------------------ business

    @api.model
    def _credit_open_deliveries(self, accounts):
        """``{open delivery: account of its payer}`` without those that are released."""
        partners = accounts.partner_id
        if not partners:
            return {}
        pickings = self.search(
            Domain("state", "not in", ("draft", "done", "cancel"))
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("company_id", "in", accounts.company_id.ids)
            & (
                Domain("sale_id.partner_invoice_id.commercial_partner_id", "in", partners.ids)
                | (
                    Domain("sale_id", "=", False)
                    & Domain("partner_id.commercial_partner_id", "in", partners.ids)
                )
            )
        )
        pickings -= pickings._credit_released()
        by_key = {(account.partner_id, account.company_id): account for account in accounts}
        found = {}
        for picking in pickings:
            payer = picking.sale_id.partner_invoice_id or picking.partner_id
            account = by_key.get((payer.commercial_partner_id, picking.company_id))
            if account:
                found[picking] = account
        return found

    def _credit_released(self):
        """The deliveries that a person's release (of the order or of themselves) covers."""
        return self.filtered(lambda picking: picking.sudo()._credit_is_released())

    def _credit_is_released(self):
        """Whether a release covers all goods of this delivery as they are now; sudo."""
        self.ensure_one()
        released = self.credit_hold_ids.filtered(lambda hold: hold.state == "released")
        if released and released._covers(self._credit_goods_amount()):
            return True
        order = self.sale_id
        if not order.credit_hold_ids.filtered(lambda hold: hold.state == "released"):
            return False
        if any(move.sale_line_id.order_id != order for move in self.move_ids):
            return False
        over = self.move_ids._credit_over_delivery()
        return order._credit_is_released(over.get(order, 0.0))

    def _credit_goods_amount(self):
        """Value of the delivery's goods, tax included, in the company's currency.

        Counted with what was asked or what was picked, whichever is more.
        """
        total = 0.0
        for move in self.move_ids.filtered(lambda rec: rec.state != "cancel"):
            line, quantity = move.sale_line_id, max(move.product_uom_qty, move.quantity)
            if not line or line.product_id != move.product_id:
                total += move._credit_value(quantity)
                continue
            quantity = move.product_uom._compute_quantity(
                quantity, line.product_uom_id, round=False
            )
            total += quantity * line._credit_unit_value()
        return self.company_id.currency_id.round(total)

    def _credit_open_holds(self):
        """Put the holds of these locked deliveries into the queue."""
        groups = self.sudo().move_ids._credit_outgoing()._credit_moves_by_account()
        accounts = self.env["credit.account"].sudo().union(*groups)
        accounts._sync_shipment_holds()

    @api.model
    def _credit_sync_holds(self, accounts, locked, figures):
        """Each open delivery of a locked account has one open hold; others have none."""
        holds = self.env["credit.hold"].search(
            [
                ("state", "=", "open"),
                ("picking_id", "!=", False),
                ("account_id", "in", accounts.ids),
            ]
        )
        wanted = self._credit_open_deliveries(locked)
        stale = holds.filtered(lambda hold: hold.picking_id not in wanted)
        stale._close()
        for hold in holds - stale:
            hold._refresh(figures[hold.account_id.id], 0.0, hold.picking_id._credit_goods_amount())
        values, decisions = [], []
        missing = {key: value for key, value in wanted.items() if key not in holds.picking_id}
        # Of two transactions that would make the same hold the second is run again by Odoo.
        self.env["credit.account"].union(*missing.values())._bump()
        for picking, account in missing.items():
            found = figures[account.id]
            reasons = found.reasons()
            decisions.append(records.check_decision(picking, account, found, reasons, "hold"))
            values.append(
                holds._prepare_hold(account, found, 0.0, picking.sale_id or picking)
                | {
                    "picking_id": picking.id,
                    "requested_by_id": self.env.uid,
                    "amount": picking._credit_goods_amount(),
                }
            )
        holds.create(values)
        self.env["suite.decision"]._record(decisions)
