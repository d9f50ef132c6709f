from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import origin

BY_CUSTOMER = (origin.PORTAL, origin.PAYMENT)
FOR_EMPLOYEES = {"partner_credit_warning", "remainder_closed"}


class SaleOrder(models.Model):
    """What the customer sees of an order that waits for credit: that it was received."""

    _inherit = "sale.order"

    is_being_checked = fields.Boolean(
        compute="_compute_is_being_checked",
        search="_search_is_being_checked",
        compute_sudo=True,
        help="Received and not confirmed yet; all that the customer is told.",
    )

    # ------------------------------------------------------------------ computes

    @api.depends("state", "credit_hold_ids.state")
    def _compute_is_being_checked(self):
        for order in self:
            order.is_being_checked = order.state in ("draft", "sent") and any(
                hold.state == "open" for hold in order.credit_hold_ids
            )

    def _search_is_being_checked(self, operator, value):
        if operator != "in":
            return NotImplemented
        holds = self.env["credit.hold"].sudo()
        found = holds.search(
            [("state", "=", "open"), ("sale_order_id.state", "in", ("draft", "sent"))]
        )
        return Domain("id", "in", found.sale_order_id.ids)

    @api.depends("state", "credit_hold_ids.state")
    def _compute_type_name(self):
        super()._compute_type_name()
        for order in self.filtered("is_being_checked"):
            order.type_name = self.env._("Order")

    @api.depends("state", "validity_date", "credit_hold_ids.state")
    def _compute_is_expired(self):
        """What was accepted in time doesn't expire while we check it."""
        super()._compute_is_expired()
        self.filtered(lambda order: order.is_expired and order.is_being_checked).is_expired = False

    def _can_be_edited_on_portal(self):
        """What the customer has accepted isn't edited while we check it."""
        return super()._can_be_edited_on_portal() and not self.is_being_checked

    def _has_field_access(self, field, operation):
        """Customers may read their orders, also by RPC: nothing about their credit."""
        private = field.name.startswith("credit_") or field.name in FOR_EMPLOYEES
        if private and not self.env.su and not self.env.user._is_internal():
            return False
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------------ actions

    def action_confirm(self):
        """Tell the customer when it is confirmed, not when it is held."""
        mail = bool(self.env.context.get("send_email"))
        due = self.browse() if mail else self._credit_mail_due()
        if due:
            # one after the other: the first ones are served first
            for order in self:
                (order.with_context(send_email=True) if order in due else order).action_confirm()
            return True
        result = super().action_confirm()
        self.sudo()._credit_answer_customer(mail)
        return result

    @api.model
    def load(self, fields, data):
        """Holds that an import makes say so."""
        with origin.coming_from(self.env.cr, origin.IMPORT):
            return super().load(fields, data)

    # ------------------------------------------------------------------ business

    def _credit_mail_due(self):
        """Those whose customers wait for the confirmation by mail."""
        holds = self.sudo().credit_hold_ids.filtered(
            lambda hold: hold.notify_customer and hold.state in ("open", "released")
        )
        return self.filtered(lambda order: order.id in holds.sale_order_id.ids)

    def _credit_answer_customer(self, mail):
        """After an attempt to confirm: keep what is due to the customer; ``self`` is sudo.

        :param bool mail: the customer should get the confirmation by mail
        """
        holds = self.credit_hold_ids
        waiting = holds.filtered(
            lambda hold: hold.state == "open" and hold.sale_order_id.state in ("draft", "sent")
        )
        if mail:
            waiting.filtered(lambda hold: not hold.notify_customer).notify_customer = True
        source = origin.current(self.env.cr)
        if source in BY_CUSTOMER:
            waiting._customer_accepted(source)
        for hold in waiting.filtered(lambda hold: not hold.accepted_by):
            order = hold.sale_order_id
            if order.signature:  # signed before, as the rest of a split order is
                hold.write(
                    {
                        "accepted_by": order.signed_by,
                        "accepted_on": order.signed_on,
                        "notify_customer": True,
                    }
                )
        due = holds.filtered(
            lambda hold: hold.notify_customer and hold.sale_order_id.state == "sale"
        )
        due.notify_customer = False

    def _prepare_credit_rest(self):
        """The customer's signature is for the whole order: the rest isn't signed again."""
        values = super()._prepare_credit_rest()
        if self.signature:
            names = ("signature", "signed_by", "signed_on")
            values |= {name: self[name] for name in names}
        return values

    def _credit_contact(self):
        """Who in the house answers for an order that has no salesperson."""
        self.ensure_one()
        order = self.sudo()
        users = (order.user_id, order.team_id.user_id, order.create_uid)
        for user in (*users, order.company_id.receivable_user_id):
            if user.active and not user.share and user.id != self.env.ref("base.user_root").id:
                return user
        return self.env["res.users"]

    def _credit_quote_again(self, hold):
        """After a rejection the customer may review, sign or decline the quotation again.

        What was signed stays on record: in the messages, and by name and time on the hold.
        """
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return
        values = {}
        if self.signature:
            hold.write({"accepted_by": self.signed_by, "accepted_on": self.signed_on})
            values = {"signature": False, "signed_by": False, "signed_on": False}
        if self.state == "draft" and (values or hold.source in BY_CUSTOMER):
            values["state"] = "sent"
        if values:
            self.write(values)
