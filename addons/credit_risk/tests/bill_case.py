from datetime import timedelta

from odoo.fields import Command

from .common import CreditCase


class BillCase(CreditCase):
    """A company that takes bills of exchange: an account for them, a bank, a vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        account = cls.env["account.account"]
        cls.bill_account = account.create(
            {
                "code": "112100",
                "name": "Notes Receivable 应收票据",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls.cost_account = account.create(
            {"code": "660300", "name": "Financial Expenses 财务费用", "account_type": "expense"}
        )
        cls.company.write(
            {
                "credit_bill_account_id": cls.bill_account.id,
                "credit_discount_account_id": cls.cost_account.id,
                "receivable_user_id": cls.accountant.id,
            }
        )
        cls.bank = cls.company_data["default_journal_bank"]
        cls.vendor = cls.env["res.partner"].create({"name": "钢材供应商", "is_company": True})

    def _note(self, partner, amount, days=90, **values):
        """A draft bill that matures in ``days`` days."""
        return (
            self.env["credit.bill"]
            .with_user(self.accountant)
            .create(
                {
                    "name": f"1302584000{self.env['credit.bill'].search_count([])}",
                    "partner_id": partner.id,
                    "amount": amount,
                    "maturity_date": self.today + timedelta(days=days),
                    **values,
                }
            )
        )

    def _received(self, partner, amount, days=90, **values):
        bill = self._note(partner, amount, days, **values)
        bill.action_receive()
        return bill

    def _vendor_bill(self, amount):
        move = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "钢", "price_unit": amount, "tax_ids": [Command.clear()]}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _parts(self, partner):
        account = self._account(partner)
        return account.receivable, account.bills, account.open_orders, account.exposure

    def _balance(self, bill, account):
        lines = bill.sudo().move_ids.line_ids
        return sum(lines.filtered(lambda line: line.account_id == account).mapped("balance"))

    def _decisions(self, bill):
        return (
            self.env["suite.decision"]
            .search(
                [
                    ("kind", "=", "credit.bill"),
                    ("res_model", "=", "credit.bill"),
                    ("res_id", "=", bill.id),
                ],
                order="id",
            )
            .mapped("outcome")
        )
