from .exposure_steps import ANY, LOWER, SAME, ExposureSteps, SkippedStepError


class ExposureMoneySteps(ExposureSteps):
    """What people do with invoices, payments, bills of exchange and rates."""

    # ------------------------------------------------------------------ invoices

    def _step_invoice(self, partner):
        order = self._one(self._orders(partner))
        invoices = order._create_invoices(final=self.random.random() < 0.5)
        if not invoices:
            raise SkippedStepError
        simple = not any(
            line.qty_invoiced + line.qty_to_invoice > max(line.product_uom_qty, line.qty_delivered)
            for line in order.order_line
            if not line.is_downpayment
        )
        invoices.action_post()
        deducted = any(line.is_downpayment for line in order.order_line)
        return self._kind(order) if simple and not deducted and self._at_list(order) else ANY

    def _at_list(self, order):
        """Invoiced at the order's prices: nobody changed a price between two invoices."""
        return not any("price" in step for step in self.trace)

    def _step_invoice_draft(self, partner):
        order = self._one(self._orders(partner))
        if not order._create_invoices():
            raise SkippedStepError
        return SAME

    def _step_post_draft(self, partner):
        self._one(self._entries(partner, "out_invoice", "out_refund", state="draft")).action_post()
        return ANY

    def _step_delete_draft(self, partner):
        self._one(self._entries(partner, "out_invoice", "out_refund", state="draft")).unlink()
        return SAME

    def _step_down_payment(self, partner):
        order = self._one(self._orders(partner))
        self._create_down_payment_invoice(
            order, "percentage", self.random.choice([10, 30, 100]), post=True
        )
        open_part = order.invoice_status != "invoiced" and not order.invoice_ids[1:]
        return self._kind(order) if open_part and not self._changed(order) else ANY

    def _changed(self, order):
        return any(line.qty_invoiced or line.qty_delivered for line in order.order_line) or any(
            "price" in step or "edit" in step or "cancel" in step for step in self.trace
        )

    def _step_bill_something_else(self, partner):
        values = {"currency_id": self.euro.id} if self.random.random() < 0.3 else {}
        self._bill(partner, self.random.choice([10, 99.99]), **values)
        return ANY

    def _step_draft_of_something_else(self, partner):
        self._bill(partner, 44.4, post=False)
        return SAME

    def _step_credit_note(self, partner):
        invoice = self._one(self._entries(partner, "out_invoice"))
        note = invoice._reverse_moves([{"invoice_date": self.today, "date": self.today}])
        if self.random.random() < 0.2:
            return SAME  # stays a draft
        note.action_post()
        plain = self._plain(partner) and invoice.currency_id == self.company.currency_id
        shared = any(line.is_downpayment for line in invoice.invoice_line_ids.sale_line_ids)
        return LOWER if plain and not shared and self._at_list(invoice) else ANY

    def _step_reset_invoice(self, partner):
        self._one(self._entries(partner, "out_invoice")).button_draft()
        return ANY

    # ------------------------------------------------------------------ money

    def _open_invoice(self, partner):
        invoices = self._entries(partner, "out_invoice")
        return self._one(invoices.filtered(lambda rec: rec.amount_residual > 0))

    def _step_pay(self, partner):
        invoice = self._open_invoice(partner)
        share = self.random.choice([1, 0.5])
        self._register_payment(invoice, amount=round(invoice.amount_residual * share, 2))
        return LOWER if invoice.currency_id == self.company.currency_id else ANY

    def _step_pay_without_invoice(self, partner):
        self.init_payment(self.random.choice([5, 120.5]), post=True, partner=partner)
        return LOWER

    def _payment(self, partner):
        return self._one(
            self.env["account.payment"].search(
                [
                    ("partner_id", "child_of", partner.id),
                    ("state", "in", ("in_process", "paid")),
                    ("move_id.state", "=", "posted"),
                ]
            )
        )

    def _step_unreconcile(self, partner):
        payment = self._payment(partner)
        payment.move_id.line_ids.remove_move_reconcile()
        return self._kind(payment, *self._entries(partner, "out_invoice", "out_refund"))

    def _step_return_payment(self, partner):
        payment = self._payment(partner)
        payment.action_draft()
        payment.action_cancel()
        return ANY

    def _step_reconcile(self, partner):
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", partner.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("currency_id", "=", self.company.currency_id.id),
            ]
        )
        debits, credits = (
            items.filtered(lambda rec: rec.balance > 0),
            items.filtered(lambda rec: rec.balance < 0),
        )
        one, other = self._one(debits), self._one(credits)
        if one.account_id != other.account_id:
            raise SkippedStepError
        (one | other).reconcile()
        return SAME

    def _step_bill_received(self, partner):
        self._received(partner, self.random.choice([20, 333.33]))
        return SAME if self._plain(partner) and not self._foreign(partner) else ANY

    def _running_bill(self, partner, *states):
        bill = self._one(
            self.env["credit.bill"].search(
                [("partner_id", "=", partner.id), ("state", "in", states)]
            )
        )
        return bill.with_user(self.accountant)

    def _step_bill_endorsed(self, partner):
        self._running_bill(partner, "received").action_endorse(self.vendor.id)
        return SAME

    def _step_bill_discounted(self, partner):
        bill = self._running_bill(partner, "received")
        bill.action_discount(self.bank.id, bill.amount)
        return SAME

    def _step_bill_matured(self, partner):
        self._running_bill(partner, "received", "endorsed", "discounted").action_mature(
            self.bank.id
        )
        return LOWER

    def _step_bill_dishonoured(self, partner):
        self._running_bill(partner, "received", "endorsed", "discounted").action_dishonour("退票")
        return SAME if self._plain(partner) and not self._foreign(partner) else ANY

    def _step_bank_returns_payment(self, partner):
        self._payment(partner).with_user(self.accountant).action_return("Not covered")
        return ANY

    def _foreign(self, partner):
        entries = self._entries(partner, "out_invoice", "out_refund")
        return entries.currency_id - self.company.currency_id

    def _step_rate(self, partner):
        self._set_rate(self.euro, self.today, self.random.choice([0.4, 0.5, 0.75]))
        return SAME if self._plain(partner) else ANY
