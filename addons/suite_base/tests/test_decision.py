import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SuiteCase


@tagged("post_install", "-at_install")
class TestDecision(SuiteCase):
    """What is recorded stays as it is; only the answer can be given."""

    def test_recorded_values(self):
        """All of the contract's fields come back as recorded."""
        decision = self.record(self.partner, partner_id=self.partner.id).with_user(self.user)
        self.assertEqual(decision.kind, "pool.move")
        self.assertEqual((decision.res_model, decision.res_id), ("res.partner", self.partner.id))
        self.assertEqual(decision.partner_id, self.partner)
        self.assertEqual(decision.company_id, self.company)
        self.assertEqual(decision.outcome, "moved")
        self.assertEqual(decision.explanation, "Moved")
        self.assertEqual((decision.rule, decision.rule_version), ("pool:won", "2"))
        self.assertEqual(
            decision.inputs,
            [{"model": "res.partner", "id": self.partner.id, "field": "color", "value": 3}],
        )
        self.assertEqual(decision.user_id, self.env.user)
        self.assertFalse(decision.answer or decision.answered_by_id or decision.answer_reason)

    def test_recorded_by_a_user(self):
        """A decision that a user's act triggers is recorded in his name, without rights."""
        decision = self.decisions.with_user(self.colleague)._record(
            [{"kind": "pool.move", "record": self.partner.with_user(self.colleague)}]
        )
        self.assertEqual(decision.sudo().user_id, self.colleague)
        self.assertEqual(decision.env.user, self.colleague)
        self.assertFalse(decision.env.su)

    def test_company_of_the_document(self):
        """Without a company given, the decision belongs to its document's company."""
        self.partner.company_id = self.other_company
        decision = self.decisions._record([{"kind": "pool.move", "record": self.partner}])
        self.assertEqual(decision.company_id, self.other_company)

    def test_defaults_of_the_context_stay_out(self):
        """A default in the caller's context doesn't slip into the record."""
        decision = self.decisions.with_context(
            default_answer="accepted", default_rule="forged"
        )._record([{"kind": "pool.move", "record": self.partner}])
        self.assertFalse(decision.answer or decision.rule)

    def test_create_refused(self):
        """Nobody creates decisions but the rules: not a user, the administrator or sudo."""
        values = {"kind": "pool.move", "user_id": self.env.uid}
        for records in (
            self.decisions.with_user(self.user),
            self.decisions.with_user(self.admin),
            self.decisions.sudo(),
            self.decisions.with_context(install_mode=True, module="suite_base"),
        ):
            with self.assertRaises(AccessError):
                records.create(values)
        with self.assertRaises(AccessError):
            self.decision.copy()
        with self.assertRaises(AccessError):
            self.decisions.name_create("pool.move")

    def test_import_refused(self):
        """The import can't create decisions either."""
        before = self.decisions.search_count([])
        try:
            result = self.decisions.with_user(self.admin).load(
                ["kind", "user_id/.id"], [["pool.move", str(self.env.uid)]]
            )
            self.assertFalse(result["ids"])
        except AccessError:
            pass  # refused as a whole, as well
        self.assertEqual(self.decisions.search_count([]), before)

    def test_write_refused(self):
        """No field but the answer can be changed, whoever asks, one field or several."""
        for values in (
            {"outcome": "kept"},
            {"explanation_source": "x"},
            {"input_values": []},
            {"create_date": "2020-01-01 00:00:00"},
            {"user_id": self.user.id},
            {"partner_id": False},
            {"answer": "accepted", "rule": "other"},
        ):
            for env_user in (self.user, self.admin, self.env.ref("base.user_root")):
                with self.assertRaises(AccessError):
                    self.decision.with_user(env_user).write(values)
            with self.assertRaises(AccessError):
                self.decision.sudo().write(values)
        with self.assertRaises(AccessError):
            self.decision.outcome = "kept"
        self.assertEqual(self.decision.outcome, "moved")

    def test_unlink_refused(self):
        """Nobody deletes a decision through the framework."""
        for records in (
            self.decision.with_user(self.user),
            self.decision.with_user(self.admin),
            self.decision.sudo(),
        ):
            with self.assertRaises(AccessError):
                records.unlink()
        self.assertTrue(self.decision.exists())

    def test_outlives_document(self):
        """The decision stays when its document and its partner are deleted."""
        category = self.env["res.partner.category"].create({"name": "A"})
        partner = self.env["res.partner"].create({"name": "Gone"})
        decision = self.record(category, partner_id=partner.id)
        number = category.id
        (category + self.env["res.partner.category"]).unlink()
        partner.unlink()
        self.env.invalidate_all()
        self.assertEqual(decision.exists().res_id, number)
        self.assertFalse(decision.partner_id)
        self.assertIn("deleted", decision.with_context(lang="en_US").document_name)
        with self.assertRaises(UserError):
            decision.action_open_document()

    def test_answer(self):
        """Who may change the document answers; his name is noted."""
        decision = self.decision.with_user(self.user)
        decision.action_answer("overruled", " Too early ")
        self.assertEqual(decision.answer, "overruled")
        self.assertEqual(decision.answered_by_id, self.user)
        self.assertEqual(decision.answer_reason, "Too early")
        decision.action_accept()
        self.assertEqual((decision.answer, decision.answer_reason), ("accepted", False))

    def test_answer_is_checked(self):
        """No unknown answer, no overruling without a reason, not in another's name."""
        decision = self.decision.with_user(self.user)
        for answer, reason in (("maybe", "x"), ("", "x"), ("overruled", "  "), ("overruled", None)):
            with self.assertRaises(UserError):
                decision.action_answer(answer, reason)
        with self.assertRaises(AccessError):
            decision.write({"answer": "accepted", "answered_by_id": self.colleague.id})
        self.assertFalse(decision.answer)

    def test_answer_of_another_stays(self):
        """A second user can't replace an answer; an administrator can, in his own name."""
        self.decision.with_user(self.user).action_accept()
        self.colleague.group_ids += self.env.ref("base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.decision.with_user(self.colleague).action_answer("overruled", "No")
        self.decision.with_user(self.admin).action_answer("overruled", "No")
        self.assertEqual(self.decision.answered_by_id, self.admin)

    def test_answer_rule_holds_for_plain_writes(self):
        """Writing the fields by RPC is the same act: overruling needs a why, nothing is wiped."""
        decision = self.decision.with_user(self.user)
        for vals in ({"answer": "overruled"}, {"answer": "perhaps"}, {"answer_reason": "x"}):
            with self.assertRaises(UserError):
                decision.write(vals)
        decision.write({"answer": "overruled", "answer_reason": "Wrong price"})
        self.assertEqual((decision.answer, decision.answered_by_id), ("overruled", self.user))
        for vals in ({"answer": False}, {"answer_reason": False}):
            with self.assertRaises(UserError):
                decision.write(vals)

    def test_wizard(self):
        """The dialog of "Overrule" gives the answer with its reason."""
        action = self.decision.with_user(self.user).action_overrule()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.user)
            .with_context(**action["context"])
            .create({"reason": "Known customer"})
        )
        wizard.action_confirm()
        self.assertEqual(self.decision.answer, "overruled")
        self.assertEqual(self.decision.answer_reason, "Known customer")

    def test_bulk_is_fast(self):
        """Ten thousand decisions take at most 150 statements (and stay far below 2 ms each)."""
        values = [
            {
                "kind": "supply.line",
                "record": self.partner,
                "explanation": "Line",
                "inputs": [{"model": "res.partner", "id": 1, "field": "name", "value": n}],
            }
            for n in range(10_000)
        ]
        started, statements = time.monotonic(), self.env.cr.sql_log_count
        decisions = self.decisions._record(values)
        self.env.flush_all()
        self.assertEqual(len(decisions), 10_000)
        self.assertLess(self.env.cr.sql_log_count - statements, 150)
        self.assertLess((time.monotonic() - started) / 10_000, 0.02)
        self.assertEqual(decisions[4321].inputs[0]["value"], 4321)

    def test_empty_list(self):
        """Recording nothing is no error."""
        self.assertFalse(self.decisions._record([]))
