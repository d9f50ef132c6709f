from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class CreditBill(models.Model):
    """The journal entries of the steps; all in the bill's currency at the rate of the day, what
    rates do to open items is Odoo's matching. ``self`` is one bill with the system's rights."""

    _inherit = "credit.bill"

    # ------------------------------------------------------------------ business: the entries

    def _post_receipt(self, date):
        """Bills receivable to the customer's receivable, matched with what it pays."""
        customer = self.partner_id.commercial_partner_id
        items = self._open_items(customer, "asset_receivable", self.invoice_ids)
        own = customer.with_company(self.company_id).property_account_receivable_id
        shares = self._shares(items, own, date)
        legs = [self._leg(self.bill_account_id, self.amount, customer, self.maturity_date)]
        legs += [self._leg(account, -share, customer, date) for account, share in shares.items()]
        lines = self._post_entry(
            date, self.env._("Bill %(number)s received", number=self.name), legs
        )
        self._match(lines[1:], items)
        paid = self.invoice_ids | lines.matched_debit_ids.debit_move_id.move_id
        paid = paid.filtered(lambda move: move.move_type == "out_invoice")
        self._keep({"receipt_move_id": lines.move_id.id, "invoice_ids": [Command.set(paid.ids)]})

    def _post_endorsement(self, date, vendor, vendor_bills):
        """Vendor's payable to bills receivable, matched with what it pays."""
        vendor = vendor.commercial_partner_id
        items = self._open_items(vendor, "liability_payable", vendor_bills)
        own = vendor.with_company(self.company_id).property_account_payable_id
        shares = self._shares(items, own, date)
        legs = [self._bill_leg(date)]
        legs += [self._leg(account, share, vendor, date) for account, share in shares.items()]
        text = self.env._("Bill %(number)s endorsed", number=self.name)
        lines = self._post_entry(date, text, legs)
        self._match(lines[1:], items)
        self._match_bill_lines()

    def _post_discount(self, date, journal, cost):
        """Bank and cost to bills receivable."""
        customer = self.partner_id.commercial_partner_id
        legs = [self._bill_leg(date)]
        if cost:
            expense = self.company_id._get_credit_discount_account()
            legs.append(self._leg(expense, cost, customer, date))
        proceeds = self.amount - cost
        legs.append(self._leg(self._bank_account(journal), proceeds, customer, date))
        text = self.env._("Bill %(number)s discounted", number=self.name)
        self._post_entry(date, text, legs)
        self._match_bill_lines()

    def _post_maturity(self, date, journal):
        """Bank to bills receivable."""
        customer = self.partner_id.commercial_partner_id
        legs = [
            self._bill_leg(date),
            self._leg(self._bank_account(journal), self.amount, customer, date),
        ]
        self._post_entry(date, self.env._("Bill %(number)s paid", number=self.name), legs)
        self._match_bill_lines()

    def _post_dishonour(self, date, state):
        """The customer's receivable to whoever has the bill.

        Invoices that are late by now are open again. What had paid items that aren't due yet
        becomes an item of its own: a claim from a dishonoured bill is due at once.
        """
        customer = self.partner_id.commercial_partner_id
        due = min(self.maturity_date, self.company_id._credit_today() - timedelta(days=1))
        reopening, legs = [], []
        receipts = self._receipt_lines()
        for receipt in receipts:
            late = self._late_matches(receipt)
            again = sum(late.mapped("credit_amount_currency")) - receipt.amount_residual_currency
            again = self.currency_id.round(again)
            kept = self.currency_id.round(-receipt.amount_currency - again)
            if again > 0:
                reopening.append((receipt, late, len(legs)))
                legs.append(self._leg(receipt.account_id, again, customer, date))
            if kept > 0:
                legs.append(self._leg(receipt.account_id, kept, customer, due))
        count = len(legs)
        legs += self._holder_legs(date, state)
        text = self.env._("Bill %(number)s dishonoured", number=self.name)
        lines = self._post_entry(date, text, legs)
        for receipt, late, number in reopening:
            late.unlink()
            (receipt | lines[number]).reconcile()
        if state == "received":
            self._match_bill_lines()
        return lines[:count]

    def _post_cancellation(self, date):
        """The entry of the receipt backwards; drafts have none."""
        receipt = self.receipt_move_id
        if not receipt:
            return
        text = self.env._("Bill %(number)s cancelled", number=self.name)
        reversal = receipt._reverse_moves([{"date": date, "ref": text}], cancel=True)
        self._keep({"move_ids": [Command.link(reversal.id)]})

    # ------------------------------------------------------------------ business: their parts

    def _leg(self, account, amount, partner, due):
        """One line: ``amount`` in the bill's currency, debit if positive."""
        return {
            "account_id": account.id,
            "amount_currency": amount,
            "partner_id": partner.id,
            "date_maturity": due,
        }

    def _bill_leg(self, date):
        """The bill leaves our hands."""
        return self._leg(
            self.bill_account_id, -self.amount, self.partner_id.commercial_partner_id, date
        )

    def _holder_legs(self, date, state):
        """Who wants the money back: ourselves, the vendors whom it had paid, or the bank."""
        if state == "received":
            return [self._bill_leg(date)]
        customer = self.partner_id.commercial_partner_id
        if state == "discounted":
            account = self._bank_account(self.bank_journal_id)
            return [self._leg(account, -self.amount, customer, date)]
        vendor = self.endorsee_id.commercial_partner_id
        paid = self.move_ids.line_ids.filtered(
            lambda line: (
                line.account_type == "liability_payable" and line.move_id != self.receipt_move_id
            )
        )
        return [self._leg(line.account_id, -line.amount_currency, vendor, date) for line in paid]

    def _post_entry(self, date, text, legs):
        """Post one entry of these legs; its lines in their order."""
        company = self.company_id
        rounding = company.currency_id
        for leg in legs:
            amount = leg["amount_currency"]
            leg["currency_id"] = self.currency_id.id
            leg["name"] = text
            leg["balance"] = self.currency_id._convert(amount, rounding, company, date)
        # cents that the rates leave over go to the last leg
        legs[-1]["balance"] = rounding.round(-sum(leg["balance"] for leg in legs[:-1]))
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": company._get_credit_bill_journal().id,
                "company_id": company.id,
                "date": date,
                "ref": text,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "line_ids": [Command.create(leg) for leg in legs],
            }
        )
        self._keep({"move_ids": [Command.link(move.id)]})
        move._post(soft=False)
        return move.line_ids.sorted("id")

    def _open_items(self, partner, account_type, moves):
        """The partner's open items, oldest first: of these documents, or all.

        :raise UserError: one of the documents isn't the partner's, or isn't posted
        """
        if any(
            move.commercial_partner_id != partner
            or move.company_id != self.company_id
            or move.state != "posted"
            for move in moves
        ):
            raise UserError(
                self.env._(
                    "The bill pays posted documents of %(partner)s alone. Take the others out.",
                    partner=partner.display_name,
                )
            )
        sign = 1 if account_type == "asset_receivable" else -1
        domain = [
            ("partner_id.commercial_partner_id", "=", partner.id),
            ("company_id", "=", self.company_id.id),
            ("account_id.account_type", "=", account_type),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
        ]
        if moves:
            domain.append(("move_id", "in", moves.ids))
        items = self.env["account.move.line"].search(domain)
        return items.filtered(lambda item: item.amount_residual * sign > 0).sorted(
            lambda item: (item.date_maturity or item.date, item.id)
        )

    def _shares(self, items, own_account, date):
        """``{account: part of the bill's amount}``: as much as the items on it take.

        What no item takes stands on the partner's own account, to be applied later.
        """
        left, shares = self.amount, {}
        for item in items:
            taken = min(left, self._in_bill_currency(item, date))
            if taken > 0:
                shares[item.account_id] = shares.get(item.account_id, 0.0) + taken
                left -= taken
        if self.currency_id.compare_amounts(left, 0.0) > 0:
            shares[own_account] = shares.get(own_account, 0.0) + left
        return {account: self.currency_id.round(share) for account, share in shares.items()}

    def _in_bill_currency(self, item, date):
        if item.currency_id == self.currency_id:
            return abs(item.amount_residual_currency)
        return self.company_id.currency_id._convert(
            abs(item.amount_residual), self.currency_id, self.company_id, date
        )

    def _match(self, lines, items):
        """Each line with the items on its account, oldest first as far as it goes."""
        for line in lines:
            same = items.filtered(
                lambda item, line=line: item.account_id == line.account_id and not item.reconciled
            )
            if same:
                (line | same).reconcile()

    def _match_bill_lines(self):
        """In and out of the bills receivable account belong together."""
        lines = self.move_ids.line_ids.filtered(
            lambda line: line.account_id == self.bill_account_id and not line.reconciled
        )
        lines.filtered("account_id.reconcile").reconcile()

    def _receipt_lines(self):
        """The lines of the receipt that took from the customer's receivable."""
        return self.receipt_move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _late_matches(self, receipt):
        """What the receipt was matched with and is late by now."""
        today = self.company_id._credit_today()
        return receipt.matched_debit_ids.filtered(
            lambda match: (match.debit_move_id.date_maturity or match.debit_move_id.date) < today
        )

    def _bank_account(self, journal):
        """Where money stands until the bank statement shows it, else the bank account itself."""
        methods = journal.inbound_payment_method_line_ids
        return methods.payment_account_id[:1] or journal.default_account_id
