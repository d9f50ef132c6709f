from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import SuiteCase


@tagged("post_install", "-at_install")
class TestDecisionAccess(SuiteCase):
    """A decision is as secret as its document, and each of its values as its own record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_partner = cls.env["res.partner"].create(
            {"name": "Foreign", "company_id": cls.other_company.id}
        )
        cls.foreign = cls.record(cls.foreign_partner)
        cls.other = cls.record(cls.partner, company_id=cls.other_company.id)
        cls.parameter = cls.env["ir.config_parameter"].sudo().create({"key": "s.x", "value": "42"})
        cls.secret = cls.record(cls.parameter)
        cls.all = cls.decision + cls.foreign + cls.other + cls.secret

    def _found(self, user):
        return self.decisions.with_user(user).search([("id", "in", self.all.ids)])

    def test_search(self):
        """A user finds decisions about readable documents of his companies only."""
        self.assertEqual(self._found(self.user), self.decision)
        self.assertEqual(self._found(self.colleague), self.decision)
        self.assertEqual(self._found(self.auditor), self.decision + self.foreign + self.secret)
        self.assertEqual(self._found(self.env.ref("base.user_root")), self.all)

    def test_count_and_groups(self):
        """Counting and grouping see no more than searching (order, limit and offset neither)."""
        decisions = self.decisions.with_user(self.user)
        domain = [("id", "in", self.all.ids)]
        self.assertEqual(decisions.search_count(domain), 1)
        self.assertEqual(
            decisions._read_group(domain, ["res_model"], ["__count"]), [("res.partner", 1)]
        )
        self.assertEqual(decisions.search(domain, limit=1, order="id desc"), self.decision)
        self.assertFalse(decisions.search(domain, offset=1))

    def test_read_by_id(self):
        """Reading by a guessed id is refused like searching."""
        for decision in self.foreign + self.other + self.secret:
            with self.assertRaises(AccessError):
                decision.with_user(self.user).read(["kind", "explanation", "inputs"])
            with self.assertRaises(AccessError):
                call_kw(decision.with_user(self.user).browse(), "read", [decision.ids], {})
        self.assertEqual(self.decision.with_user(self.user).read(["kind"])[0]["kind"], "pool.move")

    def test_deleted_document(self):
        """When the document is gone, only auditors still read the decision."""
        self.parameter.unlink()
        self.assertFalse(self.secret.with_user(self.user).has_access("read"))
        self.assertTrue(self.secret.with_user(self.auditor).has_access("read"))
        self.assertIn(self.secret, self._found(self.auditor))

    def test_unknown_model(self):
        """A decision of an addon that is gone is still readable to auditors, and harmless."""
        decision = self.decisions._record(
            [
                {
                    "kind": "old.kind",
                    "res_model": "no.such.model",
                    "res_id": 7,
                    "company_id": self.company.id,
                    "inputs": [{"model": "no.such.model", "id": 7, "field": "x", "value": 1}],
                }
            ]
        )
        seen = decision.with_user(self.auditor)
        self.assertEqual(seen.document_name, "no.such.model #7 (deleted)")
        self.assertEqual(seen.input_lines[0]["label"], "X")
        self.assertIn(("old.kind", "old.kind"), seen._selection_kind())
        self.assertFalse(self.decisions.with_user(self.user).search([("id", "=", decision.id)]))

    def test_portal(self):
        """Portal users have no business here."""
        with self.assertRaises(AccessError):
            self.decision.with_user(self.portal).read(["kind"])
        with self.assertRaises(AccessError):
            self.decisions.with_user(self.portal).search([])

    def test_inputs_are_masked(self):
        """A value of a record or field that the reader may not read is left out."""
        decision = self.record(
            self.partner,
            inputs=[
                {"model": "res.partner", "id": self.partner.id, "field": "color", "value": 3},
                {
                    "model": "res.partner",
                    "id": self.foreign_partner.id,
                    "field": "name",
                    "value": "Foreign",
                },
                {"model": "ir.config_parameter", "id": self.parameter.id, "field": "value",
                 "value": "42"},
                {"model": "suite.decision", "id": self.decision.id, "field": "input_values",
                 "value": "p"},
                {"model": False, "id": False, "field": "threshold", "value": 9},
            ],
        )  # fmt: skip
        seen = decision.with_user(self.user).inputs
        self.assertEqual([line["value"] for line in seen], [3, None, None, None, 9])
        lines = decision.with_user(self.user).input_lines
        self.assertNotIn("Foreign", str(lines))
        self.assertEqual([line["link"] for line in lines], [True, False, False, True, False])
        audited = decision.with_user(self.auditor).inputs
        self.assertEqual([line["value"] for line in audited], [3, "Foreign", "42", "p", 9])

    def test_raw_values_are_closed(self):
        """The unmasked columns can't be read, searched or grouped by users, by any call."""
        decision = self.decision.with_user(self.user)
        for name in ("input_values", "explanation_args", "explanation_source"):
            with self.assertRaises(AccessError):
                decision.read([name])
            with self.assertRaises(AccessError):
                decision.export_data([name]) if self.user.has_group(
                    "base.group_allow_export"
                ) else decision.read([name])
        with self.assertRaises(AccessError):
            decision.search([("explanation_source", "ilike", "x")])

    def test_answer_needs_the_document(self):
        """Who can't change the document can't answer: not a reader, not an auditor."""
        for user in (self.colleague, self.auditor):
            with self.assertRaises(AccessError):
                self.decision.with_user(user).action_accept()
            self.assertFalse(self.decision.with_user(user).can_answer)
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.user).action_answer("accepted")
        self.assertTrue(self.decision.with_user(self.user).can_answer)

    def test_remote_calls(self):
        """By remote call there is neither recording, nor answering for others, nor a ledger."""
        decisions = self.decisions.with_user(self.admin)
        for method, args in (
            ("_record", [[{"kind": "x"}]]),
            ("_answer", [self.decision.ids, "accepted"]),
            ("create", [{"kind": "x", "user_id": self.admin.id}]),
            ("write", [self.decision.ids, {"outcome": "x"}]),
            ("unlink", [self.decision.ids]),
        ):
            with self.assertRaises(AccessError):
                call_kw(decisions, method, args, {})
        ledger = self.ledger.with_user(self.admin)
        with self.assertRaises(AccessError):
            call_kw(ledger, "_append", ["x", {}, self.company.id], {})
