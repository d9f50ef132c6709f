import logging

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from ..tools import records
from ..tools.cure import Facts
from ..tools.documents import judge_order
from ..tools.rules import LIMIT
from ..tools.umbrellas import take

_logger = logging.getLogger(__name__)


class CreditHold(models.Model):
    """How holds are made, kept up to date, and end by themselves."""

    _inherit = "credit.hold"

    def _document(self):
        """The order, delivery or invoice that waits."""
        return self.sale_order_id or self.picking_id or self.move_id

    def _covers(self, amount):
        """Whether one of these holds is a release that still covers the amount.

        :param amount: in the company's currency
        """
        for hold in self:
            if hold.state != "released" or (hold.automatic and not hold.partial):
                continue
            if hold.valid_until and hold.valid_until < hold.company_id._credit_today():
                continue
            allowed = hold.approved_amount * (1 + hold.deviation_percent / 100)
            digits = hold.currency_id.decimal_places
            asked = amount * (hold.currency_rate or 1.0)
            if float_compare(asked, allowed, precision_digits=digits) <= 0:
                return True
        return False

    def _close(self):
        """The reason is gone, or the document is."""
        holds = self.filtered(lambda hold: hold.state in ("open", "released"))
        (holds.activity_id | holds.activity_ids).unlink()
        waiting = holds.filtered(lambda hold: hold.state == "open").sale_order_id
        holds.write({"state": "closed"})
        if waiting:
            self.env["suite.outlook"]._changed(waiting)

    @api.model
    def _close_shipped(self, pickings):
        """Deliveries that are done or cancelled need no decision any more."""
        over = pickings.filtered(lambda picking: picking.state in ("done", "cancel"))
        self.search([("picking_id", "in", over.ids), ("state", "=", "open")])._close()

    @api.model
    def _release_what_fits(self, accounts, cause):
        """Confirm held orders that fit now: oldest first, each counted for the next one.

        One that doesn't fit doesn't stop later ones that do. An order that can't be confirmed
        for another reason keeps its hold and gets a note; what freed the credit goes on.
        """
        holds = self.search(
            [
                ("state", "=", "open"),
                ("picking_id", "=", False),
                ("account_id", "in", accounts.ids),
            ],
            order="priority desc, create_date, id",
        )
        if not holds:
            return
        accounts = holds.account_id
        accounts._bump()
        figures = accounts._figures()
        for hold in holds:
            found = figures[hold.account_id.id]
            document, verdict = hold._judge(found)
            if not verdict.blocking and hold._try_release(cause):
                take(figures, hold.account_id.id, document.added)
            elif hold.state == "open":
                hold._refresh(hold._fresh_values(found, verdict))

    def _try_release(self, cause):
        """Release one hold by itself; False if its order can't be confirmed now."""
        try:
            with self.env.cr.savepoint():
                self._release(cause, automatic=True)
        except (UserError, ValidationError) as error:
            _logger.info("Order of hold %s fits but can't be confirmed: %s", self.id, error)
            self.invalidate_recordset()
            self.message_post(
                body=self.env._("Fits again, but can't be confirmed: %(error)s", error=str(error))
            )
            return False
        return True

    def _refresh_open(self):
        """Bring the open ones of these holds up to date with their documents."""
        holds = self.filtered(lambda hold: hold.state == "open")
        figures = holds.account_id._figures()
        for hold in holds:
            found = figures[hold.account_id.id]
            __, verdict = hold._judge(found)
            fresh = hold._fresh_values(found, verdict)
            if not verdict.blocking:  # it goes with the next event; whoever decides sees its size
                fresh = {"amount": fresh["amount"]}
            hold._refresh(fresh)

    @api.model
    def _refresh_age(self):
        """Open holds grow older without any event."""
        self.invalidate_model(["age_days"])
        for hold in self.search([("state", "=", "open"), ("age_class", "!=", "old")]):
            if hold.age_class != hold._age_class():
                hold.age_class = hold._age_class()

    def _judge(self, figures):
        """``(document, verdict)`` as the rules see the hold's document now."""
        self.ensure_one()
        if self.sale_order_id:
            order = self.sale_order_id
            return judge_order(order, figures, order._credit_amounts()[order.id])
        if self.picking_id:
            return None, self.picking_id._credit_verdict(figures)
        document = self.move_id._credit_document(figures)
        return document, figures.judge(document)

    def _fresh_values(self, figures, verdict):
        amount = figures.convert(self._current_amount())
        return records.hold_values(figures, verdict, amount, self.account_id.currency_id)

    def _refresh(self, fresh):
        """Bring the numbers of an open hold up to date (written only when they differ)."""
        changed = {}
        for name, value in fresh.items():
            now = self[name].id if name == "currency_id" else self[name]
            if now != value:
                changed[name] = value
        if changed:
            self.write(changed)

    def _cure_facts(self):
        """``{hold id: what its cure depends on}``; figures and items are read once for all."""
        accounts = self.account_id
        figures = accounts._figures() if accounts else {}
        items = accounts._credit_open_items() if accounts else {}
        net = self.sale_order_id._credit_net_new()
        amounts = self.sale_order_id._credit_amounts() if self.sale_order_id else {}
        facts = {}
        for hold in self:
            order, account = hold.sale_order_id, hold.account_id
            new = net.get(order.id, amounts.get(order.id, 0.0)) if order else 0.0
            fits = hold._what_fits(figures[account.id]) if hold.reason_codes == LIMIT else ()
            facts[hold.id] = Facts(
                codes=tuple((hold.reason_codes or "").split(",")),
                currency=hold.currency_id,
                excess=hold.excess_amount,
                raise_by=hold.raise_amount,
                limit=hold.limit_amount,
                shared_limit=hold.shared_limit or "",
                overdue=hold.overdue_amount,
                overdue_days=hold.overdue_days,
                valid_to=account.limit_valid_to,
                milestone=hold.milestone_amount,
                manual_reason=account.manual_hold_reason or "",
                items=items.get(account.id, ()),
                net_new=new * (hold.currency_rate or 1.0),
                fits=tuple((line.product_id.display_name, fit, every) for line, fit, every in fits),
            )
        return facts
