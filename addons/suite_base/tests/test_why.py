from odoo import models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .common import SuiteCase


@tagged("post_install", "-at_install")
class TestWhy(SuiteCase):
    """The mixin's count and dialog, on contact tags as the document."""

    def setUp(self):
        super().setUp()
        model_class = self.registry["res.partner.category"]
        bases = model_class._base_classes__

        class Category(models.Model):
            _module = None
            _name = "res.partner.category"
            _inherit = ["res.partner.category", "suite.decision.mixin"]

        add_to_registry(self.registry, Category)
        self.registry._setup_models__(self.env.cr, ["res.partner.category"])

        def restore():
            model_class._base_classes__ = bases
            self.registry._setup_models__(self.env.cr, ["res.partner.category"])

        self.addCleanup(restore)
        self.tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])

    def test_count(self):
        """The count is right at once after recording, a batch costs one statement."""
        first, second = self.tags.with_user(self.user).with_company(self.company)
        self.assertEqual(first.decision_count, 0)
        self.record(self.tags[0])
        self.record(self.tags[0])
        self.record(self.tags[1])
        self.assertEqual((first.decision_count, second.decision_count), (2, 1))
        self.tags.invalidate_recordset(["decision_count"])
        self.env.user.has_group("base.group_user")
        tags = self.tags.with_user(self.user)
        tags.mapped("name")
        with self.assertQueryCount(1):
            tags.mapped("decision_count")

    def test_count_of_other_companies(self):
        """Decisions of other companies aren't counted, for they can't be seen."""
        self.record(self.tags[0], company_id=self.other_company.id)
        self.assertEqual(self.tags[0].with_user(self.user).decision_count, 0)

    def test_dialog(self):
        """The dialog shows exactly the document's decisions."""
        decision = self.record(self.tags[0])
        self.record(self.tags[1])
        action = self.tags[0].with_user(self.user).action_why()
        self.assertEqual((action["res_model"], action["target"]), ("suite.decision", "new"))
        found = self.decisions.with_user(self.user).search(action["domain"])
        self.assertEqual(found, decision)
