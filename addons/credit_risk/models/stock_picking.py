from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import records
from ..tools.cure import shipment_errors
from ..tools.rules import Verdict


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
    credit_message = fields.Text(compute="_compute_credit_message", compute_sudo=True)
    credit_part_fits = fields.Boolean(compute="_compute_credit_part_fits", compute_sudo=True)

    # ------------------------------------------------------------------ computes

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
        judged = self._credit_blocked()
        released = self._credit_released() if judged else self.browse()
        for account, __, moves, __ in judged:
            for picking in moves.picking_id & self:
                picking._set_credit_state(account, released)

    @api.depends_context("lang", "uid")
    @api.depends("shipment_locked", "credit_state")
    def _compute_credit_message(self):
        """What blocks and what helps, apart: lists show the state alone.

        The text is another one for each reader: see ``tools/cure.shipment_errors``.
        """
        self.credit_message = False
        told = self.filtered(lambda rec: rec.credit_state in ("hold", "warning"))
        judged = self._credit_blocked() if told else []
        texts = shipment_errors(
            [(account, figures, verdict) for account, figures, __, verdict in judged]
        )
        for (__, __, moves, __), text in zip(judged, texts, strict=True):
            (moves.picking_id & told).credit_message = text

    def _credit_blocked(self):
        """``[(account, figures, moves, verdict)]`` of what blocks goods of these deliveries."""
        open_moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        judged = open_moves._credit_outgoing()._credit_judge(make=False)
        return [one for one in judged if one[3].blocking]

    @api.depends("credit_hold_ids.state", "state")
    def _compute_credit_part_fits(self):
        for picking in self:
            hold = picking.credit_hold_ids.filtered(lambda rec: rec.state == "open")
            picking.credit_part_fits = bool(hold and hold[0]._what_fits())

    def _set_credit_state(self, account, released):
        if self in released:
            self.credit_state = "released"
            return
        locked = account.company_id.credit_control == "block"
        self.shipment_locked = locked
        self.credit_state = "hold" if locked else "warning"

    def _search_shipment_locked(self, operator, value):
        if operator != "in":
            return NotImplemented
        accounts = self.env["credit.account"].sudo().search([("is_locked", "=", True)])
        pickings = self.env["stock.picking"].sudo().browse()
        pickings = pickings.union(*pickings._credit_open_deliveries(accounts))
        # Payment milestones and the like lock single deliveries of customers who are free.
        held = (
            self.env["credit.hold"]
            .sudo()
            .search([("state", "=", "open"), ("picking_id", "!=", False)])
        )
        pickings = (pickings | held.picking_id).filtered("shipment_locked")
        return Domain("id", "in", pickings.ids)

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

    def action_ship_what_fits(self):
        """Set the quantities that fit the limit, to be validated with a backorder.

        :raise UserError: nothing fits, or more than the limit speaks against it
        """
        self.ensure_one()
        self.check_access("write")
        hold = self.sudo().credit_hold_ids.filtered(lambda rec: rec.state == "open")
        if not hold:
            raise UserError(self.env._("%(delivery)s isn't on hold.", delivery=self.name))
        return hold.action_ship_what_fits()

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
        pickings = self.sudo()
        (pickings.credit_hold_ids | pickings.sale_id.credit_hold_ids).mapped("state")  # one query
        return self.filtered(lambda picking: picking.sudo()._credit_is_released())

    def _credit_is_released(self):
        """Whether a release covers all goods of this delivery as they are now; sudo."""
        self.ensure_one()
        released = self.credit_hold_ids.filtered(lambda hold: hold.state == "released")
        whole = released.filtered(lambda hold: not hold.partial)
        if whole and whole._covers(self._credit_goods_amount()):
            return True
        part = released - whole
        if part and part._covers(self.move_ids._credit_picked_value()):
            return True
        order = self.sale_id
        if not order.credit_hold_ids.filtered(lambda hold: hold.state == "released"):
            return False
        if any(move.sale_line_id.order_id != order for move in self.move_ids):
            return False
        over = self.move_ids._credit_over_delivery()
        return order._credit_is_released(over.get(order, 0.0))

    def _credit_goods_amount(self):
        """Value of the delivery's goods, tax included, in the company's currency."""
        return self.move_ids._credit_goods_value()

    def _credit_verdict(self, figures):
        """What speaks against this delivery; of several orders, the one with most of it."""
        self.ensure_one()
        moves = self.move_ids.filtered(lambda move: move.state not in ("done", "cancel"))
        verdicts = [
            goods._credit_judge_goods(order, figures)[1]
            for order, goods in moves._credit_by_order()
        ]
        return max(verdicts, key=lambda verdict: len(verdict.blocking), default=Verdict())

    def _credit_open_holds(self):
        """Put the holds of these locked deliveries into the queue."""
        groups = self.sudo().move_ids._credit_outgoing()._credit_moves_by_account()
        accounts = self.env["credit.account"].sudo().union(*groups)
        accounts._sync_shipment_holds()

    @api.model
    def _credit_sync_holds(self, accounts):
        """Each open delivery that is locked has one open hold; others have none."""
        figures = accounts._figures()
        holds = self.env["credit.hold"].search(
            [
                ("state", "=", "open"),
                ("picking_id", "!=", False),
                ("account_id", "in", accounts.ids),
            ]
        )
        wanted = {}
        for picking, account in self._credit_open_deliveries(accounts).items():
            verdict = picking._credit_verdict(figures[account.id])
            if verdict.blocking:
                wanted[picking] = (account, verdict)
        holds.filtered(lambda hold: hold.picking_id not in wanted)._close()
        for hold in holds.filtered(lambda hold: hold.picking_id in wanted):
            __, verdict = wanted[hold.picking_id]
            hold._refresh(hold._fresh_values(figures[hold.account_id.id], verdict))
        missing = {
            picking: found
            for picking, found in wanted.items()
            if picking not in holds.picking_id and not picking._credit_was_rejected()
        }
        # Of two transactions that would make the same hold the second is run again by Odoo.
        accounts.browse().union(*(account for account, __ in missing.values()))._bump()
        self._credit_make_holds(missing, figures)

    @api.model
    def _credit_make_holds(self, missing, figures):
        """Open the holds of deliveries that became locked: ``{delivery: (account, verdict)}``."""
        values, decisions = [], []
        for picking, (account, verdict) in missing.items():
            found = figures[account.id]
            decisions.append(records.check_decision(picking, account, found, verdict, "hold"))
            amount = found.convert(picking._credit_goods_amount())
            values.append(
                records.hold_values(found, verdict, amount, account.currency_id)
                | {
                    "account_id": account.id,
                    "user_id": (picking.sale_id or picking).user_id.id,
                    "picking_id": picking.id,
                    "requested_by_id": self.env.uid,
                }
            )
        self.env["credit.hold"].create(values)
        self.env["suite.decision"]._record(decisions)

    def _credit_was_rejected(self):
        """Whether somebody has refused to let this delivery go: it stays locked, undisputed."""
        return self.credit_hold_ids.sorted("id")[-1:].state == "rejected"

    def _credit_pick_what_fits(self, hold, quantities):
        """Set the quantities that fit the limit and release just these.

        :param hold: the open hold of this delivery
        :param quantities: ``{move: quantity that fits}``
        """
        self.ensure_one()
        for move in self.move_ids.filtered(lambda rec: rec.state not in ("done", "cancel")):
            move.quantity = quantities.get(move, 0.0)
            move.picked = bool(quantities.get(move))
        hold._release_part(
            sum(move._credit_line_value(quantity) for move, quantity in quantities.items())
        )
        return True
