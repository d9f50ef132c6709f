from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .attack_case import AttackCase

ROLES = ("salesman", "sales_boss", "accountant", "controller", "manager", "storekeeper", "portal")

# Rights on the credit of one's own customer, in the order of ROLES: r read, w write, c create,
# d delete. Below each "r" of the salesman stands what he may not see of others' customers: the
# tests of TestOthersCustomers.
MATRIX = """
                      salesman  sales_boss  accountant  controller  manager  storekeeper  portal
credit.account        r---      r---        r---        r---        rwc-     ----         ----
credit.hold           r---      r---        r---        r---        r---     ----         ----
credit.limit.line     ----      ----        r---        r---        rwcd     ----         ----
credit.group          r---      r---        r---        r---        rwcd     ----         ----
credit.policy         r---      r---        r---        r---        rwcd     ----         ----
credit.rule           ----      ----        r---        r---        rwcd     ----         ----
credit.bill           r---      r---        rwcd        rwcd        rwcd     ----         ----
receivable.item       r---      r---        r---        r---        r---     ----         ----
receivable.warning    ----      ----        r---        r---        r---     ----         ----
suite.decision        r---      r---        r---        rw--        rw--     r---         ----
suite.ledger.entry    ----      ----        ----        ----        ----     ----         ----
sale.order            rwc-      rwcd        r---        r---        r---     r---         r---
sale.order.line       rwcd      rwcd        r---        r---        r---     r---         r---
res.company           r---      r---        r---        r---        r---     r---         r---
"""

# Models that a salesperson may read without a rule of his own: names and nothing else.
OPEN_TO_SALES = {"credit.group", "credit.policy"}
LETTERS = {"read": "r", "write": "w", "create": "c", "unlink": "d"}


@tagged("post_install", "-at_install")
class TestRoleMatrix(AttackCase):
    """Who may do what with the records of credit, asked and tried."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(su=True)
        cls.portal = new_test_user(
            cls.env, "credit_portal", "base.group_portal", company_id=cls.company.id
        )
        cls.portal.partner_id.parent_id = cls.poor
        cls.poor.user_id = cls.salesman
        cls.order.message_subscribe(cls.portal.partner_id.ids)
        account = cls.account
        policy = env["credit.policy"].create({"name": "Trader 贸易"})
        group = env["credit.group"].create({"name": "Group 集团"})
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.poor.id,
                "invoice_user_id": cls.salesman.id,
                "invoice_line_ids": [Command.create({"name": "货", "price_unit": 70.0})],
            }
        )
        invoice.action_post()
        line = invoice.line_ids.filtered(lambda rec: rec.account_type == "asset_receivable")
        cls.records = {
            "credit.account": account,
            "credit.hold": cls.hold,
            "credit.limit.line": env["credit.limit.line"].create(
                {"account_id": account.id, "kind": "insured", "amount": 5.0}
            ),
            "credit.group": group,
            "credit.policy": policy,
            "credit.rule": env["credit.rule"].create({"policy_id": policy.id}),
            "credit.bill": env["credit.bill"].create(
                {
                    "name": "B1",
                    "partner_id": cls.poor.id,
                    "amount": 5.0,
                    "maturity_date": cls.today,
                }
            ),
            "receivable.item": env["receivable.item"].search(
                [("move_id", "=", invoice.id)], limit=1
            ),
            "receivable.warning": env["receivable.warning"].create(
                {"line_id": line[:1].id, "stage": 0}
            ),
            "suite.decision": env["suite.decision"].search(
                [("res_model", "=", "sale.order"), ("res_id", "=", cls.order.id)], limit=1
            ),
            "suite.ledger.entry": env["suite.ledger.entry"].search([], limit=1),
            "sale.order": cls.order,
            "sale.order.line": cls.order.order_line,
            "res.company": cls.company,
        }
        cls.env.flush_all()

    def _table(self):
        """``{(model, role): rights}`` as written above."""
        rows = [line.split() for line in MATRIX.strip().splitlines()]
        self.assertEqual(tuple(rows[0]), ROLES)
        return {
            (model, role): rights
            for model, *cells in rows[1:]
            for role, rights in zip(ROLES, cells, strict=True)
        }

    def _rights(self, model, role):
        record = self.records[model].with_user(getattr(self, role))
        return "".join(
            letter if record.has_access(operation) else "-" for operation, letter in LETTERS.items()
        )

    def test_table(self):
        """7 roles × 14 models × 4 rights: exactly what the table says."""
        table = self._table()
        self.assertEqual(set(self.records), {model for model, __ in table})
        found = {key: self._rights(*key) for key in table}
        wrong = [
            f"{model} as {role}: {found[model, role]}, not {rights}"
            for (model, role), rights in table.items()
            if found[model, role] != rights
        ]
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_refusals(self):
        """What the table refuses is refused by real calls: read, write, create, delete."""
        passed = []
        for (model, role), rights in self._table().items():
            record = self.records[model].with_user(getattr(self, role))
            for operation, letter in LETTERS.items():
                if letter not in rights and self._works(record, operation):
                    passed.append(f"{model} as {role}: {operation}")
        self.assertFalse(passed, "\n" + "\n".join(passed))

    def _works(self, record, operation):
        values = record.sudo().copy_data()[0] if record.sudo()._auto else {}
        name = next(
            name
            for name, field in record._fields.items()
            if field.store and field.type in ("char", "integer", "boolean", "text", "monetary")
            if not field.groups
        )
        calls = {
            "read": lambda: record.read(["display_name"]),
            "write": lambda: record.write({name: record.sudo()[name]}),
            "create": lambda: record.create(values),
            "unlink": record.unlink,
        }
        try:
            with self.env.cr.savepoint():
                calls[operation]()
        except (AccessError, UserError, ValueError):
            self.env.invalidate_all()
            return False
        return True

    def test_every_model_is_ruled(self):
        """No model of the addon is open to salespeople without a rule about whose it is."""
        group = self.env.ref("sales_team.group_sale_salesman")
        names = self.env["ir.model.data"].search(
            [("module", "=", "credit_risk"), ("model", "=", "ir.model")]
        )
        models = self.env["ir.model"].browse(names.mapped("res_id"))
        own = models.filtered(lambda rec: rec.model.startswith(("credit.", "receivable.")))
        free = []
        for model in own.filtered(lambda rec: not rec.transient and not rec.abstract):
            salesman = self.env[model.model].with_user(self.salesman)
            rules = self.env["ir.rule"].search(
                [("model_id", "=", model.id), ("groups", "in", group.ids)]
            )
            if salesman.has_access("read") and not rules:
                free.append(model.model)
        self.assertEqual(set(free) - OPEN_TO_SALES, set())
