from odoo.tests import tagged
from odoo.tools.translate import LazyTranslate

from .common import SuiteCase

# not named _lt: texts of tests are no texts of the product
lazy = LazyTranslate("odoo.addons.suite_base")


@tagged("post_install", "-at_install")
class TestExplanation(SuiteCase):
    """Explanations are told in the reader's language and number formats."""

    def _told(self, explanation, lang="en_US", user=None):
        decision = self.record(self.partner, explanation=explanation)
        return decision.with_user(user or self.user).with_context(lang=lang).explanation

    def test_both_languages(self):
        """One record, read in two languages: text, date and labels follow the reader."""
        decision = self.record(
            self.partner, explanation=lazy("%(user)s has already answered.", user="李雷")
        ).with_user(self.user)
        english = decision.with_context(lang="en_US")
        chinese = decision.with_context(lang="zh_CN")
        self.assertEqual(english.explanation, "李雷 has already answered.")
        self.assertEqual(chinese.explanation, "李雷已经答复。")
        for records, kind, outcome in (
            (english, "Customer pool", "Moved"),
            (chinese, "客户池", "已转移"),
        ):
            texts = records.fields_get(["kind", "outcome"], ["selection"])
            self.assertEqual(dict(texts["kind"]["selection"])["pool.move"], kind)
            self.assertEqual(dict(texts["outcome"]["selection"])["moved"], outcome)

    def test_arguments(self):
        """Amounts, quantities, dates, percentages and records in the reader's format."""
        currency = self.env.ref("base.EUR")
        currency.active = True
        self.env["res.lang"]._lang_get("en_US").date_format = "%m/%d/%Y"
        explanation = lazy(
            "%(amount)s, %(free)s, %(number)s, %(percent)s, %(date)s, %(partner)s, %(list)s",
            amount={"amount": 1234567.5, "currency_id": currency.id},
            free={"amount": -0.5, "currency_id": False},
            number=12345.67,
            percent={"percent": 12.5},
            date={"date": "2026-03-09"},
            partner={"model": "res.partner", "id": self.partner.id},
            list=["a", "b"],
        )
        self.assertEqual(
            self._told(explanation).replace("\xa0", " ").replace("\u200b", ""),
            "1,234,567.50 €, -0.50, 12,345.67, 12.5%, 03/09/2026, 宏远机械, a and b",
        )

    def test_nested_text(self):
        """An argument can be a text that is translated as well."""
        reason = lazy("Only auditors and administrators may do this.")
        explanation = lazy("%(user)s has already answered.", user=reason)
        self.assertEqual(
            self._told(explanation, "zh_CN"), "只有审计员和管理员可以这样做。已经答复。"
        )

    def test_percent_sign(self):
        """Text without arguments is shown as it is, also with a percent sign."""
        self.assertEqual(self._told("Discount 5 %"), "Discount 5 %")
        self.assertEqual(self._told(""), "")

    def test_number_placeholder(self):
        """A numeric placeholder of an old text still works."""
        self.assertEqual(self._told(lazy("%(n)d days", n=3)), "3 days")

    def test_misfit_never_fails(self):
        """Arguments that don't fit, unknown modules and deleted records break no list."""
        with self.assertLogs("odoo.addons.suite_base.tools.explanation", "WARNING"):
            self.assertEqual(self._told(lazy("Value %(missing)s", other=1)), "Value %(missing)s")
        gone = LazyTranslate("odoo.addons.no_such_addon")
        self.assertEqual(self._told(gone("Lot of %(n)s", n=4), "zh_CN"), "Lot of 4")
        self.assertEqual(
            self._told(lazy("%(p)s", p={"model": "res.partner", "id": 2**31 - 1})),
            "Contact #2147483647 (deleted)",
        )
        self.assertEqual(
            self._told(lazy("%(p)s", p={"model": "no.model", "id": 1, "name": "Old"})), "Old"
        )

    def test_protected_record(self):
        """A record out of the reader's reach is not named."""
        foreign = self.env["res.partner"].create(
            {"name": "Secret Ltd", "company_id": self.other_company.id}
        )
        explanation = lazy("Same as %(p)s", p={"model": "res.partner", "id": foreign.id})
        self.assertEqual(self._told(explanation), "Same as Contact (protected)")

    def test_list_is_read_in_few_statements(self):
        """Eighty decisions about eighty records are told with a fixed number of statements."""
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(80)])
        decisions = self.decisions._record(
            [
                {
                    "kind": "pool.move",
                    "record": partner,
                    "company_id": self.company.id,
                    "explanation": lazy("%(p)s", p={"model": "res.partner", "id": partner.id}),
                    "inputs": [
                        {"model": "res.partner", "id": partner.id, "field": "name", "value": "P"}
                    ],
                }
                for partner in partners
            ]
        ).with_user(self.user)
        self.env.invalidate_all()
        decisions.mapped("kind")
        statements = self.env.cr.sql_log_count
        decisions.read(["explanation", "document_name", "input_lines", "rule_label", "can_answer"])
        self.assertLess(self.env.cr.sql_log_count - statements, 40)
