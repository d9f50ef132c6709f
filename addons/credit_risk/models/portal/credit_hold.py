from markupsafe import Markup

from odoo import fields, models

from ...tools import origin


class CreditHold(models.Model):
    _inherit = "credit.hold"

    source = fields.Selection(
        [
            (origin.SCREEN, "Screen"),
            (origin.PORTAL, "Customer Portal"),
            (origin.PAYMENT, "Online Payment"),
            (origin.IMPORT, "Import"),
            (origin.PROGRAM, "Other Program"),
            (origin.SYSTEM, "System"),
        ],
        "Came From",
        default=lambda self: origin.current(self.env.cr),
        readonly=True,
        help="Where the order was confirmed, or what locked the delivery.",
    )
    accepted_by = fields.Char(readonly=True, help="Who signed the order for the customer.")
    accepted_on = fields.Datetime(readonly=True)
    notify_customer = fields.Boolean(
        "Mail Due",
        readonly=True,
        help="The customer gets the confirmation by mail as soon as the order is confirmed.",
    )

    def _customer_accepted(self, source):
        """The customer signed or paid an order that credit holds: keep it and tell its seller."""
        for hold in self.sudo():
            order = hold.sale_order_id
            hold.write(
                {"source": source, "accepted_by": order.signed_by, "accepted_on": order.signed_on}
            )
            if not hold.activity_id:
                hold._tell_salesperson()
            activity = hold.activity_id.with_context(lang=hold.activity_id.user_id.lang)
            activity.note = Markup("%s<p>%s</p>") % (
                activity.note or "",
                hold.with_env(activity.env)._acceptance_text(),
            )
            order.message_post(body=hold._acceptance_text())

    def _acceptance_text(self):
        self.ensure_one()
        if self.source == origin.PAYMENT:
            return self.env._(
                "The customer has paid online. The order waits for credit; the customer has been "
                "told that it is being checked."
            )
        return self.env._(
            "%(name)s has signed for the customer. The order waits for credit; the customer has "
            "been told that it is being checked.",
            name=self.accepted_by or self.partner_id.display_name,
        )

    def _tell_salesperson(self, *args, **kwargs):
        """An order without a salesperson is told to whoever answers for it."""
        order = self.sale_order_id
        if order and not self.user_id and (contact := order._credit_contact()):
            self.user_id = contact
        return super()._tell_salesperson(*args, **kwargs)

    def _decide(self, state, *args, **kwargs):
        """A rejected order is a quotation again, also to its customer."""
        result = super()._decide(state, *args, **kwargs)
        if state == "rejected" and self.sale_order_id:
            self.notify_customer = False
            self.sale_order_id._credit_quote_again(self)
        return result
